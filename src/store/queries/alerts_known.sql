-- Which of these alerts were sent.
SELECT DISTINCT id
FROM {{database}}.alerts
WHERE case_id IN {cases:Array(String)} AND id IN {ids:Array(String)}
