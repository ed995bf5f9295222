-- Where the sender goes on, and who sends: the one with the highest number. No row before the first start.
SELECT min(since) AS since_first, max(clock_at) AS clock_last, max(taken_in_at) AS taken_in_last, max(sender) AS sender_last, max(noted_at) AS noted_last
FROM {{database}}.alerts_reached FINAL
WHERE topic = {topic:String}
HAVING count() > 0
