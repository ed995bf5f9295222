-- The ranges of offsets that nobody holds, within the blocks given and from {first} to {next}.
SELECT hole.1 + 1 AS first, hole.2 AS next
FROM
(
    SELECT
        intDiv(offset, 65536) AS block,
        arrayConcat(
            [greatest(block * 65536, {first:Int64}) - 1],
            arraySort(arrayMap(low -> block * 65536 + low, bitmapToArray(groupBitmapState(toUInt32(offset % 65536))))),
            [least((block + 1) * 65536, {next:Int64})]) AS marks,
        arrayJoin(arrayFilter(pair -> pair.2 > pair.1 + 1, arrayZip(arrayPopBack(marks), arrayPopFront(marks)))) AS hole
    FROM
    (
        SELECT offset FROM {{database}}.events
        WHERE topic = {topic:String} AND partition = {partition:Int32} AND offset >= {first:Int64} AND offset < {next:Int64}
            AND intDiv(offset, 65536) IN {blocks:Array(Int64)}
        UNION ALL
        SELECT offset FROM {{database}}.quarantine FINAL
        WHERE topic = {topic:String} AND partition = {partition:Int32} AND offset >= {first:Int64} AND offset < {next:Int64}
            AND intDiv(offset, 65536) IN {blocks:Array(Int64)} AND state != 'replayed'
    )
    GROUP BY block
)
ORDER BY first
