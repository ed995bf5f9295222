-- The figures whose grain is the clock: one row for each clock in force at as_of, of a stage (assignment 0) or of a unit's
-- assignment; then unit is that unit, so that a case may count for several. Parameters as for kpi_flags.
CREATE OR REPLACE VIEW {{database}}_mart.kpi_clocks
(
    stream            LowCardinality(String)                   COMMENT '业务流 | Stream',
    case_id           String                                   COMMENT '案件编号 | Case number',
    kind              LowCardinality(String)                   COMMENT '类型 | Kind',
    channel           LowCardinality(String)                   COMMENT '来源渠道 | Channel it came by',
    category_standard LowCardinality(String)                   COMMENT '分类标准 | Standard of the category code',
    category_code     LowCardinality(String)                   COMMENT '分类代码 | Category code',
    category_name     LowCardinality(String)                   COMMENT '分类名称 | Category name',
    area              LowCardinality(String)                   COMMENT '区代码 | District',
    town              LowCardinality(String)                   COMMENT '街镇代码 | Town',
    community         LowCardinality(String)                   COMMENT '村居代码 | Community',
    cell              LowCardinality(String)                   COMMENT '单元网格 | Grid cell',
    duty_grid         LowCardinality(String)                   COMMENT '责任网格 | Duty grid',
    unit              LowCardinality(String)                   COMMENT '责任单位代码 | Unit that has the case',
    unit_name         LowCardinality(String)                   COMMENT '责任单位名称 | Its name',
    urgency           LowCardinality(String)                   COMMENT '紧急程度 | Urgency',
    how               LowCardinality(String)                   COMMENT '结案方式；未结为空 | How it was closed; empty while it is not',
    result            LowCardinality(String)                   COMMENT '结案的办理结果；未结为空 | Result of a closed case; empty while it is not',
    standing          LowCardinality(String)                   COMMENT '截至时刻的统计状态 | Standing at as_of',
    received_at       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '受理时间（截至时刻所知） | Received, as known at as_of',
    stage             LowCardinality(String)                   COMMENT '时限环节 | Stage',
    assignment        UInt16                                   COMMENT '第几次派遣，0 为全案 | Which assignment; 0: the case itself',
    started_at        DateTime64(3, 'Asia/Shanghai')           COMMENT '计时起点 | Clock started',
    due_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '该计时的时限 | Due of this clock',
    on_time_until     DateTime64(3, 'Asia/Shanghai')           COMMENT '该计时最晚按时时刻 | Last instant that is on time for this clock',
    stopped_at        Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '计时停止时间 | Clock stopped; none while it runs',
    is_paused         Bool                                     COMMENT '计时是否暂停 | Clock is paused',
    is_unjudged       Bool                                     COMMENT '不予评判：作废、申诉通过、退单、转派 | Without a verdict: void, exempt, given back or passed on',
    is_met            Bool                                     COMMENT '是否按时完成 | Stopped in time, and never late before',
    is_unassessed     Bool                                     COMMENT '不考核 | Not assessed',
    is_exempt         Bool                                     COMMENT '申诉通过，不计入考核 | Appeal upheld: exempt',
    is_out_of_base    Bool                                     COMMENT '不计入结案率、及时率基数 | Out of the base of closure and timeliness',
    is_counted        Bool                                     COMMENT '是否计入统计 | Received by as_of, neither void nor excluded',
    is_in_base        Bool                                     COMMENT '是否计入结案率、及时率基数 | Counted, and not out of the base',
    has_due           Bool                                     COMMENT '是否有时限 | Has a due',
    is_judged         Bool                                     COMMENT '应评判：时限在时段内且已到 | To be judged: due in the period, by as_of',
    k08_n             UInt8                                    COMMENT 'K08 按期处置率分子 | K08 numerator: answered by the unit in time, of its dues',
    k08_d             UInt8                                    COMMENT 'K08 按期处置率分母 | K08 denominator: answered by the unit in time, of its dues',
    k09a_n            UInt8                                    COMMENT 'K09a 核实按时率分子 | K09a numerator: verified in time, of those due',
    k09a_d            UInt8                                    COMMENT 'K09a 核实按时率分母 | K09a denominator: verified in time, of those due',
    k09b_n            UInt8                                    COMMENT 'K09b 核查按时率分子 | K09b numerator: checked in time, of those due',
    k09b_d            UInt8                                    COMMENT 'K09b 核查按时率分母 | K09b denominator: checked in time, of those due',
    k12b_n            UInt8                                    COMMENT 'K12b 按时联系率分子 | K12b numerator: contacted in time, of those due',
    k12b_d            UInt8                                    COMMENT 'K12b 按时联系率分母 | K12b denominator: contacted in time, of those due'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    {from:DateTime64(3, 'Asia/Shanghai')} AS period_from,
    {to:DateTime64(3, 'Asia/Shanghai')} AS period_to,
    {as_of:DateTime64(3, 'Asia/Shanghai')} AS instant,
    assignments[clock.assignment] AS whose,
    clock.assignment > 0 AS is_of_unit
SELECT
    stream, case_id, kind, channel, category_standard, category_code, category_name, area, town, community, cell,
    duty_grid,
    CAST(if(is_of_unit, whose.unit, at_instant.unit) AS LowCardinality(String)) AS unit,
    CAST(if(is_of_unit, whose.unit_name, at_instant.unit_name) AS LowCardinality(String)) AS unit_name,
    urgency, how, result, standing, received_at,
    CAST(clock.stage AS LowCardinality(String)) AS stage,
    clock.assignment AS assignment,
    clock.started_at AS started_at,
    toNullable(clock.due_at) AS due_at,
    clock.on_time_until AS on_time_until,
    clock.stopped_at AS stopped_at,
    clock.is_paused AS is_paused,
    clock.is_unjudged AS is_unjudged,
    NOT clock.was_red AND ifNull(clock.stopped_at <= clock.on_time_until, false) AS is_met,
    is_unassessed, is_exempt, is_out_of_base, is_counted, is_in_base,
    true AS has_due,
    is_in_base AND NOT is_unjudged AND NOT is_paused AND clock.due_at >= period_from AND clock.due_at < period_to
        AND clock.due_at <= instant AS is_judged,
    k08_d AND is_met AS k08_n,
    is_judged AND stage = 'DISPOSE' AND is_of_unit AS k08_d,
    k09a_d AND is_met AS k09a_n,
    is_judged AND stage = 'VERIFY' AND NOT is_of_unit AS k09a_d,
    k09b_d AND is_met AS k09b_n,
    is_judged AND stage = 'CHECK' AND NOT is_of_unit AS k09b_d,
    k12b_d AND is_met AS k12b_n,
    is_judged AND stage = 'CONTACT' AND NOT is_of_unit AS k12b_d
FROM {{database}}_mart.cases_at(as_of = {as_of:DateTime64(3, 'Asia/Shanghai')}) AS at_instant
ARRAY JOIN clocks AS clock
SETTINGS optimize_and_compare_chain = 0
COMMENT '计时指标：参数 from、to、as_of，每个计时一行 | Figures of clocks: parameters from, to, as_of; one row a clock'
