-- Of the cases received in a period, those whose citizens say that they are dissatisfied (不满意), by stream, unit and community.
SELECT
    stream,
    if(unit = '', unit_name, unit) AS responsible,
    community,
    count()                        AS cases
FROM {{database}}_mart.cases_at(as_of = {as_of:DateTime64(3, 'Asia/Shanghai')})
WHERE is_counted AND satisfaction = 4 AND {{received}} AND {{rows}}
GROUP BY stream, responsible, community
ORDER BY stream, responsible, community
