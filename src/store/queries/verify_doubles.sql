-- Places under more than one identity, within blocks that have some.
SELECT offset, count() AS identities,
    groupArray(5)(concat(stream, ' ', case_id, ' (', source, ', ', event_id, ')')) AS names
FROM {{database}}.events FINAL
WHERE topic = {topic:String} AND partition = {partition:Int32} AND intDiv(offset, 65536) IN {blocks:Array(Int64)}
GROUP BY offset
HAVING identities > 1
ORDER BY offset
LIMIT {most:UInt64}
