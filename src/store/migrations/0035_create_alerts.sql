-- Alerts that were sent: the copy of the topic `case-alerts`, which is the truth (docs/decisions/0019). Written after each transaction was
-- committed, and filled from the topic at the next start where that did not come about. Ordered by case and id, because every pass asks whether
-- some alerts of some cases are here; position and place never change, so that a row written twice is one.
CREATE TABLE IF NOT EXISTS {{database}}.alerts
(
    case_id    String                                   COMMENT '案件编号，隔离提醒为空 | Case number; empty of what was quarantined',
    id         String                                   COMMENT '提醒编号，同一事项始终相同 | Id of the alert, the same for the same facts',
    kind       LowCardinality(String)                   COMMENT '类型 | Kind: due_soon, overdue, answered, closed, reopened, quarantined',
    stream     LowCardinality(String)                   COMMENT '业务流 | Stream',
    clock      LowCardinality(String)                   COMMENT '计时：case 为案件时限，否则为环节 | Clock: case, or the stage; empty: of none',
    assignment UInt16                                   COMMENT '派遣序号，0 为案件本身 | Number of the assignment, 0: the case''s own',
    light      LowCardinality(String)                   COMMENT '灯 | Light: YELLOW, RED; empty: of none',
    round      UInt32                                   COMMENT '轮次：重开（和返工）次数 | Round: reopenings (and reworks) before it',
    unit       LowCardinality(String)                   COMMENT '责任单位代码 | Unit that it is about',
    unit_name  LowCardinality(String)                   COMMENT '责任单位名称 | Its name',
    due_at     Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '时限 | Due',
    arose_at   DateTime64(3, 'Asia/Shanghai')           COMMENT '发生时间 | When it arose',
    sent_at    DateTime64(3, 'Asia/Shanghai')           COMMENT '发出时间 | When it was sent',
    is_late    Bool                                     COMMENT '是否迟发 | Could it have been sent much earlier?',
    reason     LowCardinality(String)                   COMMENT '隔离原因 | Why messages were quarantined',
    messages   UInt64                                   COMMENT '隔离消息数 | How many they were',
    topic      LowCardinality(String)                   COMMENT 'Kafka 主题 | Kafka topic',
    partition  Int32                                    COMMENT 'Kafka 分区 | Kafka partition',
    offset     Int64                                    COMMENT 'Kafka 位移 | Kafka offset',
    INDEX sent_at_minmax sent_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (case_id, id)
COMMENT '已发出的提醒 | Alerts that were sent'
