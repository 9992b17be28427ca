-- Where an order stands is what its history says last, and what was paid and sent of it agrees.
SELECT o.store_id, o.id,
       'order ' || o.number || ' stands at ' || s.status || ', and its history at ' || COALESCE(h.to_status, 'nothing')
       AS says
FROM orders o
JOIN (
    SELECT store_id, id, 'ORDER' AS kind, status FROM orders
    UNION ALL SELECT store_id, id, 'PAYMENT', payment_status FROM orders
    UNION ALL SELECT store_id, id, 'FULFILLMENT', fulfillment_progress FROM orders
    UNION ALL SELECT store_id, id, 'RETURN', return_progress FROM orders
) s ON s.store_id = o.store_id AND s.id = o.id
LEFT JOIN (
    SELECT store_id, order_id, kind, to_status,
           ROW_NUMBER() OVER (PARTITION BY store_id, order_id, kind ORDER BY order_version DESC) AS place
    FROM order_status_history
) h ON h.store_id = o.store_id AND h.order_id = o.id AND h.kind = s.kind AND h.place = 1
WHERE h.to_status IS NULL OR h.to_status <> s.status
UNION ALL
SELECT o.store_id, o.id, 'order ' || o.number || ' is not below the next number, ' || n.next_number
FROM orders o
LEFT JOIN order_numbers n ON n.store_id = o.store_id
WHERE n.next_number IS NULL OR o.number >= n.next_number
UNION ALL
SELECT o.store_id, o.id, 'order ' || o.number || ' of ' || o.total || ' is paid with ' || COALESCE(SUM(p.captured), 0)
FROM orders o
LEFT JOIN order_payments p ON p.store_id = o.store_id AND p.order_id = o.id
GROUP BY o.store_id, o.id, o.number, o.total, o.payment_status
HAVING o.payment_status = 'PAID' AND COALESCE(SUM(p.captured), 0) < o.total
