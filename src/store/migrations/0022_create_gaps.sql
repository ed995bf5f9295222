-- Offsets that will never be in the ledger or the quarantine, and that somebody has accepted as lost: taken by retention before
-- they were read, or bytes that cannot be read. Nothing is skipped that is not written down here.
CREATE TABLE IF NOT EXISTS {{database}}.gaps
(
    topic     LowCardinality(String)         COMMENT 'Kafka 主题 | Kafka topic',
    partition Int32                          COMMENT 'Kafka 分区 | Kafka partition',
    first     Int64                          COMMENT '缺失的首个位移 | First offset that is missing',
    next      Int64                          COMMENT '其后首个可读位移 | First offset behind the gap',
    reason    LowCardinality(String)         COMMENT '原因：retention 已过保留期、unreadable 无法读取 | Why: retention, unreadable',
    note      String                         COMMENT '说明 | What somebody said of it',
    noted_at  DateTime64(3, 'Asia/Shanghai') COMMENT '记录时间 | When it was accepted'
)
ENGINE = ReplacingMergeTree(noted_at)
ORDER BY (topic, partition, first, next)
COMMENT '已确认的缺口：不会再读取的消息 | Gaps: messages that will never be read, on record'
