-- What gift cards and store credit gave is what payments with them took and did not give back.
SELECT c.store_id, c.id,
       'a gift card gave ' || COALESCE(e.taken, 0) || ', and its payments have ' || COALESCE(p.has, 0) AS says
FROM gift_cards c
LEFT JOIN (
    SELECT store_id, card_id, 0 - SUM(amount) AS taken
    FROM gift_card_entries WHERE kind IN ('TAKEN', 'GIVEN_BACK') GROUP BY store_id, card_id
) e ON e.store_id = c.store_id AND e.card_id = c.id
LEFT JOIN (
    SELECT store_id, gift_card_id, SUM(captured - refunded) AS has
    FROM payments WHERE gift_card_id IS NOT NULL GROUP BY store_id, gift_card_id
) p ON p.store_id = c.store_id AND p.gift_card_id = c.id
WHERE COALESCE(e.taken, 0) <> COALESCE(p.has, 0)
UNION ALL
SELECT c.store_id, c.id,
       'store credit gave ' || COALESCE(e.taken, 0) || ', and its payments have ' || COALESCE(p.has, 0) AS says
FROM store_credits c
LEFT JOIN (
    SELECT store_id, credit_id, 0 - SUM(amount) AS taken
    FROM store_credit_entries WHERE kind IN ('TAKEN', 'GIVEN_BACK') GROUP BY store_id, credit_id
) e ON e.store_id = c.store_id AND e.credit_id = c.id
LEFT JOIN (
    SELECT store_id, store_credit_id, SUM(captured - refunded) AS has
    FROM payments WHERE store_credit_id IS NOT NULL GROUP BY store_id, store_credit_id
) p ON p.store_id = c.store_id AND p.store_credit_id = c.id
WHERE COALESCE(e.taken, 0) <> COALESCE(p.has, 0)
