-- A line of a store's log has its seal, or waits for it, and not both.
SELECT l.store_id, l.id, l.action || ' is ' || CASE WHEN s.place IS NULL THEN 'not sealed, and does not wait for it'
       ELSE 'sealed, and waits for it' END AS says
FROM audit_logs l
LEFT JOIN audit_seals s ON s.store_id = l.store_id AND s.audit_log_id = l.id
LEFT JOIN audit_unsealed u ON u.store_id = l.store_id AND u.audit_log_id = l.id
WHERE (s.place IS NULL AND u.store_id IS NULL) OR (s.place IS NOT NULL AND u.store_id IS NOT NULL)
