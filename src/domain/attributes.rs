//! What a case is about and where: the attributes that events state and corrections change.
//! One list of names serves the contract, the ledger's columns and the corrections.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Everything an intake (报案信息) may say. Empty text means "not stated".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// 部件, 事件, 投诉, 求助, 咨询, 建议, 表扬 …
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub kind: SmolStr,
    /// Where it came from: PATROL, HOTLINE, WECHAT …
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub channel: SmolStr,
    /// 分类标准: of which list `category_code` is, such as `GB/T 47678.5-2026`; one code means different things in different lists.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub category_standard: SmolStr,
    /// 分类代码. Rules ask for its beginning, so that a class (大类) is the beginning of its categories.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub category_code: SmolStr,
    /// 分类名称, as the source wrote it; no rule and no figure rests on it.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub category_name: SmolStr,
    /// 区: its code.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub area: SmolStr,
    /// 街镇: its code; a rule of a town asks for it.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub town: SmolStr,
    /// 村居: its code.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub community: SmolStr,
    /// 单元网格: the smallest area of a grid case.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub cell: SmolStr,
    /// 责任网格: by whom the place is looked after, which cuts the town otherwise than `cell`.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub duty_grid: SmolStr,
    /// 紧急程度; a filing may state it first.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub urgency: SmolStr,
    /// The number under which another system knows the case (for a grid case: the hotline ticket).
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub external_no: SmolStr,
    /// The case that this one repeats.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub repeat_of: SmolStr,
}

/// The attributes by name; the order is that of the struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// 类型.
    Kind,
    /// 来源渠道.
    Channel,
    /// 分类标准.
    CategoryStandard,
    /// 分类代码.
    CategoryCode,
    /// 分类名称.
    CategoryName,
    /// 区.
    Area,
    /// 街镇.
    Town,
    /// 村居.
    Community,
    /// 单元网格.
    Cell,
    /// 责任网格.
    DutyGrid,
    /// 紧急程度.
    Urgency,
    /// 外部编号.
    ExternalNo,
    /// 重复工单的原单号.
    RepeatOf,
}

impl Attribute {
    /// In the order of the fields, so that an attribute is the place of its own row.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Kind, "kind"),
        (Self::Channel, "channel"),
        (Self::CategoryStandard, "category_standard"),
        (Self::CategoryCode, "category_code"),
        (Self::CategoryName, "category_name"),
        (Self::Area, "area"),
        (Self::Town, "town"),
        (Self::Community, "community"),
        (Self::Cell, "cell"),
        (Self::DutyGrid, "duty_grid"),
        (Self::Urgency, "urgency"),
        (Self::ExternalNo, "external_no"),
        (Self::RepeatOf, "repeat_of"),
    ];

    /// By the name on the wire and of the column. None: it is no attribute; corrections of other fields have names of their own.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(attribute, _)| *attribute)
    }

    /// On the wire, in the ledger and as a column: `category_code`.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

impl Attributes {
    /// Empty: not stated.
    pub fn get(&self, attribute: Attribute) -> &SmolStr {
        match attribute {
            Attribute::Kind => &self.kind,
            Attribute::Channel => &self.channel,
            Attribute::CategoryStandard => &self.category_standard,
            Attribute::CategoryCode => &self.category_code,
            Attribute::CategoryName => &self.category_name,
            Attribute::Area => &self.area,
            Attribute::Town => &self.town,
            Attribute::Community => &self.community,
            Attribute::Cell => &self.cell,
            Attribute::DutyGrid => &self.duty_grid,
            Attribute::Urgency => &self.urgency,
            Attribute::ExternalNo => &self.external_no,
            Attribute::RepeatOf => &self.repeat_of,
        }
    }

    /// Replaces what was stated, also by nothing: for corrections. What an event states goes through `fill_from`.
    pub fn set(&mut self, attribute: Attribute, value: SmolStr) {
        let slot = match attribute {
            Attribute::Kind => &mut self.kind,
            Attribute::Channel => &mut self.channel,
            Attribute::CategoryStandard => &mut self.category_standard,
            Attribute::CategoryCode => &mut self.category_code,
            Attribute::CategoryName => &mut self.category_name,
            Attribute::Area => &mut self.area,
            Attribute::Town => &mut self.town,
            Attribute::Community => &mut self.community,
            Attribute::Cell => &mut self.cell,
            Attribute::DutyGrid => &mut self.duty_grid,
            Attribute::Urgency => &mut self.urgency,
            Attribute::ExternalNo => &mut self.external_no,
            Attribute::RepeatOf => &mut self.repeat_of,
        };
        *slot = value;
    }

    /// Does the other state something that is not stated yet?
    pub fn lacks(&self, other: &Self) -> bool {
        Attribute::ALL.iter().any(|(one, _)| self.get(*one).is_empty() && !other.get(*one).is_empty())
    }

    /// Takes over what is not stated yet. What an earlier event stated is changed only by a correction.
    pub(super) fn fill_from(&mut self, other: &Self) {
        for (attribute, _) in Attribute::ALL {
            if self.get(attribute).is_empty() && !other.get(attribute).is_empty() {
                self.set(attribute, other.get(attribute).clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_finds_its_own_attribute() {
        for (attribute, name) in Attribute::ALL {
            assert_eq!(Attribute::from_name(name), Some(attribute));
            assert_eq!(attribute.name(), name);
            assert_eq!(serde_json::to_value(attribute).unwrap(), name, "the ledger's word is the same");
            let mut attributes = Attributes::default();
            attributes.set(attribute, name.into());
            assert_eq!(attributes.get(attribute), name);
            assert_eq!(Attribute::ALL.iter().filter(|(other, _)| !attributes.get(*other).is_empty()).count(), 1);
        }
    }

    #[test]
    fn the_first_statement_stands() {
        let mut case = Attributes { town: "310113112".into(), ..Attributes::default() };
        case.fill_from(&Attributes { town: "310113111".into(), kind: "投诉".into(), ..Attributes::default() });
        assert_eq!((case.town.as_str(), case.kind.as_str()), ("310113112", "投诉"));
    }
}
