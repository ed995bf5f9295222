-- Somebody accepts a gap. To say it twice changes nothing.
INSERT INTO {{database}}.gaps (topic, partition, first, next, reason, note, noted_at)
SELECT {topic:String}, {partition:Int32}, {first:Int64}, {next:Int64}, {reason:String}, {note:String}, fromUnixTimestamp64Milli({now:Int64})
