-- Cases whose messages lie on partitions of several writers. Whoever finds one notes it, after its messages are in the ledger
-- and before it folds them; other writers read each note once, and let go of what they hold of the case in memory
-- (docs/decisions/0010). A note is open until a comparison of the ledger with the row of the case has agreed; the later row
-- of a note settles it. Ordered by writer and number, because readers go on where they were with each writer.
-- Settled notes stay for a week, for readers that were away.
CREATE TABLE IF NOT EXISTS {{database}}.behind
(
    writer     UInt64                         COMMENT '写入进程标识 | Writer: a number that a process draws at its start',
    note_no    UInt64                         COMMENT '该进程的第几次记录 | Number of the writer''s insert of notes',
    stream     LowCardinality(String)         COMMENT '业务流 | Stream',
    case_id    String                         COMMENT '案件编号 | Case number',
    noted_at   DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3) COMMENT '记录时间 | When it was noted',
    settled_at DateTime64(3, 'Asia/Shanghai') DEFAULT toDateTime64(0, 3) COMMENT '核对无误时间，1970 年为未核对 | When the comparison agreed; 1970: open'
)
ENGINE = ReplacingMergeTree(settled_at)
ORDER BY (writer, note_no, stream, case_id)
TTL toDateTime(settled_at) + INTERVAL 7 DAY DELETE WHERE settled_at > toDateTime64(0, 3)
COMMENT '可能未折叠完整的案件 | Cases that may be folded from a part of their messages'
