-- Why the rest of what the period holds is not in some figures, in one reading: for every combination of reasons, four bits a figure,
-- how many rows have it (kpi_reason.sql). With what is in a figure, it is all that was known of it.
SELECT reasons, count() AS rows
FROM
(
    SELECT {{reasons}} AS reasons
    FROM {{flags}}
    WHERE {{meant}} AND ({{any_known}})
)
GROUP BY reasons
