-- Generations of the case rows: which rules the rows of each generation are judged by. The newest says by what a writer must
-- judge, and with which generation it writes (docs/decisions/0008). A rebuild is written down before its first row and once
-- more after its last; the later row replaces the earlier. Generation 1 is founded by the first writer.
CREATE TABLE IF NOT EXISTS {{database}}.rebuilds
(
    generation  UInt32                                   COMMENT '代次：案件版本的高半部 | Generation: the upper half of a case''s version',
    scope       LowCardinality(String)                   COMMENT '范围：founding 初始、open 未了结、all 全部 | Scope: founding, open (unfinished cases), all',
    stream      LowCardinality(String)                   COMMENT '业务流，空为全部 | Stream, empty: all',
    policy      LowCardinality(String)                   COMMENT '判定所用时限规则及版本 | Policy and version that judge from here on',
    calendar    LowCardinality(String)                   COMMENT '判定所用日历版本 | Version of the calendar',
    program     LowCardinality(String)                   COMMENT '程序版本 | Version of the program that folded',
    started_at  DateTime64(3, 'Asia/Shanghai')           COMMENT '开始时间 | Started',
    finished_at Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '完成时间，空为未完成 | Finished; empty: running, or cut off',
    cases       UInt64                                   COMMENT '重新折叠的案件数 | Cases folded again',
    events      UInt64                                   COMMENT '读取的账本行数 | Ledger rows read',
    changed_at  DateTime64(3, 'Asia/Shanghai')           DEFAULT now64(3) COMMENT '变更时间 | When this row was written'
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY (generation, scope, stream, policy, calendar)
COMMENT '代次：案件按何规则折叠 | Generations: by which rules the cases were folded'
