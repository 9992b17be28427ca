SELECT c.store_id, c.id,
       'a gift card is worth ' || c.balance || ' after ' || c.entry_count || ' entries, and '
       || COALESCE(e.entries, 0) || ' entries come to ' || COALESCE(e.worth, 0) AS says
FROM gift_cards c
LEFT JOIN (
    SELECT store_id, card_id, COUNT(*) AS entries, SUM(amount) AS worth
    FROM gift_card_entries
    GROUP BY store_id, card_id
) e ON e.store_id = c.store_id AND e.card_id = c.id
WHERE c.balance <> COALESCE(e.worth, 0) OR c.entry_count <> COALESCE(e.entries, 0)
UNION ALL
SELECT e.store_id, e.id,
       'entry ' || e.sequence || ' of a gift card leaves ' || e.balance || ', and the one before it left '
       || COALESCE(b.balance, 0) AS says
FROM gift_card_entries e
LEFT JOIN gift_card_entries b
    ON b.store_id = e.store_id AND b.card_id = e.card_id AND b.sequence = e.sequence - 1
WHERE e.balance <> COALESCE(b.balance, 0) + e.amount OR (e.sequence > 1 AND b.id IS NULL)
UNION ALL
SELECT store_id, card_id,
       'a gift card gave ' || (0 - SUM(amount)) || ' to ' || owner || ', less than nothing' AS says
FROM gift_card_entries
WHERE owner IS NOT NULL
GROUP BY store_id, card_id, owner
HAVING SUM(amount) > 0
