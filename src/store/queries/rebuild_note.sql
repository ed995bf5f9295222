-- Before the first row of a rebuild, and after its last.
INSERT INTO {{database}}.rebuilds
    (generation, scope, stream, policy, calendar, program, started_at, finished_at, cases, events)
SELECT
    {generation:UInt32}, {scope:String}, {stream:String}, {policy:String}, {calendar:String}, {program:String},
    fromUnixTimestamp64Milli({started_at:Int64}),
    if({is_finished:Bool}, fromUnixTimestamp64Milli({finished_at:Int64}), NULL),
    {cases:UInt64}, {events:UInt64}
