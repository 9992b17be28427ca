-- What each row of an order says by itself is held by its checks; here it is held against what hangs on it (rule T4).
SELECT o.store_id, o.id,
       'order ' || o.number || ' costs ' || o.subtotal || ' − ' || o.discount || ', net ' || o.net || ', tax ' || o.tax
       || ', and its lines ' || COALESCE(l.price, 0) || ' − ' || COALESCE(l.discount, 0) || ', net '
       || (COALESCE(l.net, 0) + COALESCE(s.net, 0)) || ', tax ' || (COALESCE(l.tax, 0) + COALESCE(s.tax, 0)) AS says
FROM orders o
LEFT JOIN (
    SELECT store_id, order_id, SUM(price) AS price, SUM(discount) AS discount, SUM(net) AS net, SUM(tax) AS tax,
           SUM(tax_exempted) AS exempted
    FROM order_lines GROUP BY store_id, order_id
) l ON l.store_id = o.store_id AND l.order_id = o.id
LEFT JOIN (
    SELECT store_id, order_id, SUM(price) AS price, SUM(discount) AS discount, SUM(net) AS net, SUM(tax) AS tax,
           SUM(tax_exempted) AS exempted
    FROM order_shipping_lines GROUP BY store_id, order_id
) s ON s.store_id = o.store_id AND s.order_id = o.id
LEFT JOIN (
    SELECT store_id, order_id, SUM(tax) AS tax FROM order_taxes GROUP BY store_id, order_id
) t ON t.store_id = o.store_id AND t.order_id = o.id
LEFT JOIN (
    SELECT store_id, order_id,
           SUM(CASE WHEN phase = 'SHIPPING' THEN 0 ELSE amount END) AS of_lines,
           SUM(CASE WHEN phase = 'SHIPPING' THEN amount ELSE 0 END) AS of_shipping
    FROM order_discounts GROUP BY store_id, order_id
) d ON d.store_id = o.store_id AND d.order_id = o.id
WHERE o.subtotal <> COALESCE(l.price, 0)
   OR o.discount <> COALESCE(l.discount, 0)
   OR o.shipping_price <> COALESCE(s.price, 0)
   OR o.shipping_discount <> COALESCE(s.discount, 0)
   OR o.net <> COALESCE(l.net, 0) + COALESCE(s.net, 0)
   OR o.tax <> COALESCE(l.tax, 0) + COALESCE(s.tax, 0)
   OR o.tax_exempted <> COALESCE(l.exempted, 0) + COALESCE(s.exempted, 0)
   OR o.tax <> COALESCE(t.tax, 0)
   OR o.discount <> COALESCE(d.of_lines, 0)
   OR o.shipping_discount <> COALESCE(d.of_shipping, 0)
UNION ALL
SELECT l.store_id, l.id,
       'an order line gets ' || l.discount || ' off, and its discounts come to ' || COALESCE(SUM(d.amount), 0)
FROM order_lines l
LEFT JOIN order_discounts d ON d.store_id = l.store_id AND d.line_id = l.id
GROUP BY l.store_id, l.id, l.discount
HAVING l.discount <> COALESCE(SUM(d.amount), 0)
