SELECT l.store_id, l.id,
       'a level has ' || l.on_hand || ' on hand and ' || l.reserved || ' reserved after ' || l.sequence
       || ' movements, and ' || COALESCE(m.movements, 0) || ' movements come to ' || COALESCE(m.on_hand, 0)
       || ' and ' || COALESCE(m.reserved, 0) AS says
FROM inventory_levels l
LEFT JOIN (
    SELECT store_id, level_id, COUNT(*) AS movements, SUM(delta) AS on_hand, SUM(reserved_delta) AS reserved
    FROM inventory_movements
    GROUP BY store_id, level_id
) m ON m.store_id = l.store_id AND m.level_id = l.id
WHERE l.on_hand <> COALESCE(m.on_hand, 0)
   OR l.reserved <> COALESCE(m.reserved, 0)
   OR l.sequence <> COALESCE(m.movements, 0)
