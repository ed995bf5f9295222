-- What was sent: the last ones, in the order in which they were sent.
SELECT id, kind, stream, case_id, clock, assignment, light, round, unit, unit_name, due_at, arose_at, sent_at, is_late, reason, messages, topic, partition, offset
FROM
(
    SELECT *
    FROM {{database}}.alerts FINAL
    WHERE sent_at >= {since:DateTime64(3, 'Asia/Shanghai')} AND sent_at < {until:DateTime64(3, 'Asia/Shanghai')}
        AND ({case_id:String} = '' OR case_id = {case_id:String}) AND ({stream:String} = '' OR stream = {stream:String})
        AND ({kind:String} = '' OR kind = {kind:String}) AND ({unit:String} = '' OR unit = {unit:String})
    ORDER BY sent_at DESC, partition DESC, offset DESC
    LIMIT {most:UInt64}
)
ORDER BY sent_at, partition, offset
