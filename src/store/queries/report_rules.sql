-- By which policy and calendar the cases received in a period are judged; empty where an event states the due.
SELECT policy, calendar, count() AS cases
FROM {{database}}_mart.cases
WHERE {{received}} AND {{rows}}
GROUP BY policy, calendar
ORDER BY cases DESC, policy, calendar
