//! What a correction or a review puts right.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::revisit::Satisfaction;
use crate::domain::{
    attributes::Attribute,
    time::{Due, Millis},
};

/// Each replaces one value; from the correction on the case is as if it had never been another (docs/lifecycle.md, Special cases).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Any attribute by name, with its right value; empty: there is none. May make another rule judge the case.
    Attribute(Attribute, SmolStr),
    /// 责任单位, by its code; the name of the unit is empty afterwards.
    Unit(SmolStr),
    /// 立案条件. May make another rule judge the case.
    FilingCondition(SmolStr),
    /// 受理时间: puts the case into another period, and moves the clocks that begin with it.
    ReceivedAt(Millis),
    /// 结案时间 of the close that stands; of an open case, or before its reopening, it changes nothing and is irregular.
    ClosedAt(Millis),
    /// 时限: was never another one, so that not even what has passed is decided by the old.
    DueAt(Due),
    /// 办理结果、结案评判.
    Result(SmolStr),
    /// 先行联系, as the citizen says.
    FirstContact(bool),
    /// 是否解决, as the citizen says.
    Solved(bool),
    /// 满意度.
    Satisfaction(Satisfaction),
    /// 数量.
    Quantity(u32),
    /// 是否考核.
    Assessed(bool),
}
