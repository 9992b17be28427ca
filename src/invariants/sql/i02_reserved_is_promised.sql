SELECT l.store_id, l.id,
       'a level has ' || l.reserved || ' reserved, and ' || COALESCE(p.units, 0) || ' are promised' AS says
FROM inventory_levels l
LEFT JOIN (
    SELECT store_id, level_id, SUM(quantity) AS units
    FROM stock_reservations
    WHERE kind = 'PROMISE'
    GROUP BY store_id, level_id
) p ON p.store_id = l.store_id AND p.level_id = l.id
WHERE l.reserved <> COALESCE(p.units, 0)
