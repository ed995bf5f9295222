-- What was taken in, by stream: messages understood, the events in them, and what the others were.
SELECT
    stream,
    count()           AS cases,
    sum(rows)         AS messages,
    sum(events)       AS events,
    sum(duplicates)   AS duplicates,
    sum(conflicts)    AS conflicts,
    sum(out_of_order) AS out_of_order
FROM {{database}}.cases FINAL
GROUP BY stream
ORDER BY stream
