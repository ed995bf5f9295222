//! What codes are called, in a report.

use std::collections::BTreeMap;

use crate::{
    report::paper::{PaperCell, Text},
    store::report::{CategoryRow, UnitName},
};

/// By code; a code without a name stands for itself.
#[derive(Clone, Debug, Default)]
pub struct NoticeNames {
    /// 来源渠道.
    pub channels: BTreeMap<String, Text>,
    /// 大类: by standard, and kind and first part of the code.
    pub classes: BTreeMap<String, BTreeMap<String, Text>>,
    /// 街镇.
    pub towns: BTreeMap<String, Text>,
    /// 村居.
    pub communities: BTreeMap<String, Text>,
    /// 责任单位; what the events call them is added when the report is made.
    pub units: BTreeMap<String, Text>,
    /// How the names of units end that are those of a community.
    pub community_endings: Vec<String>,
}

/// What a case does not state.
pub fn not_stated() -> Text {
    Text::new("未注明", "Not stated")
}

fn named(names: &BTreeMap<String, Text>, code: &str) -> Text {
    match names.get(code) {
        Some(name) => name.clone(),
        None if code.is_empty() => not_stated(),
        None => Text::same(code),
    }
}

/// A name that is the same in both languages is shown once.
pub fn cell(name: Text) -> PaperCell {
    if name.zh == name.en { PaperCell::Given(name.zh) } else { PaperCell::Said(name) }
}

impl NoticeNames {
    pub fn channel(&self, code: &str) -> Text {
        named(&self.channels, code)
    }

    pub fn town(&self, code: &str) -> Text {
        named(&self.towns, code)
    }

    pub fn community(&self, code: &str) -> Text {
        named(&self.communities, code)
    }

    pub fn unit(&self, code: &str) -> Text {
        named(&self.units, code)
    }

    /// Does this unit belong to a community (村居), and not to a department? It bears the name of one, or is called as such.
    pub fn is_of_community(&self, unit: &str) -> bool {
        let name = self.unit(unit).zh;
        self.communities.values().any(|community| community.zh == name)
            || self.community_endings.iter().any(|ending| name.ends_with(ending.as_str()))
    }

    /// What the events say, where no file says otherwise.
    #[must_use]
    pub fn with_units(mut self, found: &[UnitName]) -> Self {
        for unit in found.iter().filter(|unit| !unit.name.is_empty()) {
            self.units.entry(unit.code.clone()).or_insert_with(|| Text::same(&unit.name));
        }
        self
    }

    /// 大类: the first part of a name in levels (城市管理/市容环境/…), or what the standard calls the first part of the code.
    pub fn class(&self, category: &CategoryRow) -> Text {
        if let Some((first, _)) = category.name.split_once('/') {
            return Text::same(first);
        }
        let Some((first, _)) = category.code.split_once('-') else { return not_stated() };
        let code = format!("{}/{first}", category.kinds);
        let found = self.classes.get(&category.standard).and_then(|names| names.get(&code));
        found.cloned().unwrap_or_else(|| Text::same(code.trim_start_matches('/')))
    }
}

/// 小类: the last part of a name in levels; the code where there is no name.
pub fn leaf(name: &str, code: &str) -> PaperCell {
    match name.rsplit('/').next().filter(|last| !last.is_empty()) {
        Some(last) => PaperCell::Given(last.to_owned()),
        None if code.is_empty() => PaperCell::Said(not_stated()),
        None => PaperCell::Given(code.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(standard: &str, kinds: &str, code: &str, name: &str) -> CategoryRow {
        CategoryRow {
            stream: "grid".into(),
            standard: standard.into(),
            code: code.into(),
            name: name.into(),
            kinds: kinds.into(),
            received: 1,
            closed: 0,
            need_close: 0,
            on_time: 0,
            need_close_with_due: 0,
        }
    }

    #[test]
    fn a_class_comes_from_the_name_or_from_the_standard() {
        let classes = BTreeMap::from([("事件/01".to_owned(), Text::new("市容环境", "City environment"))]);
        let names = NoticeNames { classes: BTreeMap::from([("GB".to_owned(), classes)]), ..NoticeNames::default() };
        let class = |standard, kinds, code, name| names.class(&category(standard, kinds, code, name)).zh;
        assert_eq!(class("GB", "事件", "01-10", "暴露垃圾"), "市容环境");
        assert_eq!(class("GB", "部件", "01-10", "井盖"), "部件/01");
        assert_eq!(class("", "投诉", "A0101", "城市管理/市容环境/垃圾"), "城市管理");
        assert_eq!(class("", "", "", ""), "未注明");
    }

    #[test]
    fn a_unit_of_a_community_is_known_by_its_name() {
        let names = NoticeNames {
            communities: BTreeMap::from([("901".to_owned(), Text::same("晨光"))]),
            units: BTreeMap::from([("C1".to_owned(), Text::same("晨光")), ("C2".to_owned(), Text::same("和风居委会"))]),
            community_endings: vec!["居委会".into()],
            ..NoticeNames::default()
        };
        let found = ["C1", "C2", "东野居委会", "市容所", "居委会办公室"].map(|unit| names.is_of_community(unit));
        assert_eq!(found, [true, true, true, false, false]);
    }

    #[test]
    fn a_category_without_a_name_stands_for_itself() {
        assert_eq!(leaf("城市管理/市容环境/垃圾", "A1"), PaperCell::Given("垃圾".into()));
        assert_eq!(leaf("", "02-01"), PaperCell::Given("02-01".into()));
        assert_eq!(leaf("", ""), PaperCell::Said(not_stated()));
    }
}
