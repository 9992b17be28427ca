SELECT p.store_id, p.id,
       'a payment has ' || p.authorized || ' authorized, ' || p.captured || ' captured, ' || p.voided || ' voided, '
       || p.refunded || ' refunded and ' || p.refunding || ' being refunded, and its events come to '
       || COALESCE(e.authorized, 0) || ', ' || COALESCE(e.captured, 0) || ', ' || COALESCE(e.voided, 0) || ', '
       || COALESCE(e.refunded, 0) || ' and ' || COALESCE(e.refunding, 0) AS says
FROM payments p
LEFT JOIN (
    SELECT o.store_id, o.payment_id,
           SUM(CASE WHEN o.kind = 'AUTHORIZED' THEN o.amount ELSE 0 END) AS authorized,
           SUM(CASE WHEN o.kind = 'CAPTURED' THEN o.amount ELSE 0 END) AS captured,
           SUM(CASE WHEN o.kind = 'VOIDED' THEN o.amount ELSE 0 END) AS voided,
           SUM(CASE WHEN o.kind = 'REFUNDED' THEN o.amount ELSE 0 END) AS refunded,
           SUM(CASE WHEN o.kind = 'REFUND_REQUESTED' AND a.reference IS NULL THEN o.amount ELSE 0 END) AS refunding
    FROM payment_events o
    LEFT JOIN (
        SELECT DISTINCT store_id, payment_id, reference
        FROM payment_events
        WHERE kind IN ('REFUNDED', 'REFUND_FAILED') AND parked = FALSE
    ) a ON a.store_id = o.store_id AND a.payment_id = o.payment_id AND a.reference = o.reference
    WHERE o.parked = FALSE
    GROUP BY o.store_id, o.payment_id
) e ON e.store_id = p.store_id AND e.payment_id = p.id
WHERE p.captured <> COALESCE(e.captured, 0)
   OR p.voided <> COALESCE(e.voided, 0)
   OR p.refunded <> COALESCE(e.refunded, 0)
   OR p.refunding <> COALESCE(e.refunding, 0)
   OR (p.authorized <> COALESCE(e.authorized, 0)
       AND NOT (p.authorized = p.captured AND p.captured > COALESCE(e.authorized, 0)))
UNION ALL
SELECT store_id, id,
       'a payment of ' || amount || ' has ' || captured || ' captured of ' || authorized || ' authorized, and '
       || (refunded + refunding) || ' given back, and nobody is to look at it' AS says
FROM payments
WHERE captured > authorized
   OR (review IS NULL AND (refunded + refunding > captured OR captured > amount))
