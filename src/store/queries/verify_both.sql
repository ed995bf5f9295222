-- Places in the ledger that the quarantine has as well and not as replayed, within blocks that have some.
SELECT offset, toString(state) AS state
FROM {{database}}.quarantine FINAL
WHERE topic = {topic:String} AND partition = {partition:Int32} AND intDiv(offset, 65536) IN {blocks:Array(Int64)}
    AND state != 'replayed' AND offset IN
    (
        SELECT offset FROM {{database}}.events
        WHERE topic = {topic:String} AND partition = {partition:Int32} AND intDiv(offset, 65536) IN {blocks:Array(Int64)}
    )
ORDER BY offset
LIMIT {most:UInt64}
