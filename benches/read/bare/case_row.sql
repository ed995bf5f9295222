-- The row of one case, by the whole sorting key, as a line of text.
SELECT formatRowNoNewline('TSV', stream, policy, policy_rule, calendar, standing, received_at, closed_at, finished_at, due_at,
    original_due_at, worked_ms, marks, clocks.stage, clocks.assignment, clocks.started_at, clocks.due_at, clocks.stopped_at) AS line
FROM {{database}}.cases FINAL
WHERE stream = {stream:String} AND case_id = {case_id:String}
