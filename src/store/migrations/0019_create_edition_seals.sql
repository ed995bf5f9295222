-- A second note of every edition, written after its head: that an edition was there, even if all of it is gone.
CREATE TABLE IF NOT EXISTS {{database}}.edition_seals
(
    serial    UInt64                         COMMENT '发布序号 | Serial of the edition',
    report    LowCardinality(String)         COMMENT '报告 | Report',
    edition   UInt32                         COMMENT '版次 | Edition',
    sha256    String                         COMMENT '版次的 SHA-256 | SHA-256 of the head',
    sealed_at DateTime64(3, 'Asia/Shanghai') COMMENT '记下的时间 | When it was noted'
)
ENGINE = MergeTree
ORDER BY serial
SETTINGS auto_statistics_types = ''
COMMENT '版次留底 | Seals of editions'
