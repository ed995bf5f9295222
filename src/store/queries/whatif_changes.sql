-- Cases of a period whose verdict, or where it is asked for whose due, differs between two databases, a page at a time, in the order of their numbers. A case is of
-- the period if it was received, closed or due in it, under either. Either side may be millions of cases: the join may spill.
SELECT
    case_id, stream, toString(before.standing) AS standing,
    before.verdict AS verdict_before, after.verdict AS verdict_after,
    before.due_at AS due_before, after.due_at AS due_after
FROM
(
{{before}}
) AS before
INNER JOIN
(
{{after}}
) AS after USING (stream, case_id)
WHERE (before.verdict != after.verdict
        OR {with_dues:UInt8} = 1 AND ifNull(before.due_at, toDateTime64(0, 3)) != ifNull(after.due_at, toDateTime64(0, 3)))
    AND arrayExists(at -> ifNull(at >= {from:DateTime64(3, 'Asia/Shanghai')} AND at < {to:DateTime64(3, 'Asia/Shanghai')}, false),
        [before.received_at, before.closed_at, before.due_at, after.due_at])
ORDER BY case_id
LIMIT {limit:UInt64} WITH TIES
SETTINGS join_algorithm = 'grace_hash'
