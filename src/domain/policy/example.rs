//! A worked example of a policy: a life, and the rule, the due and the standing that it leads to. It stands in the policy's own file.

use crate::domain::{
    life::{Differs, Expected, LifeError, Setting},
    rules::Rules,
    time::Millis,
};

/// 算例 under `[[examples]]`: what `policy check` works out, and what the legal department can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyExample {
    /// 业务流, by its name.
    pub stream: String,
    /// 生平: one line, as docs/figures.md writes it.
    pub life: String,
    /// 统计时点: a day or a time; days without a year are of its year.
    pub as_of: String,
    /// What it should come to; what is not written is not asked.
    pub expected: Expected,
    /// The article that says so.
    pub because: String,
}

impl PolicyExample {
    /// What does not hold, under the rules of its stream.
    pub fn differences(&self, rules: &Rules) -> Result<Vec<Differs>, LifeError> {
        let setting = |year| Setting { stream: &rules.stream, case_id: "example", year };
        let as_of: Millis = setting(0).instant(&self.as_of)?;
        let setting = setting(as_of.year(&rules.stream.zone));
        let case = setting.case(rules, &self.life)?;
        self.expected.differences(&setting, &case, as_of)
    }
}
