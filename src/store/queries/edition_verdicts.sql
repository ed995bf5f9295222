-- The verdict of every case that is in a figure of a period: in which numerators and denominators it is, as bits by the place
-- of the figure, and what it rests on. Inside, bits and amounts grain by grain: a case has one row of the first, and of the
-- others one for each clock, assignment and check, whose amounts add up.
SELECT
    {{attempt}}seen.stream AS stream, seen.case_id AS case_id, seen.version AS version, seen.policy AS policy,
    seen.policy_rule AS policy_rule, seen.calendar AS calendar, seen.standing AS standing, seen.unit AS unit,
    seen.unit_name AS unit_name, seen.community AS community, seen.received_at AS received_at, seen.due_at AS due_at,
    seen.finished_at AS finished_at, seen.closed_at AS closed_at, seen.worked_ms AS worked_ms,
    parts.numerators AS numerators, parts.denominators AS denominators,
    parts.amounts.1 AS `amounts.figure`, parts.amounts.2 AS `amounts.n`, parts.amounts.3 AS `amounts.d`
FROM {{cases_at}} AS seen
INNER JOIN
(
    SELECT
        stream, case_id,
        groupBitOr(bits_n) AS numerators,
        groupBitOr(bits_d) AS denominators,
        sumMap(figure, n, d) AS sums,
        arrayFilter(one -> one.2 > 1 OR one.3 > 1, arrayZip(sums.1, sums.2, sums.3)) AS uncommon,
        (arrayMap(one -> one.1, uncommon), arrayMap(one -> one.2, uncommon), arrayMap(one -> one.3, uncommon)) AS amounts
    FROM
    (
        {{of_cases}}
        UNION ALL
        {{of_clocks}}
        UNION ALL
        {{of_assignments}}
        UNION ALL
        {{of_checks}}
    )
    GROUP BY stream, case_id
) AS parts ON parts.stream = seen.stream AND parts.case_id = seen.case_id
