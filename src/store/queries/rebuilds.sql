-- The generations, the newest first. Two rebuilds that began at one moment have one number: the later of them comes first.
SELECT generation, scope, stream, policy, calendar, started_at, finished_at, cases, events
FROM {{database}}.rebuilds FINAL
ORDER BY generation DESC, started_at DESC, policy, calendar
LIMIT {most:UInt64}
