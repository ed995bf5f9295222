-- Cases of one chunk whose row says something else than the fresh fold of as many messages under the same rules. As text, because a hash of
-- columns of which one is NULL is NULL.
SELECT stream, case_id
FROM
(
    SELECT stream, case_id, policy, calendar, bitAnd(version, 0xFFFFFFFF) AS folded, cityHash64(toString(tuple({{columns}}))) AS content
    FROM {{database}}.cases FINAL WHERE {{chunk}} AND stream IN {streams:Array(String)}
    UNION ALL
    SELECT stream, case_id, policy, calendar, bitAnd(version, 0xFFFFFFFF), cityHash64(toString(tuple({{columns}})))
    FROM {{scratch}}.cases FINAL WHERE {{chunk}} AND stream IN {streams:Array(String)}
)
GROUP BY stream, case_id, folded, policy, calendar
HAVING count() = 2 AND uniqExact(content) > 1
ORDER BY stream, case_id
