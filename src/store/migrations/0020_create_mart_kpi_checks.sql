-- The figures whose grain is the check (核查): one row for each check done by as_of, in the order of time, under the unit that has
-- the case. A case may have several. Parameters as for kpi_flags.
CREATE OR REPLACE VIEW {{database}}_mart.kpi_checks
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
    checked_at        DateTime64(3, 'Asia/Shanghai')           COMMENT '本次核查时间 | When it was checked',
    is_passed         Bool                                     COMMENT '本次核查是否通过 | Check passed',
    is_first          Bool                                     COMMENT '是否首次核查 | First check of the case',
    is_unassessed     Bool                                     COMMENT '不考核 | Not assessed',
    is_exempt         Bool                                     COMMENT '申诉通过，不计入考核 | Appeal upheld: exempt',
    is_out_of_base    Bool                                     COMMENT '不计入结案率、及时率基数 | Out of the base of closure and timeliness',
    is_counted        Bool                                     COMMENT '是否计入统计 | Received by as_of, neither void nor excluded',
    is_in_base        Bool                                     COMMENT '是否计入结案率、及时率基数 | Counted, and not out of the base',
    has_due           Bool                                     COMMENT '是否有时限 | Has a due',
    due_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '时限（此处为空） | Due; none here',
    k09c_n            UInt8                                    COMMENT 'K09c 核查通过率（首次）分子 | K09c numerator: passed, of the first checks',
    k09c_d            UInt8                                    COMMENT 'K09c 核查通过率（首次）分母 | K09c denominator: passed, of the first checks',
    k09d_n            UInt8                                    COMMENT 'K09d 核查通过率（全部）分子 | K09d numerator: passed, of all checks',
    k09d_d            UInt8                                    COMMENT 'K09d 核查通过率（全部）分母 | K09d denominator: passed, of all checks'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    {from:DateTime64(3, 'Asia/Shanghai')} AS period_from,
    {to:DateTime64(3, 'Asia/Shanghai')} AS period_to
SELECT
    stream, case_id, kind, channel, category_standard, category_code, category_name, area, town, community, cell,
    duty_grid, unit, unit_name, urgency, how, result, standing, received_at,
    one.at AS checked_at,
    one.passed AS is_passed,
    number = 1 AS is_first,
    is_unassessed, is_exempt, is_out_of_base, is_counted, is_in_base,
    false AS has_due,
    CAST(NULL AS Nullable(DateTime64(3, 'Asia/Shanghai'))) AS due_at,
    k09c_d AND is_passed AS k09c_n,
    k09d_d AND is_first AS k09c_d,
    k09d_d AND is_passed AS k09d_n,
    is_in_base AND one.at >= period_from AND one.at < period_to AS k09d_d
FROM {{database}}_mart.cases_at(as_of = {as_of:DateTime64(3, 'Asia/Shanghai')})
ARRAY JOIN checks AS one, arrayEnumerate(checks) AS number
SETTINGS optimize_and_compare_chain = 0
COMMENT '核查指标：参数 from、to、as_of，每次核查一行 | Figures of checks: parameters from, to, as_of; one row a check'
