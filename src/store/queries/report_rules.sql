-- By which policy and calendar the cases received in a period are judged; empty where an event states the due.
SELECT stream, policy, calendar, count() AS cases
FROM {{database}}_mart.cases
WHERE {{received}} AND {{rows}}
GROUP BY stream, policy, calendar
ORDER BY stream, cases DESC, policy, calendar
