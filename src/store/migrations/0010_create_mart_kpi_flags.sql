-- The rates, case by case: for a period [from, to) and an instant as_of, one row for each case known by then, and for each
-- figure its numerator and denominator as 0 or 1. A rate is sum(n) / sum(d) under any GROUP BY; a WHERE leads to the cases.
-- domain::kpi::flags says the same in Rust; a parity test holds the two together.
--
-- Give the three times in Shanghai time, as text or as DateTime64 of that zone: a parameter is taken by its wall clock, so
-- that a value of another zone is silently another instant. toTimeZone(…, 'Asia/Shanghai') around it makes it right.
--
-- Most cases have rested since before as_of: their step in force is the last, whose values stand in plain columns. Only
-- the others have their history read; the indexes of 0007 find both. The test on last_event_at is the border of the two.
CREATE OR REPLACE VIEW {{database}}_mart.kpi_flags
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
    standing          LowCardinality(String)                   COMMENT '截至时刻的统计状态 | Standing at as_of',
    received_at       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '受理时间（截至时刻所知） | Received, as known at as_of',
    closed_at         Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '结案时间（截至时刻所知） | Closed, as known at as_of',
    due_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '时限（截至时刻所知） | Due, as known at as_of',
    on_time_until     Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '最晚按时时刻 | Last instant that is still on time',
    is_counted        Bool                                     COMMENT '是否计入统计 | Received by as_of, neither void nor excluded',
    has_due           Bool                                     COMMENT '是否有时限 | Has a due',
    is_on_time        Bool                                     COMMENT '是否按时结案 | Closed on time',
    is_overdue_open   Bool                                     COMMENT '是否超期未结 | Open and overdue at as_of',
    k01_n             UInt8                                    COMMENT 'K01 受理量 | K01 received',
    k05a_n            UInt8                                    COMMENT 'K05a 结案率（上海口径）分子 | K05a closed, of those received',
    k05a_d            UInt8                                    COMMENT 'K05a 结案率（上海口径）分母 | K05a received',
    k05b_n            UInt8                                    COMMENT 'K05b 结案率（应结口径）分子 | K05b closed, of those that should be',
    k05b_d            UInt8                                    COMMENT 'K05b 结案率（应结口径）分母 | K05b closed, or open and overdue',
    k06a_n            UInt8                                    COMMENT 'K06a 及时率（上海口径）分子 | K06a closed on time',
    k06a_d            UInt8                                    COMMENT 'K06a 及时率（上海口径）分母 | K06a received, with a due',
    k06b_n            UInt8                                    COMMENT 'K06b 及时率（应结口径）分子 | K06b closed on time',
    k06b_d            UInt8                                    COMMENT 'K06b 及时率（应结口径）分母 | K06b closed or overdue, with a due',
    k06c_n            UInt8                                    COMMENT 'K06c 及时率（到期口径）分子 | K06c closed on time',
    k06c_d            UInt8                                    COMMENT 'K06c 及时率（到期口径）分母 | K06c fell due in the period, by as_of',
    k06d_n            UInt8                                    COMMENT 'K06d 及时率（结案口径）分子 | K06d closed on time',
    k06d_d            UInt8                                    COMMENT 'K06d 及时率（结案口径）分母 | K06d closed in the period, with a due'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    {from:DateTime64(3, 'Asia/Shanghai')} AS period_from,
    {to:DateTime64(3, 'Asia/Shanghai')} AS period_to,
    {as_of:DateTime64(3, 'Asia/Shanghai')} AS instant,
    in_force AS
    (
        SELECT
            stream, case_id, kind, channel, category_standard, category_code, category_name, area, town, community,
            cell, duty_grid, unit, unit_name, urgency,
            standing, received_at, closed_at, finished_at, due_at,
            if(bitTest(marks, 0), due_at - toIntervalMillisecond(1), due_at) AS on_time_until
        FROM {{database}}.cases FINAL
        WHERE last_event_at <= instant AND standing != ''

        UNION ALL

        SELECT
            stream, case_id, kind, channel, category_standard, category_code, category_name, area, town, community,
            cell, duty_grid, unit, unit_name, urgency,
            CAST(steps.standing[arrayLastIndex(at -> at <= instant, steps.at) AS step], 'LowCardinality(String)') AS standing,
            steps.received_at[step] AS received_at,
            steps.closed_at[step] AS closed_at,
            steps.finished_at[step] AS finished_at,
            steps.due_at[step] AS due_at,
            if(bitTest(steps.marks[step], 0), steps.due_at[step] - toIntervalMillisecond(1), steps.due_at[step]) AS on_time_until
        FROM {{database}}.cases FINAL
        -- The first step says whether there is any by then, and has an index; an array without steps has 1970 there.
        WHERE last_event_at > instant AND steps.at[1] <= instant AND step > 0
    ),
    ifNull(received_at >= period_from AND received_at < period_to, false) AS is_received_within,
    ifNull(due_at >= period_from AND due_at < period_to, false) AS is_due_within,
    ifNull(closed_at >= period_from AND closed_at < period_to, false) AS is_closed_within,
    standing = 'closed' AS is_closed,
    -- A due is met up to its last instant: a due at midnight means through the day before.
    ifNull(finished_at <= on_time_until, false) AS is_met,
    ifNull(on_time_until < instant, false) AS is_past,
    ifNull(due_at <= instant, false) AS is_due
SELECT
    stream, case_id, kind, channel, category_standard, category_code, category_name, area, town, community,
    cell, duty_grid, unit, unit_name, urgency,
    standing, received_at, closed_at, due_at, on_time_until,
    standing IN ('open', 'suspended', 'closed') AND ifNull(received_at <= instant, false) AS is_counted,
    due_at IS NOT NULL AS has_due,
    is_counted AND is_closed AND is_met AS is_on_time,
    is_counted AND standing = 'open' AND is_past AS is_overdue_open,
    is_counted AND is_received_within AS k01_n,
    k05a_d AND is_closed AS k05a_n,
    k01_n AS k05a_d,
    k05b_d AND is_closed AS k05b_n,
    k01_n AND (is_closed OR is_overdue_open) AS k05b_d,
    k06a_d AND is_on_time AS k06a_n,
    k01_n AND has_due AS k06a_d,
    k06b_d AND is_on_time AS k06b_n,
    k05b_d AND has_due AS k06b_d,
    k06c_d AND is_on_time AS k06c_n,
    is_counted AND standing != 'suspended' AND is_due_within AND is_due AS k06c_d,
    k06d_d AND is_on_time AS k06d_n,
    is_counted AND has_due AND is_closed_within AS k06d_d
FROM in_force
COMMENT '指标标志：参数 from、to、as_of，每案一行，每个指标的分子与分母 | Flags of the rates: parameters from, to, as_of; one row a case'
