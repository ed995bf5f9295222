-- The cases as they stood at an instant: one row for each case known by as_of, with what the facts up to then say of it.
-- Everything that figures ask of a case is here, so that the views of the figures only count. domain::kpi::Seen is the same
-- in Rust; a test compares both with a fold of only the events that had happened by as_of.
--
-- Give as_of in Shanghai time, as text or as DateTime64 of that zone: a parameter is taken by its wall clock, so that a value
-- of another zone is silently another instant. toTimeZone(…, 'Asia/Shanghai') around it makes it right.
--
-- Most cases have rested since before as_of: what holds is what their plain columns say. Only the others have their lists
-- read; the indexes of 0007 find both. The test on last_event_at is the border of the two. A column that a query does not
-- name is not read, however heavy it is.
CREATE OR REPLACE VIEW {{database}}_mart.cases_at
(
    stream                 LowCardinality(String)                   COMMENT '业务流 | Stream',
    case_id                String                                   COMMENT '案件编号 | Case number',
    version                UInt64                                   COMMENT '版本：代次与折叠行数 | Version: generation and rows folded',
    policy                 LowCardinality(String)                   COMMENT '判定所用时限规则及版本 | Policy and version that judge it, empty: none',
    policy_rule            LowCardinality(String)                   COMMENT '判定所用规则 | Rule of that policy',
    calendar               LowCardinality(String)                   COMMENT '判定所用日历版本 | Version of the calendar',
    kind                   LowCardinality(String)                   COMMENT '类型 | Kind',
    channel                LowCardinality(String)                   COMMENT '来源渠道 | Channel it came by',
    category_standard      LowCardinality(String)                   COMMENT '分类标准 | Standard of the category code',
    category_code          LowCardinality(String)                   COMMENT '分类代码 | Category code',
    category_name          LowCardinality(String)                   COMMENT '分类名称 | Category name',
    area                   LowCardinality(String)                   COMMENT '区代码 | District',
    town                   LowCardinality(String)                   COMMENT '街镇代码 | Town',
    community              LowCardinality(String)                   COMMENT '村居代码 | Community',
    cell                   LowCardinality(String)                   COMMENT '单元网格 | Grid cell',
    duty_grid              LowCardinality(String)                   COMMENT '责任网格 | Duty grid',
    unit                   LowCardinality(String)                   COMMENT '责任单位代码 | Unit that has the case',
    unit_name              LowCardinality(String)                   COMMENT '责任单位名称 | Its name',
    urgency                LowCardinality(String)                   COMMENT '紧急程度 | Urgency',
    how                    LowCardinality(String)                   COMMENT '结案方式；未结为空 | How it was closed; empty while it is not',
    result                 LowCardinality(String)                   COMMENT '结案的办理结果；未结为空 | Result of a closed case; empty while it is not',
    quantity               UInt32                                   COMMENT '数量：该案计多少 | Quantity: how many the case counts for',
    standing               LowCardinality(String)                   COMMENT '截至时刻的统计状态 | Standing at as_of',
    received_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '受理时间（截至时刻所知） | Received, as known at as_of',
    closed_at              Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '结案时间（截至时刻所知） | Closed, as known at as_of',
    finished_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '与时限比较的时间（截至时刻所知） | What the due is compared with, as known at as_of',
    due_at                 Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '时限（截至时刻所知） | Due, as known at as_of',
    on_time_until          Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '最晚按时时刻 | Last instant that is still on time',
    original_due_at        Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '原时限 | Due before any extension or pause',
    original_on_time_until Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '原时限的最晚按时时刻 | Last instant that is on time by the original due',
    yellow_from            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '黄灯起始时间 | From here on the light is yellow',
    worked_ms              Nullable(Int64)                          COMMENT '受理至结案的工作时长（毫秒） | Working time from receipt to close, milliseconds',
    is_unassessed          Bool                                     COMMENT '不考核 | Not assessed',
    is_exempt              Bool                                     COMMENT '申诉通过，不计入考核 | Appeal upheld: exempt',
    is_duplicate           Bool                                     COMMENT '重复工单 | Repeats another case',
    is_direct_answer       Bool                                     COMMENT '直接答复 | Answered at once',
    is_patrol_dealt        Bool                                     COMMENT '是否自行处置 | Put right on the spot',
    is_out_of_base         Bool                                     COMMENT '不计入结案率、及时率基数 | Out of the base of closure and timeliness',
    is_solved              Bool                                     COMMENT '办理结果为实际解决 | The result is: solved',
    is_explained           Bool                                     COMMENT '办理结果为解释说明 | The result is: explained',
    was_red                Bool                                     COMMENT '亮过红灯 | Has been red at some time',
    is_due_held            Bool                                     COMMENT '时限因挂账停走，尚未到期 | The due stands still in a pause that began before it',
    is_closed_before_receipt Bool                                   COMMENT '结案早于受理：不计时长 | Closed before it was received: in no duration',
    is_history_limited     Bool                                     COMMENT '消息过多，仅折叠一部分 | More was said of it than is followed',
    reported_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '上报时间 | First reported',
    accepted_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '受理时间 | First accepted',
    verified_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '核实时间 | First verified',
    filed_at               Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '立案时间 | First filed',
    dispatched_at          Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次派遣时间 | First dispatched',
    signed_at              Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次签收时间 | First signed for',
    contacted_at           Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '先行联系时间 | Citizen first reached',
    extended_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次延期时间 | First extension that counted',
    suspended_at           Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次挂账时间 | First suspended',
    suspended_since        Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '本次挂账起始时间（截至时刻）；未挂账为空 | Suspended since then, at as_of; none while it is not',
    paused_s               Int64                                    COMMENT '挂账总时长（秒），计至截至时刻 | Total pause, seconds, up to as_of',
    longest_pause_s        Int64                                    COMMENT '最长一次挂账（秒），计至截至时刻 | Longest pause, seconds, up to as_of',
    returned_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次退单时间 | First return accepted',
    reworked_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次返工时间 | First sent back to work',
    reopened_at            Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次重开时间 | First reopened',
    supervised_at          Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次督办时间 | First supervised',
    misdispatched_at       Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次派遣错误时间 | First known to be with the wrong unit',
    revisited_at           Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '首次回访时间 | First revisited',
    attempts               UInt32                                   COMMENT '回访次数 | Calls so far',
    reached                UInt32                                   COMMENT '接通次数 | Calls that reached the citizen',
    first_contact          Int8                                     COMMENT '市民评价先行联系：1 是 0 否 -1 未评价 | Contacted first, says the citizen: 1 yes, 0 no, -1 not said',
    solved                 Int8                                     COMMENT '市民评价是否解决：1 是 0 否 -1 未评价 | Solved, says the citizen: 1 yes, 0 no, -1 not said',
    satisfaction           UInt8                                    COMMENT '满意度：1 满意 2 基本满意 3 一般 4 不满意 0 未评价 | Satisfaction: 1 satisfied, 2 basically, 3 neutral, 4 dissatisfied, 0 not said',
    clocks                 Array(Tuple(stage String, assignment UInt16, started_at DateTime64(3, 'Asia/Shanghai'), due_at DateTime64(3, 'Asia/Shanghai'), on_time_until DateTime64(3, 'Asia/Shanghai'), stopped_at Nullable(DateTime64(3, 'Asia/Shanghai')), is_paused Bool, is_unjudged Bool, was_red Bool)) COMMENT '计时：截至时刻有效的各环节（assignment 为 0）、各次派遣的计时 | Clocks in force at as_of: of stages (assignment 0) and of assignments',
    assignments            Array(Tuple(unit String, unit_name String, level UInt8, is_support Bool, at DateTime64(3, 'Asia/Shanghai'), ended_at Nullable(DateTime64(3, 'Asia/Shanghai')), outcome String)) COMMENT '派遣：截至时刻已有的派遣 | Assignments so far',
    checks                 Array(Tuple(at DateTime64(3, 'Asia/Shanghai'), passed Bool)) COMMENT '核查：截至时刻已有的核查 | Checks so far',
    reworks                UInt32                                   COMMENT '返工次数（截至时刻） | Times sent back to work by as_of',
    is_counted             Bool                                     COMMENT '是否计入统计 | Received by as_of, neither void nor excluded',
    is_in_base             Bool                                     COMMENT '是否计入结案率、及时率基数 | Counted, and not out of the base',
    is_closed              Bool                                     COMMENT '截至时刻是否已结案 | Counts, and is closed at as_of',
    has_due                Bool                                     COMMENT '是否有时限 | Has a due',
    is_on_time             Bool                                     COMMENT '是否按时结案 | Closed on time',
    is_kept                Bool                                     COMMENT '是否按时办理（不论是否已结案） | What the due is about was done in time, closed or not',
    is_original_kept       Bool                                     COMMENT '原时限到期时是否已按时办理 | The original due was kept when it passed',
    is_decided             Bool                                     COMMENT '到期口径是否已有定论 | Done, or its due has passed: figures by due can judge it',
    is_late                Bool                                     COMMENT '是否超期结案 | Closed late',
    is_overdue_open        Bool                                     COMMENT '是否超期未结 | Open and overdue at as_of',
    bucket                 LowCardinality(String)                   COMMENT '归类：closed 已结、answered 待结、not_due 未到期、due_soon 临期、overdue 超期、suspended 挂账、no_limit 无时限、void 作废、excluded 不予受理或立案、pending 待受理 | What becomes of it: one word for each case'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
WITH
    {as_of:DateTime64(3, 'Asia/Shanghai')} AS instant,
    in_force AS
    (
        SELECT
            stream, case_id, version, policy, policy_rule, calendar, kind, channel, category_standard, category_code,
            category_name, area, town, community, cell, duty_grid, unit, unit_name, urgency, how, result, quantity,
            standing, received_at, closed_at, finished_at, due_at,
            original_due_at, yellow_from, worked_ms, marks, reported_at, accepted_at, verified_at, filed_at,
            dispatched_at, signed_at, contacted_at, extended_at, suspended_at, suspended_since, paused_s AS ended_s, longest_pause_s AS longest_s,
            returned_at, reworked_at, reopened_at,
            supervised_at, misdispatched_at, answers.since, answers.attempts, answers.reached, answers.first_contact,
            answers.solved, answers.satisfaction, clocks.stage, clocks.assignment, clocks.since, clocks.until,
            clocks.started_at, clocks.due_at, clocks.due_is_exclusive, clocks.stopped_at, clocks.is_paused,
            clocks.is_unjudged, clocks.was_red, assignments.unit, assignments.unit_name, assignments.level,
            assignments.is_support, assignments.at, assignments.ended_at, assignments.outcome, checks.at, checks.passed,
            reworks
        FROM {{database}}.cases FINAL
        WHERE last_event_at <= instant AND standing != ''

        UNION ALL

        -- `step` is the step in force; `changed` names what was changed after as_of, `was` says what it had been.
        WITH
            arrayLastIndex(at -> at <= instant, steps.at) AS step,
            CAST(arrayFilter((dimension, until) -> until > instant, earlier.dimension, earlier.until) AS Array(String)) AS changed,
            arrayFilter((value, until) -> until > instant, earlier.value, earlier.until) AS was
        SELECT
            stream,
            case_id,
            version,
            policy,
            policy_rule,
            calendar,
            CAST(if(indexOf(changed, 'kind') = 0, c.kind, was[indexOf(changed, 'kind')]) AS LowCardinality(String)) AS kind,
            CAST(if(indexOf(changed, 'channel') = 0, c.channel, was[indexOf(changed, 'channel')]) AS LowCardinality(String)) AS channel,
            CAST(if(indexOf(changed, 'category_standard') = 0, c.category_standard, was[indexOf(changed, 'category_standard')]) AS LowCardinality(String)) AS category_standard,
            CAST(if(indexOf(changed, 'category_code') = 0, c.category_code, was[indexOf(changed, 'category_code')]) AS LowCardinality(String)) AS category_code,
            CAST(if(indexOf(changed, 'category_name') = 0, c.category_name, was[indexOf(changed, 'category_name')]) AS LowCardinality(String)) AS category_name,
            CAST(if(indexOf(changed, 'area') = 0, c.area, was[indexOf(changed, 'area')]) AS LowCardinality(String)) AS area,
            CAST(if(indexOf(changed, 'town') = 0, c.town, was[indexOf(changed, 'town')]) AS LowCardinality(String)) AS town,
            CAST(if(indexOf(changed, 'community') = 0, c.community, was[indexOf(changed, 'community')]) AS LowCardinality(String)) AS community,
            CAST(if(indexOf(changed, 'cell') = 0, c.cell, was[indexOf(changed, 'cell')]) AS LowCardinality(String)) AS cell,
            CAST(if(indexOf(changed, 'duty_grid') = 0, c.duty_grid, was[indexOf(changed, 'duty_grid')]) AS LowCardinality(String)) AS duty_grid,
            CAST(if(unit_since <= instant, if(indexOf(changed, 'unit') = 0, c.unit, was[indexOf(changed, 'unit')]), '') AS LowCardinality(String)) AS unit,
            CAST(if(unit_since <= instant, if(indexOf(changed, 'unit_name') = 0, c.unit_name, was[indexOf(changed, 'unit_name')]), '') AS LowCardinality(String)) AS unit_name,
            CAST(if(indexOf(changed, 'urgency') = 0, c.urgency, was[indexOf(changed, 'urgency')]) AS LowCardinality(String)) AS urgency,
            CAST(if(indexOf(changed, 'how') = 0, c.how, was[indexOf(changed, 'how')]) AS LowCardinality(String)) AS how,
            CAST(if(indexOf(changed, 'result') = 0, c.result, was[indexOf(changed, 'result')]) AS LowCardinality(String)) AS result,
            steps.quantity[step] AS quantity,
            CAST(steps.standing[step], 'LowCardinality(String)') AS standing,
            steps.received_at[step] AS received_at,
            steps.closed_at[step] AS closed_at,
            steps.finished_at[step] AS finished_at,
            steps.due_at[step] AS due_at,
            steps.original_due_at[step] AS original_due_at,
            steps.yellow_from[step] AS yellow_from,
            steps.worked_ms[step] AS worked_ms,
            steps.marks[step] AS marks,
            reported_at, accepted_at, verified_at, filed_at, dispatched_at, signed_at, contacted_at, extended_at,
            suspended_at,
            steps.suspended_since[step] AS suspended_since,
            steps.paused_s[step] AS ended_s,
            steps.longest_pause_s[step] AS longest_s,
            returned_at, reworked_at, reopened_at, supervised_at, misdispatched_at, answers.since,
            answers.attempts, answers.reached, answers.first_contact, answers.solved, answers.satisfaction,
            clocks.stage, clocks.assignment, clocks.since, clocks.until, clocks.started_at, clocks.due_at,
            clocks.due_is_exclusive, clocks.stopped_at, clocks.is_paused, clocks.is_unjudged, clocks.was_red,
            assignments.unit, assignments.unit_name, assignments.level, assignments.is_support, assignments.at,
            assignments.ended_at, assignments.outcome, checks.at, checks.passed,
            toUInt32(arrayCount(at -> at <= instant, reworks_at)) AS reworks
        FROM {{database}}.cases AS c FINAL
        -- The first step says whether there is any by then, and has an index; an array without steps has 1970 there.
        WHERE last_event_at > instant AND steps.at[1] <= instant AND step > 0
    ),
    -- Layer by layer, because an alias is worked out anew wherever it is used, and a column once.
    stood AS
    (
        SELECT
            *,
            -- A due is met up to its last instant: a due at midnight means through the day before.
            if(bitTest(marks, 0), due_at - toIntervalMillisecond(1), due_at) AS on_time_until,
            standing IN ('open', 'answered', 'suspended', 'closed') AND ifNull(received_at <= instant, false) AS is_counted,
            CAST(bitTest(marks, 8) AS Bool) AS is_out_of_base,
            CAST(bitTest(marks, 13) AS Bool) AS is_due_held,
            if(bitTest(marks, 1), original_due_at - toIntervalMillisecond(1), original_due_at) AS original_on_time_until,
            toInt64(ifNull(dateDiff('second', suspended_since, instant), 0)) AS this_pause_s,
            arrayLastIndex(since -> since <= instant, answers.since) AS answer
        FROM in_force
    ),
    judged AS
    (
        SELECT
            *,
            is_counted AND standing = 'closed' AS is_closed,
            ifNull(finished_at <= on_time_until, false) AS is_met,
            ifNull(on_time_until < instant, false) AS is_past
        FROM stood
    )
SELECT
    stream, case_id, version, policy, policy_rule, calendar, kind, channel, category_standard, category_code, category_name, area, town, community, cell,
    duty_grid, unit, unit_name, urgency,
    CAST(if(is_closed, judged.how, '') AS LowCardinality(String)) AS how,
    CAST(if(is_closed, judged.result, '') AS LowCardinality(String)) AS result,
    quantity, standing, received_at, closed_at, finished_at, due_at,
    on_time_until, original_due_at,
    original_on_time_until,
    yellow_from, worked_ms,
    CAST(bitTest(marks, 3) AS Bool) AS is_unassessed,
    CAST(bitTest(marks, 4) AS Bool) AS is_exempt,
    CAST(bitTest(marks, 5) AS Bool) AS is_duplicate,
    CAST(bitTest(marks, 6) AS Bool) AS is_direct_answer,
    CAST(bitTest(marks, 7) AS Bool) AS is_patrol_dealt,
    is_out_of_base,
    CAST(bitTest(marks, 9) AS Bool) AS is_solved,
    CAST(bitTest(marks, 10) AS Bool) AS is_explained,
    CAST(bitTest(marks, 11) AS Bool) AS was_red,
    is_due_held,
    CAST(bitTest(marks, 12) AS Bool) AS is_closed_before_receipt,
    CAST(bitTest(marks, 14) AS Bool) AS is_history_limited,
    -- First times: what came after as_of had not happened.
    if(judged.reported_at <= instant, judged.reported_at, NULL) AS reported_at,
    if(judged.accepted_at <= instant, judged.accepted_at, NULL) AS accepted_at,
    if(judged.verified_at <= instant, judged.verified_at, NULL) AS verified_at,
    if(judged.filed_at <= instant, judged.filed_at, NULL) AS filed_at,
    if(judged.dispatched_at <= instant, judged.dispatched_at, NULL) AS dispatched_at,
    if(judged.signed_at <= instant, judged.signed_at, NULL) AS signed_at,
    if(judged.contacted_at <= instant, judged.contacted_at, NULL) AS contacted_at,
    if(judged.extended_at <= instant, judged.extended_at, NULL) AS extended_at,
    if(judged.suspended_at <= instant, judged.suspended_at, NULL) AS suspended_at,
    suspended_since,
    ended_s + this_pause_s AS paused_s,
    greatest(longest_s, this_pause_s) AS longest_pause_s,
    if(judged.returned_at <= instant, judged.returned_at, NULL) AS returned_at,
    if(judged.reworked_at <= instant, judged.reworked_at, NULL) AS reworked_at,
    if(judged.reopened_at <= instant, judged.reopened_at, NULL) AS reopened_at,
    if(judged.supervised_at <= instant, judged.supervised_at, NULL) AS supervised_at,
    if(judged.misdispatched_at <= instant, judged.misdispatched_at, NULL) AS misdispatched_at,
    if(answer > 0, answers.since[1], NULL) AS revisited_at,
    answers.attempts[answer] AS attempts,
    answers.reached[answer] AS reached,
    if(answer > 0, answers.first_contact[answer], -1) AS first_contact,
    if(answer > 0, answers.solved[answer], -1) AS solved,
    answers.satisfaction[answer] AS satisfaction,
    CAST(arrayMap(
        clock -> (clock.1, clock.2, clock.5, clock.6, if(clock.7, clock.6 - toIntervalMillisecond(1), clock.6), if(clock.8 <= instant, clock.8, NULL), clock.9, clock.10,
            clock.11),
        arrayFilter(
            clock -> clock.3 <= instant AND ifNull(clock.4 > instant, true),
            arrayZip(
                arrayMap(stage -> toString(stage), clocks.stage), clocks.assignment, clocks.since, clocks.until,
                clocks.started_at, clocks.due_at, clocks.due_is_exclusive, clocks.stopped_at, clocks.is_paused,
                clocks.is_unjudged, clocks.was_red))) AS
        Array(Tuple(stage String, assignment UInt16,
            started_at DateTime64(3, 'Asia/Shanghai'), due_at DateTime64(3, 'Asia/Shanghai'), on_time_until DateTime64(3, 'Asia/Shanghai'),
            stopped_at Nullable(DateTime64(3, 'Asia/Shanghai')), is_paused Bool, is_unjudged Bool, was_red Bool))) AS clocks,
    CAST(arrayFilter(
        one -> one.5 <= instant,
        arrayMap(
            (unit, unit_name, level, is_support, at, ended, outcome) -> (unit, unit_name, level, is_support, at,
                if(ended <= instant, ended, NULL), if(ended <= instant, toString(outcome), 'open')),
            assignments.unit, assignments.unit_name, assignments.level, assignments.is_support, assignments.at,
            assignments.ended_at, assignments.outcome)) AS
        Array(Tuple(unit String, unit_name String, level UInt8, is_support Bool,
            at DateTime64(3, 'Asia/Shanghai'), ended_at Nullable(DateTime64(3, 'Asia/Shanghai')), outcome String))) AS assignments,
    CAST(arrayFilter(check -> check.1 <= instant, arrayZip(checks.at, checks.passed)) AS
        Array(Tuple(at DateTime64(3, 'Asia/Shanghai'), passed Bool))) AS checks,
    reworks,
    is_counted,
    is_counted AND NOT is_out_of_base AS is_in_base,
    is_closed,
    due_at IS NOT NULL AS has_due,
    is_closed AND is_met AS is_on_time,
    is_counted AND is_met AS is_kept,
    is_counted AND (ifNull(finished_at <= original_on_time_until, false) OR bitTest(marks, 15)) AS is_original_kept,
    is_counted AND (finished_at IS NOT NULL OR (is_past AND NOT is_due_held)) AS is_decided,
    is_closed AND due_at IS NOT NULL AND NOT is_met AS is_late,
    is_counted AND standing = 'open' AND is_past AS is_overdue_open,
    multiIf(
        standing != 'open', standing,
        due_at IS NULL, 'no_limit',
        is_past, 'overdue',
        ifNull(yellow_from <= instant, false), 'due_soon',
        'not_due') AS bucket
FROM judged
SETTINGS optimize_and_compare_chain = 0
COMMENT '案件（截至某时刻）：参数 as_of，每案一行 | Cases as they stood at as_of: one row a case'
