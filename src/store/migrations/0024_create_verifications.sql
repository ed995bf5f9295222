-- What verifications came to, one row a run: when the store was last proven whole, for an alert that one is overdue.
-- The places say up to where all offsets of a partition are accounted for, and how many of them hold a message: as long as as many are
-- held, the others are known to hold none, and need not be read from Kafka again, nor when retention has taken them.
CREATE TABLE IF NOT EXISTS {{database}}.verifications
(
    started_at  DateTime64(3, 'Asia/Shanghai')           COMMENT '开始时间 | Started',
    finished_at Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '完成时间 | Finished',
    since       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '只核对此后接收的消息，空为全部 | Only messages taken in since; empty: all',
    scope       LowCardinality(String)                   COMMENT '范围：all 全部，否则为主题或业务流 | Scope: all, or the topic or stream asked for',
    program     LowCardinality(String)                   COMMENT '程序版本 | Version of the program',
    is_clean    Bool                                     COMMENT '是否无误 | Nothing was found',
    messages    UInt64                                   COMMENT '消息数 | Messages in the ledger or the quarantine',
    cases       UInt64                                   COMMENT '案件数 | Cases compared',
    holes       UInt64                                   COMMENT '缺失：Kafka 有而账本与隔离区均无 | Holes: on Kafka, and in neither table',
    doubles     UInt64                                   COMMENT '重复：一处多行 | Doubles: one place more than once',
    stale       UInt64                                   COMMENT '案件与账本不符 | Cases that do not agree with the ledger',
    missing     UInt64                                   COMMENT '账本有而无案件行 | In the ledger, without a row of the case',
    conflicts   UInt64                                   COMMENT '事件编号冲突 | Event ids used for different things',
    gaps        UInt64                                   COMMENT '已从 Kafka 消失且未经确认的位移 | Offsets gone from Kafka that nobody accepted',
    topics      UInt64                                   COMMENT '重建的主题 | Topics that were made anew',
    places Nested
    (
        topic     String,
        partition Int32,
        next      Int64,
        held      UInt64
    ) COMMENT '已核实到的位移（不含），其下有消息的位移数 | Accounted for below this offset, and how many hold a message'
)
ENGINE = MergeTree
ORDER BY started_at
COMMENT '核对：账本、案件与 Kafka 的核对结果 | Verifications: what comparing Kafka, ledger and cases came to'
