//! The list of figures. `catalogue.toml` is the one place where a built-in figure is named and described; a town adds its own, in
//! the same language.

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use super::{
    Cohort, Grain,
    atoms::{ATOMS, DURATIONS, QUANTITIES},
    counting::{CountingError, FigureCounting, IN_CHINESE, IN_ENGLISH},
    example::Example,
    expression::Expression,
};

/// The built-in ones. The columns `<id>_n` and `<id>_d` of the views bear these ids in lower case: `k05a_n`.
#[allow(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
pub static CATALOGUE: LazyLock<Vec<Figure>> = LazyLock::new(|| {
    let List { figure } = toml::from_str(include_str!("catalogue.toml")).expect("catalogue.toml");
    figure.into_iter().map(|one| one.resolved().expect("catalogue.toml")).collect()
});

/// The town's own, once for the life of the process: what a figure is does not change while somebody asks for it.
static OWN: OnceLock<Vec<Figure>> = OnceLock::new();

/// There were others before.
#[derive(Debug, thiserror::Error)]
#[error("other figures are in use already; a process has one catalogue")]
pub struct CatalogueTaken;

/// Before anything is asked.
pub fn adopt(own: Vec<Figure>) -> Result<(), CatalogueTaken> {
    let is_same = OWN.get_or_init(|| own.clone()) == &own;
    is_same.then_some(()).ok_or(CatalogueTaken)
}

/// The built-in figures, then the town's own.
pub fn figures() -> impl Iterator<Item = &'static Figure> + Clone {
    CATALOGUE.iter().chain(own())
}

/// 自定指标: none where no folder of figures is configured.
pub fn own() -> std::slice::Iter<'static, Figure> {
    OWN.get().map(Vec::as_slice).unwrap_or_default().iter()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    figure: Vec<Figure>,
}

/// One convention (口径) of one figure: what it counts, by which words, and when it is final. Two conventions of one figure have the same
/// `name`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// `K05a`; of a town's own, one that no built-in figure has.
    pub id: String,
    /// Of a town's own: what an edition remembers, another one for every change. None: the program's.
    #[serde(skip)]
    pub version: Option<String>,
    /// The word on the command line: `tongguan kpi closure`.
    pub name: String,
    /// 口径 as the command line takes it: `need-close`.
    pub convention: String,
    /// 人群: what puts a row into the period.
    pub cohort: Cohort,
    /// What its two numbers are, and how they are shown.
    pub shape: Shape,
    /// 计数单位; left out: cases.
    #[serde(default)]
    pub grain: Grain,
    /// Of a figure of clocks: whose.
    pub stage: Option<String>,
    /// The clocks of units' assignments, not the case's own.
    #[serde(default)]
    pub of_unit: bool,
    /// From when on it stays as it is.
    pub settles: Settles,
    /// Of the base of closure and timeliness only.
    #[serde(default)]
    pub in_base: bool,
    /// What a case in neither number does not have. None: no case is in neither, or nothing is said of it.
    pub lacks: Option<Lacks>,
    /// Which rows are asked about: atoms with `and`, `or`, `not`. None for a count.
    pub denominator: Option<String>,
    /// Which of those are counted; none: all. A part of the denominator, whatever it says.
    pub numerator: Option<String>,
    /// Where a row adds more than one: a quantity.
    pub numerator_sums: Option<String>,
    /// The same of the denominator: a quantity of `atoms`.
    pub denominator_sums: Option<String>,
    /// How long it took or has lasted, for a row in the numerator.
    pub lasts: Option<String>,
    /// The same, resolved.
    #[serde(skip)]
    pub(crate) counting: FigureCounting,
    /// 名称, with the convention in brackets.
    pub title: Text,
    /// What it answers, as somebody would ask it.
    #[serde(default)]
    pub question: Text,
    /// Where nothing is said: numerator and denominator in the words of their atoms.
    #[serde(default)]
    pub formula: Text,
    /// Whom or what it counts.
    #[serde(default)]
    pub counts: Text,
    /// Whom or what it does not.
    #[serde(default)]
    pub leaves_out: Text,
    /// Of a town's own; those of the built-in ones are on docs/kpi.md.
    #[serde(default)]
    pub example: Vec<Example>,
}

