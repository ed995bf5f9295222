//! What a correction or a review puts right.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::revisit::Satisfaction;
use crate::domain::{
    attributes::Attribute,
    time::{Due, Millis},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    Attribute(Attribute, SmolStr),
    Unit(SmolStr),
    FilingCondition(SmolStr),
    ReceivedAt(Millis),
    ClosedAt(Millis),
    DueAt(Due),
    /// 办理结果、结案评判.
    Result(SmolStr),
    /// 先行联系, as the citizen says.
    FirstContact(bool),
    Solved(bool),
    Satisfaction(Satisfaction),
    /// 数量.
    Quantity(u32),
    /// 是否考核.
    Assessed(bool),
}
