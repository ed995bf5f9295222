-- The verdict of every case behind an edition: in which figures it counts, and what it rests on. One row a case.
-- A figure is a bit, by its place in `editions.figures`; a case adds 1 where its bit is set, unless `amounts` says otherwise.
-- Most cases of a month look alike, and times of neighbours are near each other: packed, a row is some twenty bytes.
-- A partition an attempt, so that what never got a head can be dropped at once.
CREATE TABLE IF NOT EXISTS {{database}}.edition_verdicts
(
    attempt      LowCardinality(String)                   COMMENT '发布编号 | Attempt that it belongs to',
    stream       LowCardinality(String)                   COMMENT '业务流 | Stream',
    case_id      String                                   COMMENT '案件编号 | Case number' CODEC(ZSTD(3)),
    version      UInt64                                   COMMENT '案件行版本：代次与折叠行数 | Version of the case: generation and rows folded' CODEC(T64, ZSTD(3)),
    policy       LowCardinality(String)                   COMMENT '判定所用时限规则及版本 | Policy and version that judged it',
    policy_rule  LowCardinality(String)                   COMMENT '判定所用规则 | Rule of that policy',
    calendar     LowCardinality(String)                   COMMENT '判定所用日历版本 | Version of the calendar',
    standing     LowCardinality(String)                   COMMENT '截至时刻的统计状态 | Standing at as_of',
    unit         LowCardinality(String)                   COMMENT '责任单位代码 | Unit that has the case',
    unit_name    LowCardinality(String)                   COMMENT '责任单位名称 | Its name',
    community    LowCardinality(String)                   COMMENT '村居代码 | Community',
    received_at  Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '受理时间（截至时刻所知） | Received, as known at as_of' CODEC(T64, ZSTD(3)),
    due_at       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '时限（截至时刻所知） | Due, as known at as_of' CODEC(T64, ZSTD(3)),
    finished_at  Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '与时限比较的时间（截至时刻所知） | What the due is compared with, as known at as_of' CODEC(T64, ZSTD(3)),
    closed_at    Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '结案时间（截至时刻所知） | Closed, as known at as_of' CODEC(T64, ZSTD(3)),
    worked_ms    Nullable(Int64)                          COMMENT '受理至结案的工作时长（毫秒） | Working time from receipt to close, milliseconds' CODEC(T64, ZSTD(3)),
    numerators   UInt64                                   COMMENT '计入哪些指标的分子，按位 | Figures in whose numerator it is, as bits' CODEC(ZSTD(3)),
    denominators UInt64                                   COMMENT '计入哪些指标的分母，按位 | Figures in whose denominator it is, as bits' CODEC(ZSTD(3)),
    amounts Nested
    (
        figure UInt8,
        n      UInt64,
        d      UInt64
    ) COMMENT '加的不是 1 的：第几位、分子加几、分母加几 | Where it adds other than 1: which bit, how much to n and d'
)
ENGINE = MergeTree
PARTITION BY attempt
ORDER BY (attempt, stream, case_id)
SETTINGS auto_statistics_types = ''
COMMENT '每案判定 | Verdicts of the cases behind editions'
