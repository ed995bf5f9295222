//! Every way in which a question cannot be understood, with its facts, and what is said of it in either language. In English a
//! parameter has its dashes on the command line.

use super::Wording;

macro_rules! kinds {
    ($dash:ident, $maybe:ident; $($kind:ident $({ $($fact:ident: $of:ty),* })? $zh:literal $en:literal;)*) => {
        /// Why a question cannot be answered as it was asked. Whoever asked has to ask otherwise, and is told so by [`Self::told`]; nothing
        /// was asked of the store yet, but whether a value occurs.
        #[derive(Debug)]
        pub enum Unclear {
            $(
                #[doc = $en]
                $kind $({ $(#[doc = concat!("Stands in what is said as `{", stringify!($fact), "}`.")] $fact: $of),* })?,
            )*
        }

        impl Unclear {
            /// What was asked stays as it was written, in every wording.
            #[expect(unused_variables, reason = "the nearest is said by `maybe`, and some facts in one language only")]
            pub fn told(&self, wording: Wording) -> String {
                let ($dash, $maybe) = (wording.dash(), wording.maybe(self.nearest()));
                match self {
                    $(Self::$kind $({ $($fact),* })? => match wording {
                        Wording::Chinese => format!($zh),
                        Wording::English | Wording::CommandLine => format!($en),
                    },)*
                }
            }

            #[cfg(test)]
            pub(super) fn one_of_each() -> Vec<Self> {
                vec![$(Self::$kind $({ $($fact: <$of>::default()),* })?),*]
            }
        }
    };
}

#[rustfmt::skip]
kinds! {
    dash, maybe;

    // A word that there is not. `zh` and `en` are what it should have named.
    NoSuch { zh: &'static str, en: &'static str, name: String, nearest: Option<String>, known: String }
        "没有名为“{name}”的{zh}{maybe}现有：{known}" "there is no {en} `{name}`{maybe} There are: {known}";
    NoFigure { name: String, nearest: Option<String>, known: String }
        "没有指标“{name}”{maybe}现有：{known}，以及指标目录中的编号" "there is no figure `{name}`{maybe} There are: {known}, ids as `tongguan kpi list` shows them";
    NoConvention { figure: String, name: String, nearest: Option<String>, known: String }
        "{figure} 没有名为“{name}”的口径{maybe}现有：{known}" "there is no convention of {figure} `{name}`{maybe} There are: {known}";
    InNoCase { dimension: &'static str, name: String, nearest: Option<String>, known: String }
        "没有 {dimension} 为“{name}”的案件{maybe}现有：{known}" "there is no {dimension} in any case `{name}`{maybe} There are: {known}";
    NoZone { name: String, nearest: Option<String> }
        "没有时区“{name}”{maybe}请写 IANA 时区名，如 Asia/Shanghai" "there is no time zone `{name}`{maybe} Give an IANA name such as Asia/Shanghai";
    NoHours { calendar: String, name: String, known: String }
        "windows：{calendar} 没有名为“{name}”的作息，也没有这个单位代码；现有：{known}" "{dash}windows: {calendar} has no hours `{name}` and no unit of that code; it has {known}";

    // A parameter.
    GivenTwice { parameter: String }
        "{parameter} 给了两次" "{dash}{parameter} is given twice";
    NamedTwice { parameter: &'static str, name: String }
        "{parameter} 中 {name} 出现两次" "{dash}{parameter} names {name} twice";
    TooManyDimensions { most: u64 }
        "group-by 至多 {most} 个维度" "{dash}group-by takes at most {most} dimensions";
    NotFlag { parameter: String, text: String }
        "{parameter} 只能是 true 或 false，不能是“{text}”" "{dash}{parameter} is true or false, not `{text}`";
    NotWhole { parameter: &'static str, text: String }
        "{parameter} 要写整数，不能是“{text}”" "{dash}{parameter} is a whole number, not `{text}`";
    NotPositive { parameter: &'static str, text: String }
        "{parameter} 要写 1 以上的整数，不能是“{text}”" "{dash}{parameter} is a number from 1 on, not `{text}`";
    OutOfRange { parameter: &'static str, most: u64, text: String }
        "{parameter} 要写 1 到 {most} 的整数，不能是“{text}”" "{dash}{parameter} is a number from 1 to {most}, not `{text}`";
    NotSeconds { parameter: &'static str, most: u64, text: String }
        "{parameter} 要写秒数，至多 {most}，不能是“{text}”" "{dash}{parameter} is a number of seconds up to {most}, not `{text}`";
    NotPair
        "请写“维度=值”，如 kind=投诉" "expected DIMENSION=VALUE, such as kind=投诉";
    TimeDimension { name: String }
        "“{name}”是时间：请用 from 和 to" "`{name}` is a time: use {dash}from and {dash}to";
    OnlyByCommand
        "known-by 要把案件重新折叠，只有命令行能做：tongguan kpi --known-by" "{dash}known-by folds the cases again, which only the command does: tongguan kpi --known-by";

    // Times and periods.
    NotTime { parameter: String, text: String }
        "{parameter} 的“{text}”既不是日期（2021-01-01），也不是时刻（2021-01-01T08:00，或带时差的 2021-01-01T08:00:00+08:00）" "{dash}{parameter} `{text}` is neither a date (2021-01-01) nor a time (2021-01-01T08:00, or with an offset 2021-01-01T08:00:00+08:00)";
    NotMoment { text: String }
        "“{text}”不是时刻：请写 2021-03-01T10:00:00+08:00 或“2021-03-01 10:00”这样的时刻" "`{text}` is no time: write a time such as 2021-03-01T10:00:00+08:00 or \"2021-03-01 10:00\"";
    NoSpan { zh: &'static str, en: &'static str, text: String, example: &'static str }
        "“{text}”不是{zh}；请写成 {example}" "`{text}` is no {en}; write it as {example}";
    PeriodTwice
        "统计时段给了两次：用 from 和 to，或用 month、quarter、year 之一" "the period is given twice: {dash}from and {dash}to, or one of {dash}month, {dash}quarter and {dash}year";
    NoPeriod
        "统计哪一时段？请给出 from 和 to，或 month、quarter、year 之一" "which period? give {dash}from and {dash}to, or {dash}month, {dash}quarter or {dash}year";
    EmptyPeriod { from: String, to: String }
        "统计时段是空的：from（{from}）不早于 to（{to}）" "the period is empty: {dash}from {from} is not before {dash}to {to}";
    NotCovered { year: String, calendar: String, first: String, last: String }
        "{year} 年没有放假通知；日历 {calendar} 从 {first} 到 {last}" "{dash}year {year}: no notice covers it; the calendar {calendar} covers {first} to {last}";

    // A figure.
    OneConvention { zh: String, en: String }
        "清单只列一种口径的案件；请给出 convention：{zh}" "a list is of the cases of one convention; give {dash}convention {en}";
    IsDifference { figure: String }
        "{figure} 是两个数之差；请查 K17a 和 K17b" "{figure} is a difference of two counts; ask for K17a and K17b";
    IsCount { figure: String }
        "{figure} 是件数，没有“未达标”的部分" "{figure} is a count: nothing of it is not met";
    TooManyGroups { most: u64 }
        "分组超过 {most} 个：请减少 group-by" "more than {most} groups: {dash}group-by less";

    // Where a list goes on.
    AfterUnsorted
        "只有按案件编号排序时 after 才能是案件编号；请用上一页给出的 after" "{dash}after is the number of a case only where they are sorted by it; take what the page before says";
    AfterOtherVersion
        "after 出自本程序的另一版本；请去掉它，从头查起" "{dash}after is of another version of this program; begin again without it";
    AfterDamaged
        "after 与给出时不同；请整段照抄，或去掉它从头查起" "{dash}after is not as it was given out; take it whole, or begin again without it";
    AfterOtherOrder { of: String, this: String }
        "after 出自按 {of} 排序的清单，而本清单按 {this} 排序" "{dash}after is of a list sorted by {of}; this one is sorted by {this}";
    AfterOtherQuestion
        "after 出自另一个问题；请去掉它，从头查起" "{dash}after is of another question; begin again without it";

    // Reports and editions.
    ReportTwice
        "统计时段给了两次：请只给 month、quarter、year 之一" "the period is given twice: give one of {dash}month, {dash}quarter and {dash}year";
    NoReport
        "哪一份报表？请给出 month、quarter 或 year" "which report? give {dash}month, {dash}quarter or {dash}year";
    BeforeItBegins { span: String }
        "as-of 早于 {span} 开始，那时其中还什么都没有发生" "{dash}as-of is before {span} begins: nothing of it had happened";
    InTheFuture
        "as-of 在将来：指标只能按现在或以前的时刻发布" "{dash}as-of is in the future: a figure is published as of now, or as of before";
    NotEdition { text: String }
        "“{text}”不是版次号" "`{text}` is no number of an edition";
    NotOtherEdition { text: String }
        "with 要写另一版的版次号，不能是“{text}”" "{dash}with takes the number of another edition, not `{text}`";

    // A case, or a message.
    NotYet
        "到 as-of 为止，这个案件还什么都没有发生" "nothing of the case had happened by then: {dash}as-of";
    NotPlace { text: String }
        "“{text}”不是消息的位置：请写 TOPIC/PARTITION/OFFSET，如隔离区清单所示" "`{text}` is no place of a message: expected TOPIC/PARTITION/OFFSET, as `quarantine list` shows it";
    NotAct { text: String }
        "act 只能是 replay（重放）或 discard（丢弃），不能是“{text}”" "act is replay or discard, not `{text}`";
    NoteTooLong { most: u64 }
        "说明至多 {most} 个字" "note has at most {most} characters";
    NoNote
        "没有说明：请写明丢弃原因" "note is missing: say why the message is discarded";

    // A limit, and hours.
    DueWithout { parameter: &'static str }
        "缺少 {parameter}：请给出 start、limit 和 unit" "{dash}{parameter} is missing: give {dash}start, {dash}limit and {dash}unit";
    NoLimit
        "改成多长的时限？请给出数量 n 和单位 unit" "which limit? give a number and a unit: n, unit";
    LimitInMinutes { limit: u32, unit: &'static str, unit_zh: &'static str, said: String }
        "按{unit_zh}计的时限没有“日的算法”，到那一分钟为止" "{dash}limit {limit} {dash}unit {unit}: {said}";
    LimitDayAndNight { limit: u32, unit: &'static str, unit_zh: &'static str, said: String }
        "按{unit_zh}计的时限昼夜连续，不能用 WORK_SECONDS" "{dash}limit {limit} {dash}unit {unit}: {said}";
    LimitOfZero { unit: &'static str, said: String }
        "只有到当日结束的按日时限（END_OF_DAY）可以是 0，即当日" "{dash}limit 0 {dash}unit {unit}: {said}";
    LimitTooLong { limit: u32, unit: &'static str, said: String }
        "{limit} 比任何时限都长" "{dash}limit {limit} {dash}unit {unit}: {said}";
    WrongHours { text: String, said: String }
        "windows 的“{text}”不是作息：请写成 08:00-12:00,14:00-18:00，每段先早后晚，互不重叠" "{dash}windows: {said}; write 08:00-12:00,14:00-18:00";

    // A trial.
    NothingToTry
        "要试什么？请选一条规则并给出新时限，或给一份规则文件；两者不能都给" "what is to be tried? Choose a rule with its new limit, or give a rule file; not both";
    FileTooLong { most_kib: u64 }
        "规则文件至多 {most_kib} KiB" "a rule file has at most {most_kib} KiB";
    Contradicts
        "现行规则自相矛盾" "the policy in force contradicts itself";
}
