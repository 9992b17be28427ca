-- What was handed on long ago may be gone, so the numbers need not begin with 1.
SELECT store_id, NULL AS id,
       'the events of ' || aggregate_type || ' ' || aggregate_id || ' are numbered ' || MIN(sequence) || ' to '
       || MAX(sequence) || ', and there are ' || COUNT(*) AS says
FROM domain_events
GROUP BY store_id, aggregate_type, aggregate_id
HAVING MAX(sequence) - MIN(sequence) + 1 <> COUNT(*) OR COUNT(DISTINCT sequence) <> COUNT(*)
UNION ALL
SELECT NULL, NULL,
       'the events of ' || aggregate_type || ' ' || aggregate_id || ' are numbered ' || MIN(sequence) || ' to '
       || MAX(sequence) || ', and there are ' || COUNT(*)
FROM platform_events
GROUP BY scope_type, scope_id, aggregate_type, aggregate_id
HAVING MAX(sequence) - MIN(sequence) + 1 <> COUNT(*) OR COUNT(DISTINCT sequence) <> COUNT(*)
