-- What is asked for again under its key is done once: a provider is asked once for a payment and for a refund, and a
-- cart becomes one order.
SELECT p.store_id, p.id, 'a provider was asked ' || COUNT(*) || ' times for the payment ' || p.idempotency_key AS says
FROM payments p
JOIN payment_attempts a ON a.store_id = p.store_id AND a.payment_id = p.id AND a.kind = 'AUTHORIZE'
GROUP BY p.store_id, p.id, p.idempotency_key
HAVING COUNT(*) > 1
UNION ALL
SELECT r.store_id, r.id, 'a provider was asked ' || COUNT(*) || ' times for a refund'
FROM refunds r
JOIN payment_attempts a ON a.store_id = r.store_id AND a.refund_id = r.id
GROUP BY r.store_id, r.id
HAVING COUNT(*) > 1
UNION ALL
SELECT store_id, NULL, COUNT(*) || ' payments have the key ' || idempotency_key
FROM payments
GROUP BY store_id, idempotency_key
HAVING COUNT(*) > 1
UNION ALL
SELECT store_id, NULL, COUNT(*) || ' refunds have the key ' || idempotency_key
FROM refunds
WHERE idempotency_key IS NOT NULL
GROUP BY store_id, idempotency_key
HAVING COUNT(*) > 1
UNION ALL
SELECT store_id, cart_id, 'a cart became ' || COUNT(*) || ' orders'
FROM orders
WHERE cart_id IS NOT NULL
GROUP BY store_id, cart_id
HAVING COUNT(*) > 1
