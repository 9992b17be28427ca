-- A level that owes says so: more is promised from it than there is, and that was sold ahead.
SELECT l.store_id, l.id,
       'a level has ' || l.on_hand || ' on hand and ' || l.reserved || ' reserved, and owes nothing' AS says
FROM inventory_levels l
WHERE l.reserved < 0 OR (NOT l.owes AND (l.on_hand < 0 OR l.on_hand < l.reserved))
