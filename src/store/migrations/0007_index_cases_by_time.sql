-- What lets a month's rate skip the other months. `cases` lies in the order of (stream, case_id), and case numbers mostly
-- grow with time, so that the least and greatest time of each granule say which granules a question can leave unread.
-- `last_event_at` and the first step are for questions as of the past: only cases that lived on after the instant need
-- their `steps` read. With FINAL the index stays exact (use_skip_indexes_if_final_exact_mode, on by default).
ALTER TABLE {{database}}.cases
    ADD INDEX IF NOT EXISTS received_at_minmax   received_at   TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS due_at_minmax        due_at        TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS closed_at_minmax     closed_at     TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS last_event_at_minmax last_event_at TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS first_step_at_minmax steps.at[1]   TYPE minmax GRANULARITY 1
