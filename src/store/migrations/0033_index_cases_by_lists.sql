-- What lets a month's figures skip the cases of other months, as 0007 does for those by receipt, due and close: by filing, report and
-- original due, and by the least and greatest time in the lists of clocks, assignments, checks and answers. An empty list has 1970
-- there. `finished_at` is for what is carried over.
ALTER TABLE {{database}}.cases
    ADD INDEX IF NOT EXISTS filed_at_minmax          filed_at                       TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS reported_at_minmax       ifNull(reported_at, received_at) TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS original_due_at_minmax   original_due_at                TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS finished_at_minmax       finished_at                    TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS first_clock_due_minmax   arrayMin(clocks.due_at)        TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS last_clock_due_minmax    arrayMax(clocks.due_at)        TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS first_assignment_minmax  arrayMin(assignments.at)       TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS last_assignment_minmax   arrayMax(assignments.at)       TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS first_check_minmax       arrayMin(checks.at)            TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS last_check_minmax        arrayMax(checks.at)            TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS first_answer_minmax      answers.since[1]               TYPE minmax GRANULARITY 1
