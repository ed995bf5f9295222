-- Cases of one chunk whose row says something else than the fresh fold of as many messages under the same rules.
SELECT stream, case_id
FROM
(
    SELECT stream, case_id, policy, calendar, bitAnd(version, 0xFFFFFFFF) AS folded, cityHash64({{columns}}) AS content
    FROM {{database}}.cases FINAL WHERE {{chunk}} AND stream IN {streams:Array(String)}
    UNION ALL
    SELECT stream, case_id, policy, calendar, bitAnd(version, 0xFFFFFFFF), cityHash64({{columns}})
    FROM {{scratch}}.cases FINAL WHERE {{chunk}} AND stream IN {streams:Array(String)}
)
GROUP BY stream, case_id, folded, policy, calendar
HAVING count() = 2 AND uniqExact(content) > 1
ORDER BY stream, case_id
