-- Where each movement begins with what the one before left, from nothing on, and no level ends below nothing (I1),
-- no more was ever sold than was there.
SELECT m.store_id, m.id,
       'movement ' || m.sequence || ' (' || m.reason || ') of ' || m.delta || ' and ' || m.reserved_delta
       || ' ends at ' || m.on_hand_after || ' and ' || m.reserved_after || ', after ' || m.on_hand_before || ' and '
       || m.reserved_before AS says
FROM (
    SELECT store_id, id, reason, sequence, delta, reserved_delta, on_hand_after, reserved_after,
           LAG(sequence, 1, 0) OVER w AS sequence_before,
           LAG(on_hand_after, 1, 0) OVER w AS on_hand_before,
           LAG(reserved_after, 1, 0) OVER w AS reserved_before
    FROM inventory_movements
    WINDOW w AS (PARTITION BY store_id, level_id ORDER BY sequence)
) m
WHERE m.sequence <> m.sequence_before + 1
   OR m.on_hand_after <> m.on_hand_before + m.delta
   OR m.reserved_after <> m.reserved_before + m.reserved_delta
