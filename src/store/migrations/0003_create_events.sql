-- The ledger: one row a message, identity = its place on Kafka (topic, partition, offset).
-- A redelivered message is the same row and merges away; a message that was sent twice is two rows of one event.
-- Ordered by case, because the fold reads whole cases. The index holds the case id only and has a mark every 512 rows:
-- a case is about twelve rows, and looking one up should not read eight thousand.
-- What an event states is one column of JSON, `{"<type>": {…}}`, made after the door: every type fills other fields, and sixty
-- sparse columns cost inserts, merges and look-ups four times as much (docs/decisions/0007). The mart shows them typed.
-- Parts stay compact (one file for all columns) up to half a gigabyte: look-ups want whole rows, and forty files for each
-- batch cost a fifth of ClickHouse's time.
-- Merges take ten parts at a time rather than five: each row is written fewer times, and under load that is a fifth of
-- ClickHouse's time. Look-ups then see a few parts more.
-- No partitions: a redelivery must meet its twin whenever it comes.
CREATE TABLE IF NOT EXISTS {{database}}.events
(
    case_id            String                                   COMMENT '案件编号 | Case number',
    source             LowCardinality(String)                   COMMENT '来源系统 | System that sent the event',
    event_id           String                                   COMMENT '事件编号，来源内唯一 | Event id, unique within the source',
    topic              LowCardinality(String)                   COMMENT 'Kafka 主题 | Kafka topic',
    partition          Int32                                    COMMENT 'Kafka 分区 | Kafka partition',
    offset             Int64                                    COMMENT 'Kafka 位移 | Kafka offset',
    stream             LowCardinality(String)                   COMMENT '业务流：热线、网格等 | Stream: hotline, grid, …',
    type               LowCardinality(String)                   COMMENT '事件类型 | Event type, without case. and version',
    envelope           LowCardinality(String)                   COMMENT '封装方式 | Wrapping: structured, binary or bare',
    occurred_at        DateTime64(3, 'Asia/Shanghai')           COMMENT '发生时间 | When it happened (business time)',
    recorded_at        Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '来源系统记录时间 | When the source wrote it down',
    ingested_at        DateTime64(3, 'Asia/Shanghai')           COMMENT '接收时间 | When the message was taken in',
    seq                UInt64                                   COMMENT '案内序号，0 为未给 | Source''s count within the case, 0 if none',
    data               String                                   COMMENT '内容：事件陈述的事实，JSON，已脱敏 | What the event states, as JSON, without personal data'
)
ENGINE = ReplacingMergeTree
PRIMARY KEY case_id
ORDER BY (case_id, source, event_id, topic, partition, offset)
SETTINGS index_granularity = 512, min_bytes_for_wide_part = 536870912, merge_selector_base = 10, auto_statistics_types = ''
COMMENT '账本：每条消息一行 | Ledger: one row a message'
