-- The columns of the cases' rows as of an instant, in two halves: those that have rested since before it, whose plain columns say
-- what holds, and the others. `step` is the step in force; `changed` names what was changed after as_of, `was` says what it had
-- been.
SELECT {{at_rest}}
FROM {{database}}.cases AS c FINAL
WHERE c.last_event_at <= instant AND c.standing != ''{{reach}}
UNION ALL
WITH
    arrayLastIndex(at -> at <= instant, steps.at) AS step,
    CAST(arrayFilter((dimension, until) -> until > instant, earlier.dimension, earlier.until) AS Array(String)) AS changed,
    arrayFilter((value, until) -> until > instant, earlier.value, earlier.until) AS was
SELECT {{in_the_past}}
FROM {{database}}.cases AS c FINAL
-- The first step says whether there is any by then, and has an index; an array without steps has 1970 there.
WHERE c.last_event_at > instant AND steps.at[1] <= instant AND step > 0{{reach}}
