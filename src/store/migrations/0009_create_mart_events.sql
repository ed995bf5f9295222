-- The ledger as analysts read it: one row a message, without pseudonyms.
-- FINAL and not LIMIT 1 BY: a redelivered message is the same row of the sorting key, and merging in that order needs little
-- memory and reads single cases by the index, where LIMIT 1 BY would keep every place of the ledger in memory.
-- An event that a feeder sent twice is two messages and stays two rows: count uniqExact(source, event_id) for events.
CREATE OR REPLACE VIEW {{database}}_mart.events
(
    case_id           String                                   COMMENT '案件编号 | Case number',
    source            LowCardinality(String)                   COMMENT '来源系统 | System that sent the event',
    event_id          String                                   COMMENT '事件编号，来源内唯一 | Event id, unique within the source',
    topic             LowCardinality(String)                   COMMENT 'Kafka 主题 | Kafka topic',
    partition         Int32                                    COMMENT 'Kafka 分区 | Kafka partition',
    offset            Int64                                    COMMENT 'Kafka 位移 | Kafka offset',
    stream            LowCardinality(String)                   COMMENT '业务流：热线、网格等 | Stream: hotline, grid, …',
    type              LowCardinality(String)                   COMMENT '事件类型 | Event type, without case. and version',
    envelope          LowCardinality(String)                   COMMENT '封装方式 | Wrapping: structured, binary or bare',
    occurred_at       DateTime64(3, 'Asia/Shanghai')           COMMENT '发生时间 | When it happened (business time)',
    recorded_at       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '来源系统记录时间 | When the source wrote it down',
    ingested_at       DateTime64(3, 'Asia/Shanghai')           COMMENT '接收时间 | When the message was taken in',
    seq               UInt64                                   COMMENT '案内序号，0 为未给 | Source''s count within the case, 0 if none',
    kind              LowCardinality(String)                   COMMENT '类型：部件、事件、投诉等 | Kind',
    channel           LowCardinality(String)                   COMMENT '来源渠道 | Channel it came by',
    category_standard LowCardinality(String)                   COMMENT '分类标准 | Standard of the category code',
    category_code     LowCardinality(String)                   COMMENT '分类代码 | Category code',
    category_name     LowCardinality(String)                   COMMENT '分类名称 | Category name',
    area              LowCardinality(String)                   COMMENT '区代码（6 位） | District, 6 digits',
    town              LowCardinality(String)                   COMMENT '街镇代码（9 位） | Town, 9 digits',
    community         LowCardinality(String)                   COMMENT '村居代码（12 位） | Community, 12 digits',
    cell              LowCardinality(String)                   COMMENT '单元网格（15 位） | Grid cell, 15 digits',
    duty_grid         LowCardinality(String)                   COMMENT '责任网格 | Duty grid',
    urgency           LowCardinality(String)                   COMMENT '紧急程度 | Urgency',
    external_no       String                                   COMMENT '外部编号 | Number in another system',
    repeat_of         String                                   COMMENT '重复工单的原单号 | The case that this one repeats',
    title             String                                   COMMENT '标题（已脱敏） | Title, scrubbed',
    description       String                                   COMMENT '描述（已脱敏） | Description, scrubbed',
    unit              LowCardinality(String)                   COMMENT '单位代码 | Unit code',
    unit_name         LowCardinality(String)                   COMMENT '单位名称 | Unit name',
    level             UInt8                                    COMMENT '派遣级别 | Level of the dispatch',
    role              LowCardinality(String)                   COMMENT '主责或协办 | Lead or support',
    due_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '时限 | Due stated by the event',
    due_is_exclusive  Bool                                     COMMENT '时限为零点：前一日内有效 | Due at midnight: through the day before',
    outcome           Nullable(Bool)                           COMMENT '是否：同意、通过、联系上 | Yes or no: approved, passed, contacted',
    patrol_dealt      Bool                                     COMMENT '自行处置 | Put right on the spot',
    media_count       UInt32                                   COMMENT '附件数 | Number of attachments',
    filing_condition  LowCardinality(String)                   COMMENT '立案条件 | Filing condition',
    how               LowCardinality(String)                   COMMENT '结案方式 | How it was closed',
    result            LowCardinality(String)                   COMMENT '办理结果 | Result',
    note              String                                   COMMENT '办理情况（已脱敏） | Note, scrubbed',
    reason_code       LowCardinality(String)                   COMMENT '原因代码 | Reason code',
    reason            String                                   COMMENT '原因（已脱敏） | Reason, scrubbed',
    field             LowCardinality(String)                   COMMENT '更正的字段 | Field corrected',
    value             String                                   COMMENT '更正后的值 | Its right value',
    old_value         String                                   COMMENT '更正前的值 | Its old value',
    status            LowCardinality(String)                   COMMENT '快照：状态 | Snapshot: status',
    reported_at       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '快照：上报时间 | Snapshot: reported',
    accepted_at       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '快照：受理时间 | Snapshot: accepted',
    filed_at          Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '快照：立案时间 | Snapshot: filed',
    dispatched_at     Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '快照：派遣时间 | Snapshot: dispatched',
    submitted_at      Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '快照：反馈时间 | Snapshot: submitted',
    closed_at         Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '快照：结案时间 | Snapshot: closed'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    case_id, source, event_id, topic, partition, offset, stream, type, envelope, occurred_at, recorded_at,
    ingested_at, seq, kind, channel, category_standard, category_code, category_name, area, town, community, cell,
    duty_grid, urgency, external_no, repeat_of, title, description, unit, unit_name, level, role, due_at,
    due_is_exclusive, outcome, patrol_dealt, media_count, filing_condition, how, result, note, reason_code, reason,
    field, value, old_value, status, reported_at, accepted_at, filed_at, dispatched_at, submitted_at, closed_at
FROM {{database}}.events FINAL
COMMENT '事件：每条消息一行 | Events: one row a message'
