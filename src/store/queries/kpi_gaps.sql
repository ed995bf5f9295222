-- One figure beside its other conventions, case by case: what one counts and the other does not, by the reason for which the other
-- leaves it out. The figure asked about is the first of `figures`, and each of the others is held against it: only_here minus
-- only_there is the difference of their numerators ('n') and of their denominators ('d'), exactly. One pass for all of them,
-- because reading the flags is the dear part. Each of `figures` is kpi_side.sql. HAVING and not WHERE, because ClickHouse takes
-- seconds to push a condition through these layers, and a tenth of one for everything else.
SELECT
    toUInt8(one.1 - 2) AS other,
    one.2 AS side,
    one.3 AS reason,
    toUInt64(sum(greatest(one.4, 0))) AS only_here,
    toUInt64(sum(greatest(-one.4, 0))) AS only_there
FROM
(
    SELECT arrayJoin(arrayFlatten(arrayMap(
        number -> [
            (number, 'd', multiIf(
                figures[1].2 > 0 AND figures[number].2 > 0, 'several',
                figures[1].2 > figures[number].2, figures[number].3,
                figures[1].3), figures[1].2 - figures[number].2),
            (number, 'n', multiIf(
                figures[1].1 > 0 AND figures[number].1 > 0, 'several',
                figures[1].1 > figures[number].1, figures[number].4,
                figures[1].4), figures[1].1 - figures[number].1)],
        range(2, length(figures) + 1)))) AS one
    FROM
    (
        SELECT
            [
                {{figures}}
            ] AS figures
        FROM {{flags}}{{join}}
        WHERE {{rows}} AND {{assessed}} AND {{within}}
    )
)
GROUP BY other, side, reason
HAVING only_here > 0 OR only_there > 0
ORDER BY other, side, reason
