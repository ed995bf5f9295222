-- How long a list of cases is, and what its rows add up to; kpi_cases.sql gives its pages by the same predicate.
SELECT count() AS rows, sum(toUInt64({{n}})) AS n, sum(toUInt64({{d}})) AS d
FROM
(
    SELECT {{n}}, {{d}}, CAST({{n}} AS Bool) AS numerator, CAST({{d}} AS Bool) AS denominator
    FROM {{flags}}
    WHERE {{rows}} AND {{assessed}} AND {{within}}
)
WHERE {{side}}
