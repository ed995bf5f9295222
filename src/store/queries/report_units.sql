-- The name of every unit that has, or had, a case: some feeders give codes, some names, some both.
SELECT if(unit = '', unit_name, unit) AS code, max(unit_name) AS name
FROM
(
    SELECT unit, unit_name FROM {{database}}.cases FINAL
    UNION ALL
    SELECT one_unit AS unit, one_name AS unit_name
    FROM {{database}}.cases FINAL
    ARRAY JOIN assignments.unit AS one_unit, assignments.unit_name AS one_name
)
WHERE code != ''
GROUP BY code
ORDER BY code
