-- A partition is taken up for the first time.
INSERT INTO {{database}}.topics (topic, partition, topic_id, first_seen)
SELECT {topic:String}, {partition:Int32}, {topic_id:String}, fromUnixTimestamp64Milli({now:Int64})
