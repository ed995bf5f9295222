-- Messages that could not be understood, by their place. A later row of the same place (replayed, discarded) wins.
-- `payload` is sealed with the privacy key; `preview` shows only what is no personal data.
CREATE TABLE IF NOT EXISTS {{database}}.quarantine
(
    topic       LowCardinality(String)          COMMENT 'Kafka 主题 | Kafka topic',
    partition   Int32                           COMMENT 'Kafka 分区 | Kafka partition',
    offset      Int64                           COMMENT 'Kafka 位移 | Kafka offset',
    stream      LowCardinality(String)          COMMENT '业务流 | Stream',
    reason      LowCardinality(String)          COMMENT '隔离原因 | Why, as a code',
    field       String                          COMMENT '出错字段 | Field at fault, as a JSON pointer',
    detail      String                          COMMENT '说明 | What is wrong, without the value',
    preview     String                          COMMENT '预览（已脱敏） | Preview without personal data',
    key         String                          COMMENT '消息键（密封） | Message key, sealed',
    headers     String                          COMMENT '消息头（密封） | Message headers, sealed',
    payload     String                          COMMENT '原始字节（密封） | Original bytes, sealed',
    size        UInt32                          COMMENT '原始字节数 | Size in bytes',
    ingested_at DateTime64(3, 'Asia/Shanghai')  COMMENT '接收时间 | When the message was taken in',
    state       LowCardinality(String)          COMMENT '状态：waiting, replayed, discarded | State',
    changed_at  DateTime64(3, 'Asia/Shanghai')  COMMENT '状态时间 | Since when',
    version     UInt64                          COMMENT '版本 | Version: later states win'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (topic, partition, offset)
SETTINGS auto_statistics_types = ''
COMMENT '隔离区：无法识别的消息 | Quarantine: messages that could not be understood'
