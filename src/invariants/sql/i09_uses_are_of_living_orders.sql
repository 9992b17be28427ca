-- A counter is what its uses add up to, and never above its limit. An order that was called off uses nothing.
SELECT c.store_id, c.id,
       'a code was used ' || c.used || ' times, and ' || COUNT(r.order_id) || ' orders use it' AS says
FROM discount_codes c
LEFT JOIN code_redemptions r ON r.store_id = c.store_id AND r.code_id = c.id AND r.canceled_at IS NULL
GROUP BY c.store_id, c.id, c.used, c.usage_limit
HAVING c.used <> COUNT(r.order_id) OR c.used > COALESCE(c.usage_limit, c.used)
UNION ALL
SELECT r.store_id, r.order_id, 'order ' || o.number || ' was called off, and uses a code'
FROM code_redemptions r
JOIN orders o ON o.store_id = r.store_id AND o.id = r.order_id
WHERE r.canceled_at IS NULL AND o.canceled_at IS NOT NULL
UNION ALL
SELECT a.store_id, a.order_id, 'order ' || o.number || ' was called off, and uses a promotion'
FROM applied_promotions a
JOIN orders o ON o.store_id = a.store_id AND o.id = a.order_id
WHERE a.canceled_at IS NULL AND o.canceled_at IS NOT NULL
