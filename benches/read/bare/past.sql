-- The cases as they stood at as_of. Most have rested since before: their plain columns say it. Of the others the step in force
-- does, and where the town or the unit has changed since, the first value that did not last until as_of. A line for each column:
-- those that the figure does not name are left out, as whoever writes it by hand would leave them out.
SELECT standing
    , received_at
    , closed_at
    , finished_at
    , due_at
    , original_due_at
    , marks
    , town
    , unit
    , unit_name
FROM {{database}}.cases FINAL
WHERE last_event_at <= {{as_of}}
UNION ALL
WITH arrayLastIndex(at -> at <= {{as_of}}, steps.at) AS step
SELECT CAST(steps.standing[step] AS LowCardinality(String)) AS standing
    , steps.received_at[step] AS received_at
    , steps.closed_at[step] AS closed_at
    , steps.finished_at[step] AS finished_at
    , steps.due_at[step] AS due_at
    , steps.original_due_at[step] AS original_due_at
    , steps.marks[step] AS marks
    , CAST(ifNull(arrayFirstOrNull((was, of, until) -> of = 'town' AND until > {{as_of}}, earlier.value, earlier.dimension, earlier.until), c.town) AS LowCardinality(String)) AS town
    , CAST(if(c.unit_since <= {{as_of}}, ifNull(arrayFirstOrNull((was, of, until) -> of = 'unit' AND until > {{as_of}}, earlier.value, earlier.dimension, earlier.until), c.unit), '') AS LowCardinality(String)) AS unit
    , CAST(if(c.unit_since <= {{as_of}}, ifNull(arrayFirstOrNull((was, of, until) -> of = 'unit_name' AND until > {{as_of}}, earlier.value, earlier.dimension, earlier.until), c.unit_name), '') AS LowCardinality(String)) AS unit_name
FROM {{database}}.cases AS c FINAL
WHERE c.last_event_at > {{as_of}} AND steps.at[1] <= {{as_of}}
