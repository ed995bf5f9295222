-- Many figures of one grain in one reading of the view, group by group; kpi_answers.sql says the same of one figure. Its
-- period is not a WHERE here, because each figure has its own: {{within}} is any of them. `there` says for which figures
-- a group is there though it has no case in them. Grouped in several ways, `grouping` says which one a row is of.
WITH
    {{made}}{{keys}}{{grouping}} AS grouping
SELECT
    grouping,
    {{labels}} AS labels,
    [{{there}}] AS there,
    [{{numerators}}] AS numerators,
    [{{denominators}}] AS denominators,
    [{{spreads}}] AS spreads
FROM {{flags}}
WHERE {{also}}{{rows}} AND {{assessed}} AND ({{within}})
{{group_by}}
ORDER BY grouping, labels
