-- One figure: its numerator and denominator, group by group.
-- What its columns are worked out from stands beside what is asked here, and not below it: ClickHouse plans one SELECT in half of the time
-- of three. {{n}} and {{d}} are columns of the view, or 0. {{group_by}} groups by a number or a dictionary's codes and not by texts,
-- which is much faster; {{keys}} are what is grouped by, and {{labels}} the same as texts, made only when the groups are few. A group is
-- there for its cases that count, even if none of them is in the figure: then it has no rate ({{having}}). {{spread}} says how long, where
-- the figure does.
WITH
    {{made}}{{keys}}toInt64(sum({{n}})) AS numerator,
    toUInt64(sum({{d}})) AS denominator
SELECT {{labels}} AS labels, numerator, denominator, {{spread}} AS spread
FROM {{flags}}
WHERE {{also}}{{rows}} AND {{assessed}} AND {{within}}
{{group_by}}
{{having}}
ORDER BY labels