/// For people: Chinese first, then English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// 中文.
    pub zh: String,
    /// Its English twin.
    pub en: String,
}

impl Text {
    /// Chinese, then English; what is the same in both is [`Self::same`].
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// A number or a name, which is the same in both.
    pub fn same(text: &str) -> Self {
        Self::new(text, text)
    }

    /// Both as one, or one of them where they are the same.
    pub fn both(&self, between: &str) -> String {
        if self.zh == self.en { self.zh.clone() } else { format!("{}{between}{}", self.zh, self.en) }
    }

    /// Several as one, each language with marks of its own between.
    pub fn joined(all: &[Self], zh: &str, en: &str) -> Self {
        let texts = |of: fn(&Self) -> &str| all.iter().map(of).collect::<Vec<_>>();
        Self::new(texts(|text| &text.zh).join(zh), texts(|text| &text.en).join(en))
    }
}

/// What the two numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A numerator only.
    Count,
    /// A numerator only, of quantities: what the cases count for.
    Sum,
    /// A part of a whole: 0 to 1, shown as a percentage, floored.
    Rate,
    /// So many a case: no part of a whole, so that it may be more than one.
    PerCase,
    /// A rate whose numerator counts hundredths.
    Points,
    /// A rate, and how long those in the numerator have lasted.
    Ages,
    /// A count, and how long those in it took.
    Durations,
    /// One count minus another.
    Net,
}

/// From when on the figure is final, as long as nothing more happens to its cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settles {
    /// Once the period is over: nothing that comes later is asked for.
    Period,
    /// Each of its cases is done or past its due; pauses and open dues keep it open.
    Decided,
    /// All of its cases are closed.
    Closed,
    /// The last of its citizens has answered.
    Answers,
    /// It is about how things stand at the as-of, so that no later as-of gives the same.
    AsOf,
}

/// What a case of the cohort that counts, and is in neither number, does not have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Lacks {
    /// `"due"`: no limit, or suspended, or not yet due.
    Due(DueWord),
    /// Anything else, in words of its own.
    Other(Text),
}

/// For the one word that the catalogue's file may write instead of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueWord {
    /// `due`.
    Due,
}

impl Figure {
    /// The figures that a person means by an id (`K05a`), by a name (`closure`: one for each convention), or by a title in Chinese,
    /// with its convention in brackets or without (`结案率`).
    pub fn named(word: &str) -> Vec<&'static Self> {
        let is_title = |figure: &Self| {
            let title = figure.title.zh.as_str();
            title == word || title.split('（').next() == Some(word)
        };
        let is_meant = |figure: &&Self| figure.name == word || figure.id.eq_ignore_ascii_case(word) || is_title(figure);
        figures().filter(is_meant).collect()
    }

    /// By `K05a`, built-in or own; exactly as it is written.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        figures().find(|figure| figure.id == id)
    }

    /// With its expressions read, and with what they say in words.
    pub fn resolved(mut self) -> Result<Self, Vec<CountingError>> {
        self.counting = counting(&self)?;
        if self.formula == Text::default() {
            self.formula = self.in_words();
        }
        Ok(self)
    }

    fn in_words(&self) -> Text {
        let written = |part: &Option<Expression>| {
            part.as_ref().map(|all| Text::new(all.written(&IN_CHINESE), all.written(&IN_ENGLISH)))
        };
        match (written(&self.counting.numerator), written(&self.counting.denominator)) {
            (Some(n), Some(d)) => Text::new(
                format!("（{}）/（{}），分子只在分母之内", n.zh, d.zh),
                format!("({}) / ({}), the former of the latter", n.en, d.en),
            ),
            (one, other) => one.or(other).unwrap_or_default(),
        }
    }

    /// A town's.
    pub fn is_own(&self) -> bool {
        self.version.is_some()
    }

    /// A count has a numerator only.
    pub fn is_rate(&self) -> bool {
        self.denominator.is_some()
    }

    /// A difference has none of its own.
    pub fn has_cases(&self) -> bool {
        self.shape != Shape::Net
    }

    /// Its cases are taken by a due.
    pub fn is_by_due(&self) -> bool {
        self.grain == Grain::Case && matches!(self.cohort, Cohort::Due | Cohort::DueCarry | Cohort::OriginalDue)
    }

    /// Who is in neither number has no due, or none yet.
    pub fn lacks_due(&self) -> bool {
        matches!(self.lacks, Some(Lacks::Due(_)))
    }

    /// Its numerator is what never was red.
    pub fn is_by_light(&self) -> bool {
        self.convention == "light"
    }

    /// Does it say how long?
    pub fn has_durations(&self) -> bool {
        self.lasts.is_some()
    }

    /// So many in the numerator are one in the denominator.
    pub fn scale(&self) -> u64 {
        if self.shape == Shape::Points { 100 } else { 1 }
    }
}

