-- Cases touched between {since} and {until} whose ledger holds more or fewer messages than their row was folded from.
-- Normally none: it takes feeders that do not key by case id, or a writer that died between ledger and cases.
WITH touched AS
(
    SELECT DISTINCT case_id
    FROM {{database}}.events
    WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}) AND ingested_at < fromUnixTimestamp64Milli({until:Int64})
)
SELECT ledger.stream AS stream, ledger.case_id AS case_id
FROM
(
    SELECT stream, case_id, uniqExact(topic, partition, offset) AS rows
    FROM {{database}}.events
    WHERE case_id IN (SELECT case_id FROM touched)
    GROUP BY stream, case_id
) AS ledger
LEFT JOIN
(
    -- The lower half of the version is the number of rows folded.
    SELECT stream, case_id, bitAnd(max(version), 0xFFFFFFFF) AS rows
    FROM {{database}}.cases
    WHERE case_id IN (SELECT case_id FROM touched)
    GROUP BY stream, case_id
) AS folded
    ON folded.stream = ledger.stream AND folded.case_id = ledger.case_id
WHERE ledger.rows != folded.rows
ORDER BY stream, case_id
LIMIT {most:UInt64}
