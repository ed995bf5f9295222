-- The cases behind a figure, a page at a time, in the order that is asked for; of clocks and assignments, each. WITH TIES,
-- because two streams may give the same number, and a case has several clocks: a page never ends between them, so that its last
-- case says where the next one begins ({{after}}). The side is all of them, or those of the denominator that are not in the numerator.
SELECT
    case_id, stream, kind, channel, category_standard, category_code, category_name, area, town, community, cell,
    duty_grid, unit, unit_name, urgency, standing, received_at, {{done}} AS closed_at, due_at,
    CAST({{n}} AS Bool) AS numerator,
    CAST({{d}} AS Bool) AS denominator,
    toUInt64({{n}}) AS n,
    toUInt64({{d}}) AS d,
    {{v}} AS duration_ms
FROM {{flags}}
WHERE {{rows}} AND {{assessed}} AND {{within}}
    AND {{after}}
    AND ({{side}})
ORDER BY {{order}}
LIMIT {limit:UInt64} WITH TIES
