//! What a proposal asks and says, in Chinese and in English: one wording for the page and for the command.

use super::{
    ProposeNote, ProposeSure,
    choices::{ProposeLack, propose_title},
};

impl ProposeSure {
    pub fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Exact => ("确定", "exact"),
            Self::Pinyin => ("拼音", "pinyin"),
            Self::Near => ("相近", "near"),
        }
    }
}

impl ProposeNote {
    /// To be answered before anything can be tried.
    pub fn is_question(&self) -> bool {
        matches!(self, Self::SameAs { .. } | Self::Either { .. } | Self::Order { .. } | Self::BothOrders { .. })
    }

    pub fn told(&self) -> (String, String) {
        let zh = |id: &str| propose_title(id).0;
        let en = |id: &str| propose_title(id).1;
        match self {
            Self::SameAs { meaning, columns } => {
                let columns = columns.join("、");
                (
                    format!("“{columns}”都可能是{}：哪一列才是？都是的话，先列的为准，空着时取后一列", zh(meaning)),
                    format!(
                        "{columns}: each could be {}; which is it? Where both are chosen, the first filled counts",
                        en(meaning)
                    ),
                )
            }
            Self::Either { column, meanings } => {
                let all = |of: &dyn Fn(&str) -> &'static str, mark: &str| {
                    meanings.iter().map(|id| of(id)).collect::<Vec<_>>().join(mark)
                };
                (
                    format!("“{column}”可能是{}：是哪一个？", all(&zh, "、")),
                    format!("{column} could be {}; which?", all(&en, " or ")),
                )
            }
            Self::NotTimes { column, meaning, read, of } => (
                format!("“{column}”看名字是{}，但 {of} 个取值里只有 {read} 个是时间，所以没有采用", zh(meaning)),
                format!(
                    "{column} is called {}, but only {read} of its {of} values are times, so it is not taken",
                    en(meaning)
                ),
            ),
            Self::Order { columns } => {
                let columns = columns.join("、");
                (
                    format!("“{columns}”的日期是日在前还是月在前？从取值看不出来"),
                    format!("{columns}: is the day first or the month? No value shows it"),
                )
            }
            Self::BothOrders { column, shape } => (
                format!(
                    "“{column}”里有两种日期：写法都像 {shape}，有的只能日在前，有的只能月在前。请在文件里统一；或选一种，另一种会被拒绝"
                ),
                format!(
                    "{column} has dates of two kinds: all written like {shape}, some can only be day first and some only month first. Make them one kind in the file; or choose one, and the others are refused"
                ),
            ),
            Self::Repeated { column, rows } => (
                format!(
                    "“{column}”有 {rows} 行与前面的行相同：这里一行算一个案件。一案多行（例如每步一行）的文件，要请懂的人写映射"
                ),
                format!(
                    "{column} is that of an earlier row in {rows} rows: here a row is a case. A file of several rows a case, one for each step say, needs a mapping written by hand"
                ),
            ),
            Self::NoStatus => (
                "没有状态列：有办结时间的都算已办结".to_owned(),
                "no status: every row with a time of closing is closed".to_owned(),
            ),
            Self::NoClose => {
                ("没有办结时间：案件都会是在办".to_owned(), "no time of closing: all cases stay open".to_owned())
            }
            Self::NoDue => (
                "没有应办结时间：按时限规则推算".to_owned(),
                "no due: the policy's limits hold, where it has any".to_owned(),
            ),
            Self::NoUnit => {
                ("没有承办单位：分不出单位的指标".to_owned(), "no unit: there are no figures by unit".to_owned())
            }
            Self::NoAcceptance => (
                "没有受理时间：按上报或立案时间算受理".to_owned(),
                "no time of acceptance: reported or filed counts as accepted".to_owned(),
            ),
        }
    }
}

impl ProposeLack {
    pub fn told(&self) -> (String, String) {
        match self {
            Self::NoCaseId => ("缺案件编号：哪一列是？".to_owned(), "no column is the case number".to_owned()),
            Self::NoTime => (
                "缺时间：至少要有受理、上报或立案时间中的一个".to_owned(),
                "no column says when the case was accepted, reported or filed".to_owned(),
            ),
            Self::Column(name) => (format!("“{name}”是什么，还没有选"), format!("it was not chosen what {name} is")),
            Self::Code { meaning, code } => {
                let (zh, en) = propose_title(meaning);
                (format!("{zh}“{code}”是什么意思，还没有选"), format!("it was not chosen what {code} means as {en}"))
            }
            Self::Order => (
                "日期是日在前还是月在前，还没有选".to_owned(),
                "it was not chosen whether the day or the month comes first".to_owned(),
            ),
            Self::Twice(name) => (
                format!("有两列都叫“{name}”，分不清是哪一列：请在文件里改名"),
                format!("two columns are called {name}, so that it is unclear which is meant: rename one in the file"),
            ),
            Self::Zone(name) => (
                format!("没有“{name}”这个时区，例如 Asia/Shanghai"),
                format!("there is no time zone {name}; write Asia/Shanghai or the like"),
            ),
        }
    }
}
