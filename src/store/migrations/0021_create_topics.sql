-- The topics that this ledger was filled from, by Kafka's own id. A topic that was deleted and made anew under the same name has
-- another id: its offsets would meet the rows of the old one at the same places, so it is refused before anything is read.
-- The first id that was seen of a partition stays; a partition that is not here was never taken up.
CREATE TABLE IF NOT EXISTS {{database}}.topics
(
    topic      String                         COMMENT 'Kafka 主题 | Kafka topic',
    partition  Int32                          COMMENT 'Kafka 分区 | Kafka partition',
    topic_id   String                         COMMENT '主题标识，重建后不同；空为代理不提供 | Kafka''s id of the topic, another one after it was made anew; empty: the brokers have none',
    first_seen DateTime64(3, 'Asia/Shanghai') COMMENT '首次读取时间 | When it was first taken up',
    version    UInt64                         DEFAULT 9223372036854775807 - toUnixTimestamp64Milli(first_seen) COMMENT '版本：最早的为准 | Version: the earliest row stays'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (topic, partition)
COMMENT '已读取的主题分区及主题标识 | Partitions taken up, with the ids of their topics'
