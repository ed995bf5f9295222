-- What a verification came to.
INSERT INTO {{database}}.verifications
    (started_at, finished_at, since, scope, program, is_clean, messages, cases, holes, doubles, stale, missing, conflicts, gaps,
     topics, places.topic, places.partition, places.next, places.held)
SELECT
    fromUnixTimestamp64Milli({started_at:Int64}), fromUnixTimestamp64Milli({finished_at:Int64}),
    if({is_lately:Bool}, fromUnixTimestamp64Milli({since:Int64}), NULL),
    {scope:String}, {program:String}, {is_clean:Bool}, {messages:UInt64}, {cases:UInt64},
    {holes:UInt64}, {doubles:UInt64}, {stale:UInt64}, {missing:UInt64}, {conflicts:UInt64}, {gaps:UInt64}, {topics:UInt64},
    {place_topic:Array(String)}, {place_partition:Array(Int32)}, {place_next:Array(Int64)}, {place_held:Array(UInt64)}
