-- Cases of our streams touched between {since} and {until} whose ledger holds another number of messages than their row was
-- folded from. Normally none: it takes feeders that do not key by case id, or a writer that died between ledger and cases.
-- One aggregation over both tables: a join of two costs twice as much.
WITH touched AS
(
    SELECT DISTINCT case_id
    FROM {{database}}.events
    WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}) AND ingested_at < fromUnixTimestamp64Milli({until:Int64})
        AND stream IN {streams:Array(String)}
)
SELECT stream, case_id
FROM
(
    SELECT stream, case_id, toInt64(uniqExact(topic, partition, offset)) AS in_ledger, toInt64(0) AS folded
    FROM {{database}}.events
    WHERE case_id IN (touched) AND stream IN {streams:Array(String)}
    GROUP BY stream, case_id
    UNION ALL
    -- The lower half of the version is the number of rows folded.
    SELECT stream, case_id, toInt64(0), toInt64(bitAnd(max(version), 0xFFFFFFFF))
    FROM {{database}}.cases
    WHERE case_id IN (touched) AND stream IN {streams:Array(String)}
    GROUP BY stream, case_id
)
GROUP BY stream, case_id
HAVING sum(in_ledger) != sum(folded)
ORDER BY stream, case_id
LIMIT {most:UInt64}
