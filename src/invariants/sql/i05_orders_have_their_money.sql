-- What a payment has come to stands on its order, once somebody has seen to it; and nobody's money is kept.
SELECT p.store_id, p.id,
       'a payment has ' || p.captured || ' captured and ' || p.refunded || ' given back, and its order knows of '
       || COALESCE(o.captured, 0) || ' and ' || COALESCE(o.refunded, 0) AS says
FROM payments p
LEFT JOIN order_payments o ON o.store_id = p.store_id AND o.order_id = p.order_id AND o.payment_id = p.id
WHERE p.followed = TRUE AND p.order_id IS NOT NULL
  AND (o.payment_id IS NULL OR o.authorized <> p.authorized OR o.captured <> p.captured OR o.voided <> p.voided
       OR o.refunded <> p.refunded OR o.refunding <> p.refunding)
UNION ALL
SELECT o.store_id, o.order_id, 'an order is paid with ' || o.captured || ' of a payment that is another''s'
FROM order_payments o
JOIN payments p ON p.store_id = o.store_id AND p.id = o.payment_id
WHERE p.order_id IS NULL OR p.order_id <> o.order_id
UNION ALL
SELECT p.store_id, p.id,
       'a payment of ' || p.captured || ' belongs to no order, and ' || (p.refunded + p.refunding) || ' are given back'
FROM payments p
JOIN checkout_attempts a ON a.store_id = p.store_id AND a.payment_id = p.id
WHERE p.followed = TRUE AND p.review IS NULL AND p.order_id IS NULL AND p.captured > p.refunded + p.refunding
  AND a.fate IN ('KEPT', 'NOT_MADE', 'UNDONE')
UNION ALL
SELECT o.store_id, o.id,
       'order ' || o.number || ' of ' || o.total || ' is paid with ' || SUM(p.captured) || ' of its payments'
FROM orders o
JOIN order_payments p ON p.store_id = o.store_id AND p.order_id = o.id
LEFT JOIN payments q ON q.store_id = p.store_id AND q.id = p.payment_id
WHERE o.payment_status = 'PAID'
GROUP BY o.store_id, o.id, o.number, o.total
HAVING SUM(p.captured - p.refunded - p.refunding) <> o.total AND COUNT(q.review) = 0
