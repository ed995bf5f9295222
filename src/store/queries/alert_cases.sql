-- What alerts are decided by, of the cases that `chosen` selects, page by page. Clocks: those in force now that have a verdict.
WITH {now:DateTime64(3, 'Asia/Shanghai')} AS instant,
    arrayFilter(i -> clocks.since[i] <= instant AND ifNull(instant < clocks.until[i], true) AND NOT clocks.is_unjudged[i]
        AND clocks.stage[i]::String IN {stages:Array(String)}, arrayEnumerate(clocks.stage)) AS live,
    arrayMap(standing -> toString(standing), steps.standing) AS stood
SELECT stream, case_id, unit, unit_name, standing, marks, received_at, due_at, yellow_from, finished_at, closed_at,
    if(reopens = 0, NULL, arrayMax(arrayMap((at, now, before) -> if(before = 'closed' AND now IN ('open', 'answered', 'suspended'), at, toDateTime64(0, 3, 'Asia/Shanghai')),
        steps.at, stood, arrayPushFront(arrayPopBack(stood), '')))) AS reopened_at,
    if(reopens = 0, NULL, arrayLastOrNull((at, standing) -> standing = 'closed' AND at < assumeNotNull(reopened_at), steps.at, stood)) AS closed_before,
    last_event_at, reopens, reworks,
    arrayMap(i -> (clocks.stage[i]::String, clocks.assignment[i], clocks.started_at[i], clocks.due_at[i], clocks.due_is_exclusive[i],
        clocks.stopped_at[i], clocks.is_paused[i]), live) AS clocks_live,
    arrayMap(i -> if(clocks.assignment[i] = 0, unit::String, assignments.unit[clocks.assignment[i]]), live) AS units_live,
    arrayMap(i -> if(clocks.assignment[i] = 0, unit_name::String, assignments.unit_name[clocks.assignment[i]]), live) AS names_live
FROM {{database}}.cases FINAL
WHERE {{chosen}} AND (stream, case_id) > ({after_stream:String}, {after_case:String})
ORDER BY stream, case_id
LIMIT {most:UInt64}
