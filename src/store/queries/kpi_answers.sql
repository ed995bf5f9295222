-- One figure: its numerator and denominator, group by group.
-- {{n}} and {{d}} are columns of the view, or 0; {{at}} is the instant that puts a case in the period. {{group_by}} groups
-- by a number or a dictionary's codes and not by texts, which is much faster; {{keys}} are what is grouped by, and
-- {{labels}} the same as texts, made only when the groups are few.
SELECT CAST([{{labels}}], 'Array(String)') AS labels, numerator, denominator
FROM
(
    SELECT {{keys}}sum({{n}}) AS numerator, sum({{d}}) AS denominator
    FROM {{flags}}
    -- The flags say the period too, but only on a bare column can it spare the reading of other months.
    WHERE {{stream}}
        AND {{at}} >= {from:DateTime64(3, 'Asia/Shanghai')} AND {{at}} < {to:DateTime64(3, 'Asia/Shanghai')}
        -- A group is there for its cases that count, even if none of them is in the figure: then it has no rate.
        AND ({{n}} OR {{d}} OR (is_counted AND {{at}} <= {as_of:DateTime64(3, 'Asia/Shanghai')}))
    {{group_by}}
)
ORDER BY labels
