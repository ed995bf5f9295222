-- What the last verification of everything came to.
SELECT
    toUnixTimestamp64Milli(assumeNotNull(finished_at)) AS done_at,
    is_clean, messages, cases, holes, doubles, stale, missing, conflicts, gaps, topics
FROM {{database}}.verifications
WHERE finished_at IS NOT NULL AND scope = 'all' AND since IS NULL
ORDER BY started_at DESC
LIMIT 1
