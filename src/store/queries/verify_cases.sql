-- Cases of one chunk whose row does not agree with the ledger, and cases with more messages than events.
-- The lower half of a version is the number of rows folded, the upper half the generation. A rebuild of all cases, or of those that are not
-- finished, that has ended, leaves none of them at an older generation.
SELECT
    stream, case_id,
    toUInt64(sum(places)) AS in_ledger,
    toUInt64(sum(rows_folded)) AS folded,
    toUInt32(max(version_generation)) AS generation,
    toUInt32(max(least_generation)) AS least,
    toBool(max(is_row)) AS is_there,
    toBool(in_ledger > sum(identities)) AS is_repeated
FROM
(
    SELECT stream, case_id, uniqExact(topic, partition, offset) AS places,
        uniqExact(source, event_id) AS identities,
        0 AS rows_folded, 0 AS version_generation, 0 AS least_generation, 0 AS is_row
    FROM {{database}}.events
    WHERE {{chunk}} AND stream IN {streams:Array(String)}
    GROUP BY stream, case_id
    UNION ALL
    SELECT stream, case_id, 0, 0, bitAnd(version, 0xFFFFFFFF), bitShiftRight(version, 32),
        greatest({of_all:Array(UInt32)}[indexOf({streams:Array(String)}, stream)],
            if(standing IN ('open', 'answered', 'suspended', 'pending')
                OR arrayExists((until, stopped, unjudged) -> until IS NULL AND stopped IS NULL AND NOT unjudged,
                    clocks.until, clocks.stopped_at, clocks.is_unjudged),
                {of_open:Array(UInt32)}[indexOf({streams:Array(String)}, stream)], 0)),
        1
    FROM {{database}}.cases FINAL
    WHERE {{chunk}} AND stream IN {streams:Array(String)}
)
GROUP BY stream, case_id
HAVING in_ledger != folded OR NOT is_there OR generation > {newest:UInt32} OR generation < least OR is_repeated
ORDER BY stream, case_id
