-- Many figures of one grain in one reading of the view, group by group; kpi_answers.sql says the same of one figure. Its
-- period is not a WHERE here, because each figure has its own: {{within}} is any of them. `there` counts the rows for which
-- a group is there, figure by figure. Grouped in several ways, `grouping` says which one a row is of.
SELECT grouping, {{labels}} AS labels, there, numerators, denominators, spreads
FROM
(
    SELECT
        {{keys}}{{grouping}} AS grouping,
        [{{there}}] AS there,
        [{{numerators}}] AS numerators,
        [{{denominators}}] AS denominators,
        [{{spreads}}] AS spreads
    FROM {{flags}}
    WHERE {{rows}} AND {{assessed}} AND ({{within}})
    {{group_by}}
)
ORDER BY grouping, labels
