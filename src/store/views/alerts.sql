-- What was sent of cases (docs/alerts.md), as `tongguan alerts list` shows it: one row an alert. `clock` = 'case' is the due by which the
-- case is judged. FINAL: what was written twice after a death of the sender is one. SQL SECURITY DEFINER: whoever may read this database
-- needs no right on the tables behind it.
CREATE OR REPLACE VIEW {{database}}_mart.alerts
(
    sent_at           DateTime64(3, 'Asia/Shanghai')           COMMENT '发出时间 | When it was sent',
    arose_at          DateTime64(3, 'Asia/Shanghai')           COMMENT '发生时间：亮灯、答复、结案、重开的时刻 | When it arose: the light, the answer, the close, the reopening',
    kind              LowCardinality(String)                   COMMENT '提醒类别：due_soon 临期、overdue 超期、answered 已答复、closed 结案、reopened 重开、quarantined 隔离 | Kind: due_soon, overdue, answered, closed, reopened, quarantined',
    light             LowCardinality(String)                   COMMENT '灯：YELLOW 黄灯、RED 红灯，无灯为空 | Light: YELLOW, RED; empty: of none',
    stream            LowCardinality(String)                   COMMENT '业务流 | Stream',
    case_id           String                                   COMMENT '案件编号，隔离提醒为空 | Case number; empty of what was quarantined',
    clock             LowCardinality(String)                   COMMENT '计时：case 为案件时限，否则为环节 | Clock: case, or the stage; empty: of none',
    assignment        UInt16                                   COMMENT '派遣序号，0 为案件本身 | Number of the assignment, 0: the case''s own',
    round             UInt32                                   COMMENT '轮次：此前重开（和返工）次数 | Round: reopenings (and reworks) before it',
    due_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '提醒时的时限 | Due that it is about',
    unit              LowCardinality(String)                   COMMENT '责任单位代码 | Unit that it is about',
    unit_name         LowCardinality(String)                   COMMENT '责任单位名称 | Its name',
    is_late           Bool                                     COMMENT '是否迟发 | Could it have been sent much earlier?',
    reason            LowCardinality(String)                   COMMENT '隔离原因 | Why messages were quarantined',
    messages          UInt64                                   COMMENT '隔离消息数 | How many they were',
    id                String                                   COMMENT '提醒编号，同一事项始终相同 | Id of the alert, the same for the same facts',
    partition         Int32                                    COMMENT 'Kafka 分区 | Kafka partition',
    offset            Int64                                    COMMENT 'Kafka 位移 | Kafka offset'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    sent_at, arose_at, kind, light, stream, case_id, clock, assignment, round, due_at, unit, unit_name, is_late, reason,
    messages, id, partition, offset
FROM {{database}}.alerts FINAL
COMMENT '提醒：每条已发出的提醒一行 | Alerts: one row for each that was sent'
