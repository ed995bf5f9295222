-- One figure: its numerator and denominator under the labels asked for, and why the other cases of the period are not in it.
-- {{labels}} is an array of texts; {{n}} and {{d}} are columns of the view, or 0; {{at}} is the instant that puts a case in
-- the period. A figure by dues also says how many cases were received in the period without any.
SELECT
    CAST([{{labels}}], 'Array(String)') AS labels,
    sum(n) AS numerator,
    sum(d) AS denominator,
    -- A group is shown for its cases that count, even if none of them is in the figure yet.
    countIf(n OR d OR (is_counted AND ifNull({{at}} <= {as_of:DateTime64(3, 'Asia/Shanghai')}, false))) AS members,
    countIf(left_out = 'no_due') AS no_due,
    countIf(left_out = 'suspended') AS suspended,
    countIf(left_out = 'not_due') AS not_due,
    countIf(left_out = 'void') AS void,
    countIf(left_out = 'excluded') AS excluded
FROM
(
    SELECT
        *,
        {{n}} AS n,
        {{d}} AS d,
        multiIf(
            n OR d, '',
            standing IN ('void', 'excluded'), standing,
            NOT is_counted, 'not_received',
            NOT has_due, 'no_due',
            standing = 'suspended', 'suspended',
            'not_due') AS left_out
    FROM {{database}}_mart.kpi_flags(
        from = {from:DateTime64(3, 'Asia/Shanghai')},
        to = {to:DateTime64(3, 'Asia/Shanghai')},
        as_of = {as_of:DateTime64(3, 'Asia/Shanghai')})
    -- The flags say this too, but only on a bare column can it spare the reading of other months.
    WHERE {{stream}}
        AND (
            ({{at}} >= {from:DateTime64(3, 'Asia/Shanghai')} AND {{at}} < {to:DateTime64(3, 'Asia/Shanghai')})
            OR ({{is_by_due}} AND due_at IS NULL
                AND received_at >= {from:DateTime64(3, 'Asia/Shanghai')}
                AND received_at < {to:DateTime64(3, 'Asia/Shanghai')}))
)
{{group_by}}
ORDER BY labels
