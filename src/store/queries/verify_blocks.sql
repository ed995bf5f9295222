-- Blocks of 65,536 offsets: how many of them are held, as bitmaps of eight kilobytes each, so that memory does not grow with
-- the messages. An entry of the quarantine that was replayed is the ledger's, so it holds nothing.
-- FINAL takes one row for each identity and place; more rows than places are places under more than one identity.
SELECT
    toString(topic) AS topic,
    partition,
    intDiv(offset, 65536) AS block,
    countIf(is_ledger) AS rows,
    toUInt64(groupBitmapIf(toUInt32(offset % 65536), is_ledger)) AS in_ledger,
    toUInt64(groupBitmapIf(toUInt32(offset % 65536), NOT is_ledger)) AS in_quarantine,
    toUInt64(groupBitmap(toUInt32(offset % 65536))) AS held,
    minIf(offset, is_ledger) AS sample
FROM
(
    SELECT topic, partition, offset, true AS is_ledger
    FROM {{database}}.events FINAL
    WHERE offset >= {least:Int64} AND topic IN {topics:Array(String)}
    UNION ALL
    SELECT topic, partition, offset, false
    FROM {{database}}.quarantine FINAL
    WHERE offset >= {least:Int64} AND topic IN {topics:Array(String)} AND state != 'replayed'
)
GROUP BY topic, partition, block
ORDER BY topic, partition, block
