-- Of the cases received in a period, those whose citizens say that they are dissatisfied (不满意), by stream, unit and community.
SELECT
    stream,
    if(unit = '', unit_name, unit) AS responsible,
    community,
    count()                        AS cases
FROM {{cases_at}}
WHERE is_counted AND satisfaction = 4 AND {{received}} AND {{rows}}
GROUP BY stream, responsible, community
ORDER BY stream, responsible, community
