-- The row of a case: by what it is judged, and what it says of its time.
SELECT toUInt32(bitShiftRight(version, 32)) AS generation, rows, policy, policy_rule, calendar, standing, received_at,
    closed_at, finished_at, due_at, original_due_at, policy_due_at, worked_ms, marks,
    arrayZip(
        arrayMap(stage -> toString(stage), clocks.stage), clocks.assignment, clocks.since, clocks.until, clocks.started_at,
        clocks.due_at, clocks.due_is_exclusive, clocks.stopped_at, clocks.is_paused, clocks.is_unjudged, clocks.was_red)
        AS clocks
FROM {{database}}.cases FINAL
WHERE stream = {stream:String} AND case_id = {case_id:String}
