-- How many messages are in quarantine, by stream, reason and state.
SELECT stream, reason, state, count() AS messages
FROM {{database}}.quarantine FINAL
WHERE {condition}
GROUP BY stream, reason, state
ORDER BY stream, reason, state
