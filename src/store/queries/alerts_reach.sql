-- Writes down how far the sender has come.
INSERT INTO {{database}}.alerts_reached (topic, since, clock_at, taken_in_at, sender)
SELECT {topic:String}, {since:DateTime64(3, 'Asia/Shanghai')}, {clock_at:DateTime64(3, 'Asia/Shanghai')},
    {taken_in_at:DateTime64(3, 'Asia/Shanghai')}, {sender:UInt64}