/// How it counts; or everything that is wrong with it at once.
fn counting(figure: &Figure) -> Result<FigureCounting, Vec<CountingError>> {
    let mut errors = Vec::new();
    let mut expression = |field, text: &Option<String>| {
        let parsed = Expression::parse(text.as_ref()?, &|name| atom(name, figure.grain));
        parsed.map_err(|error| errors.push(CountingError::Expression(field, error))).ok()
    };
    let denominator = expression("denominator", &figure.denominator);
    let numerator = expression("numerator", &figure.numerator);
    // Only of cases: the rows of other grains have none.
    let is_of_cases = figure.grain == Grain::Case;
    let mut named = |name: &Option<String>, found: Option<usize>, unknown: fn(String) -> CountingError| {
        let name = name.as_ref()?;
        let found = found.filter(|_| is_of_cases);
        if found.is_none() {
            errors.push(unknown(name.clone()));
        }
        found
    };
    let quantity = |name: &Option<String>| QUANTITIES.iter().position(|one| Some(one.name) == name.as_deref());
    let numerator_sums = named(&figure.numerator_sums, quantity(&figure.numerator_sums), |name| {
        CountingError::NoQuantity("numerator_sums", name)
    });
    let denominator_sums = named(&figure.denominator_sums, quantity(&figure.denominator_sums), |name| {
        CountingError::NoQuantity("denominator_sums", name)
    });
    let duration = DURATIONS.iter().position(|one| Some(one.name) == figure.lasts.as_deref());
    let lasts = named(&figure.lasts, duration, |name| CountingError::NoDuration("lasts", name));
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(FigureCounting { denominator, numerator, numerator_sums, denominator_sums, lasts })
}

fn atom(name: &str, grain: Grain) -> Option<usize> {
    ATOMS.iter().position(|atom| atom.name == name && atom.grain() == grain)
}

impl Settles {
    /// In Chinese and in English, for `kpi show`.
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Period => ("时段结束后不再变", "once the period is over"),
            Self::Decided => ("每件都有了结果后不再变", "once every one of its cases is decided"),
            Self::Closed => ("全部结案后不再变", "when the last of its cases is closed"),
            Self::Answers => ("市民都答复后不再变", "when the last of its citizens has answered"),
            Self::AsOf => ("随截至时刻而变", "never: it is about the as-of"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_every_convention_and_an_id_means_one() {
        let ids = |word| Figure::named(word).iter().map(|figure| figure.id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids("closure"), ["K05a", "K05b", "K05c", "K05d"]);
        assert_eq!(ids("k06C"), ["K06c"]);
        assert!(ids("happiness").is_empty());
    }

    #[test]
    fn ids_and_pairs_of_name_and_convention_are_used_once() {
        for (index, figure) in CATALOGUE.iter().enumerate() {
            let before = &CATALOGUE[..index];
            assert!(before.iter().all(|other| other.id != figure.id), "{}", figure.id);
            let pair = (&figure.name, &figure.convention);
            assert!(before.iter().all(|other| (&other.name, &other.convention) != pair), "{pair:?}");
            assert_eq!(figure.grain == Grain::Clock, figure.stage.is_some(), "{}", figure.id);
        }
    }

    #[test]
    fn every_text_is_in_both_languages() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for figure in CATALOGUE.iter() {
            for text in [&figure.title, &figure.question, &figure.formula, &figure.counts, &figure.leaves_out] {
                assert!(
                    is_chinese(&text.zh) && !is_chinese(&text.en) && !text.en.is_empty(),
                    "{}: {text:?}",
                    figure.id
                );
            }
        }
    }
}
