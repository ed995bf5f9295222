-- Which of these alerts were sent. Each list is one text.
SELECT DISTINCT id
FROM {{database}}.alerts
WHERE case_id IN (JSONExtract({{cases}}, 'Array(String)')) AND id IN (JSONExtract({{ids}}, 'Array(String)'))
