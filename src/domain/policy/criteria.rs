//! Which cases a rule is for, and which of two rules is the more specific one.

use std::{cmp::Ordering, collections::BTreeMap};

use smol_str::SmolStr;

/// What a rule can ask of a case, the most telling first: this is the order of specificity.
///
/// What the case is about decides before who handles it and where, and that before how it came: time limits are set by
/// category and filing condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// 立案条件.
    FilingCondition,
    /// 分类: by the beginning of its code.
    Category,
    /// 紧急程度.
    Urgency,
    /// 类型.
    Kind,
    /// 责任单位, by its code.
    Unit,
    /// 街镇, by its code.
    Town,
    /// 来源渠道.
    Channel,
    /// 业务流.
    Stream,
}

impl Criterion {
    /// The most telling first.
    pub const ALL: [Self; 8] = [
        Self::FilingCondition,
        Self::Category,
        Self::Urgency,
        Self::Kind,
        Self::Unit,
        Self::Town,
        Self::Channel,
        Self::Stream,
    ];

    /// As `match` of a policy file writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::FilingCondition => "filing_condition",
            Self::Category => "category",
            Self::Urgency => "urgency",
            Self::Kind => "kind",
            Self::Unit => "unit",
            Self::Town => "town",
            Self::Channel => "channel",
            Self::Stream => "stream",
        }
    }

    /// As the page says it.
    pub fn title_zh(self) -> &'static str {
        match self {
            Self::FilingCondition => "立案条件",
            Self::Category => "分类",
            Self::Urgency => "紧急程度",
            Self::Kind => "类型",
            Self::Unit => "责任单位",
            Self::Town => "街镇",
            Self::Channel => "来源渠道",
            Self::Stream => "业务流",
        }
    }
}

/// What is known of a case when its rule is looked for; empty: not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// 立案条件.
    pub filing_condition: &'a str,
    /// 分类标准.
    pub category_standard: &'a str,
    /// 分类代码.
    pub category_code: &'a str,
    /// 紧急程度.
    pub urgency: &'a str,
    /// 类型.
    pub kind: &'a str,
    /// 责任单位, by its code.
    pub unit: &'a str,
    /// 街镇, by its code.
    pub town: &'a str,
    /// 来源渠道.
    pub channel: &'a str,
    /// 业务流.
    pub stream: &'a str,
}

impl<'a> Subject<'a> {
    /// Of a category, the code; its standard is asked for with it.
    pub fn get(&self, criterion: Criterion) -> &'a str {
        match criterion {
            Criterion::FilingCondition => self.filing_condition,
            Criterion::Category => self.category_code,
            Criterion::Urgency => self.urgency,
            Criterion::Kind => self.kind,
            Criterion::Unit => self.unit,
            Criterion::Town => self.town,
            Criterion::Channel => self.channel,
            Criterion::Stream => self.stream,
        }
    }
}

/// A code and all that begin with it; with a standard, only the codes of that standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryPrefix {
    /// None: of any standard.
    pub standard: Option<SmolStr>,
    /// The beginning of the code; a whole code is its own beginning.
    pub prefix: SmolStr,
}

impl CategoryPrefix {
    fn holds(&self, subject: &Subject<'_>) -> bool {
        let is_standard = self.standard.as_ref().is_none_or(|standard| standard == subject.category_standard);
        is_standard && subject.category_code.starts_with(self.prefix.as_str())
    }
}

/// What a rule asks; whatever it does not name may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// 分类. None: any.
    pub category: Option<CategoryPrefix>,
    /// One of these, for everything but the category.
    pub any_of: BTreeMap<Criterion, Vec<SmolStr>>,
}

impl Criteria {
    /// The first criterion, in the order of specificity, that the case does not meet.
    pub(super) fn first_miss(&self, subject: &Subject<'_>) -> Option<Criterion> {
        Criterion::ALL.into_iter().find(|criterion| !self.holds(*criterion, subject))
    }

    fn holds(&self, criterion: Criterion, subject: &Subject<'_>) -> bool {
        if criterion == Criterion::Category {
            return self.category.as_ref().is_none_or(|category| category.holds(subject));
        }
        let wanted = self.any_of.get(&criterion);
        wanted.is_none_or(|wanted| wanted.iter().any(|value| value == subject.get(criterion)))
    }

    /// How much is asked under a criterion: 0 for nothing, and of a category more for a longer code and, at the same
    /// length, for a named standard.
    fn weight(&self, criterion: Criterion) -> usize {
        match (criterion, &self.category) {
            (Criterion::Category, None) => 0,
            (Criterion::Category, Some(CategoryPrefix { standard, prefix })) => {
                2 * prefix.chars().count() + usize::from(standard.is_some())
            }
            _ => usize::from(self.any_of.contains_key(&criterion)),
        }
    }

    /// The criterion at which one of the two asks for more, and which of them does: `Greater` is this one.
    pub fn compare(&self, other: &Self) -> Option<(Criterion, Ordering)> {
        Criterion::ALL.into_iter().find_map(|criterion| {
            let order = self.weight(criterion).cmp(&other.weight(criterion));
            (order != Ordering::Equal).then_some((criterion, order))
        })
    }

    /// Can one case meet both? Asked of two that are equally specific, so both name the same criteria.
    pub(super) fn overlap(&self, other: &Self) -> bool {
        let is_shared = |criterion: &Criterion, values: &Vec<SmolStr>| {
            other.any_of.get(criterion).is_none_or(|others| values.iter().any(|value| others.contains(value)))
        };
        let is_category_shared = match (&self.category, &other.category) {
            (Some(one), Some(other)) => {
                let is_prefix =
                    one.prefix.starts_with(other.prefix.as_str()) || other.prefix.starts_with(one.prefix.as_str());
                let is_standard = one.standard.is_none() || other.standard.is_none() || one.standard == other.standard;
                is_prefix && is_standard
            }
            _ => true,
        };
        is_category_shared && self.any_of.iter().all(|(criterion, values)| is_shared(criterion, values))
    }
}
