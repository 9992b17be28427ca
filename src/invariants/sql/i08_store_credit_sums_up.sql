SELECT c.store_id, c.id,
       'store credit is ' || c.balance || ' after ' || c.entry_count || ' entries, and '
       || COALESCE(e.entries, 0) || ' entries come to ' || COALESCE(e.worth, 0) AS says
FROM store_credits c
LEFT JOIN (
    SELECT store_id, credit_id, COUNT(*) AS entries, SUM(amount) AS worth
    FROM store_credit_entries
    GROUP BY store_id, credit_id
) e ON e.store_id = c.store_id AND e.credit_id = c.id
WHERE c.balance <> COALESCE(e.worth, 0) OR c.entry_count <> COALESCE(e.entries, 0)
UNION ALL
SELECT e.store_id, e.id,
       'entry ' || e.sequence || ' of store credit leaves ' || e.balance || ', and the one before it left '
       || COALESCE(b.balance, 0) AS says
FROM store_credit_entries e
LEFT JOIN store_credit_entries b
    ON b.store_id = e.store_id AND b.credit_id = e.credit_id AND b.sequence = e.sequence - 1
WHERE e.balance <> COALESCE(b.balance, 0) + e.amount OR (e.sequence > 1 AND b.id IS NULL)
