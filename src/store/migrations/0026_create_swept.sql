-- How far the ledger was compared with the cases, by partition: the sweep goes on behind it, whenever that is, and needs no
-- window of time (docs/decisions/0010). `seen` is where the ledger ended at that sweep; the next one compares up to there.
CREATE TABLE IF NOT EXISTS {{database}}.swept
(
    stream    LowCardinality(String)         COMMENT '业务流 | Stream',
    topic     LowCardinality(String)         COMMENT 'Kafka 主题 | Kafka topic',
    partition Int32                          COMMENT 'Kafka 分区 | Kafka partition',
    next      Int64                          COMMENT '此前的位移均已核对 | Offsets before this were compared',
    seen      Int64                          COMMENT '当时账本到达的位移 | Where the ledger ended then',
    swept_at  DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3) COMMENT '巡检时间 | When it was compared'
)
ENGINE = ReplacingMergeTree(swept_at)
ORDER BY (stream, topic, partition)
COMMENT '巡检位置：账本与案件核对到何处 | How far the ledger was compared with the cases'
