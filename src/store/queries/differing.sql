-- Of the chosen cases those whose ledger holds more messages than their row was folded from.
-- One aggregation over both tables: a join of two costs twice as much.
SELECT stream, case_id
FROM
(
    SELECT stream, case_id, toInt64(uniqExact(topic, partition, offset)) AS in_ledger, toInt64(0) AS folded
    FROM {{database}}.events
    WHERE (stream, case_id) IN (SELECT stream, case_id FROM chosen)
    GROUP BY stream, case_id
    UNION ALL
    -- The lower half of the version is the number of rows folded.
    SELECT stream, case_id, toInt64(0), toInt64(bitAnd(max(version), 0xFFFFFFFF))
    FROM {{database}}.cases
    WHERE (stream, case_id) IN (SELECT stream, case_id FROM chosen)
    GROUP BY stream, case_id
)
GROUP BY stream, case_id
HAVING sum(in_ledger) > sum(folded)
