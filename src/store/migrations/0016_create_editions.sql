-- The heads of what was published: one row an edition, written last, so that an edition is there when its head is.
-- Never replaced and never merged away. Two publishers may write a head under one serial: the edition is the row that came
-- first, which is the one with the least block number; the other takes the next serial (docs/decisions/0009). That number is kept
-- through merges only with this setting.
CREATE TABLE IF NOT EXISTS {{database}}.editions
(
    serial          UInt64                          COMMENT '发布序号，全部报告连续 | Place among everything that was published, without gaps',
    report          LowCardinality(String)          COMMENT '报告：month 2021-06、quarter 2021-Q2、year 2021 | Report',
    edition         UInt32                          COMMENT '版次，从 1 起 | Edition of this report, from 1',
    attempt         String                          COMMENT '发布编号：本版数字和判定的键 | Under which the figures and verdicts of this edition lie',
    zone            LowCardinality(String)          COMMENT '时区 | Zone in which the period begins',
    period_from     DateTime64(3, 'Asia/Shanghai')  COMMENT '时段起点 | Beginning of the period',
    period_to       DateTime64(3, 'Asia/Shanghai')  COMMENT '时段终点（不含） | End of the period, not part of it',
    as_of           DateTime64(3, 'Asia/Shanghai')  COMMENT '截至时刻 | What had happened by then counts',
    published_at    DateTime64(3, 'Asia/Shanghai')  COMMENT '发布时间 | When it was published',
    published_by    String                          COMMENT '发布人 | By whom',
    note            String                          COMMENT '备注 | Note',
    program         LowCardinality(String)          COMMENT '程序版本 | Version of the program',
    generation      UInt32                          COMMENT '发布时的代次，0 为无 | Newest generation then; 0: none yet',
    policy          LowCardinality(String)          COMMENT '该代次的时限规则 | Policy of that generation',
    calendar        LowCardinality(String)          COMMENT '该代次的日历 | Calendar of that generation',
    figures         Array(String)                   COMMENT '指标：判定中第几位是哪个指标 | Figures, in the order of the bits of the verdicts',
    judged Nested
    (
        policy   String,
        calendar String,
        cases    UInt64
    ) COMMENT '案件实际按何规则判定，各几件 | By which rules the cases were judged, and how many',
    positions Nested
    (
        topic     String,
        partition Int32,
        next      Int64
    ) COMMENT '账本位置：各分区已有的下一位移 | Where the ledger stood: the offset after the last, by partition',
    cases           UInt64                          COMMENT '判定行数 | Verdicts kept',
    verdicts_sha256 String                          COMMENT '全部判定的 SHA-256 | SHA-256 over the verdicts',
    figures_sha256  String                          COMMENT '全部数字的 SHA-256 | SHA-256 over the figures',
    previous        String                          COMMENT '上一序号的 SHA-256 | SHA-256 of the serial before; empty for the first',
    sha256          String                          COMMENT '本行的 SHA-256 | SHA-256 over everything else in this row'
)
ENGINE = MergeTree
ORDER BY serial
SETTINGS enable_block_number_column = 1, auto_statistics_types = ''
COMMENT '已发布的版次 | Editions of reports'
