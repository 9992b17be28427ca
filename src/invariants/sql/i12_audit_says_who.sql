SELECT store_id, id, action || ' was done by a ' || actor_kind || ' without a name' AS says
FROM audit_logs
WHERE actor_kind IN ('USER', 'API_TOKEN') AND actor_id IS NULL
UNION ALL
SELECT NULL, id, action || ' was done by a ' || actor_kind || ' without a name'
FROM organization_audit_logs
WHERE actor_kind IN ('USER', 'API_TOKEN') AND actor_id IS NULL
UNION ALL
SELECT NULL, id, action || ' was done by a ' || actor_kind || ' without a name'
FROM user_audit_logs
WHERE actor_kind IN ('USER', 'API_TOKEN') AND actor_id IS NULL
