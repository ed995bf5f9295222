-- One figure: its numerator and denominator, group by group.
-- {{n}} and {{d}} are columns of the view, or 0; {{at}} is the instant that puts a row in the period. {{group_by}} groups
-- by a number or a dictionary's codes and not by texts, which is much faster; {{keys}} are what is grouped by, and
-- {{labels}} the same as texts, made only when the groups are few. A group is there for its cases that count, even if none of them is
-- in the figure: then it has no rate ({{is_there}}). {{spread}} says how long, where the figure does.
SELECT {{labels}} AS labels, numerator, denominator, spread
FROM
(
    SELECT {{keys}}toInt64(sum({{n}})) AS numerator, toUInt64(sum({{d}})) AS denominator, {{spread}} AS spread
    FROM {{flags}}
    WHERE {{rows}} AND {{assessed}} AND {{is_there}} AND {{within}}
    {{group_by}}
)
ORDER BY labels
