-- How far the sender of alerts has come: a hint where to go on, and since when alerts are sent at all. Of `since` the earliest note counts.
CREATE TABLE IF NOT EXISTS {{database}}.alerts_reached
(
    topic       LowCardinality(String)         COMMENT 'Kafka 主题 | Kafka topic',
    since       DateTime64(3, 'Asia/Shanghai') COMMENT '自此时起发提醒，此前为历史 | Alerts are of what arose from then on',
    clock_at    DateTime64(3, 'Asia/Shanghai') COMMENT '时限已查至 | Dues were looked at up to then',
    taken_in_at DateTime64(3, 'Asia/Shanghai') COMMENT '变动已查至（接收时间） | Changes were looked at up to messages taken in then',
    sender      UInt64                         COMMENT '发送进程标识，后来者更大 | Sender: who comes later has a higher number',
    noted_at    DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3) COMMENT '记录时间 | When it was noted'
)
ENGINE = ReplacingMergeTree(noted_at)
ORDER BY (topic, since)
COMMENT '提醒查到何处 | How far the alerts have come'
