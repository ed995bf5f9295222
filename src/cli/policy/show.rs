//! `tongguan policy show`: the rules, in the order in which they are asked.

use std::io::Write;

use serde_json::json;

use super::shape::{rule_json, write_rule};
use crate::{
    cli::lines::{write_json, write_line},
    domain::policy::Policy,
};

pub(super) fn run(policy: &Policy, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if json {
        let rules: Vec<_> = policy.rules().iter().map(|rule| rule_json(rule, &policy.zone)).collect();
        return write_json(
            &json!({
                "policy": policy.id,
                "version": policy.version,
                "timezone": policy.zone.iana_name(),
                "rules": rules,
            }),
            out,
        );
    }
    write_line("时限规则 policy", &format!("{} {}", policy.id, policy.version), out)?;
    let count = policy.rules().len();
    write_line("规则 rules", &format!("{count} 条，越具体越靠前 rules, the more specific first"), out)?;
    for rule in policy.rules() {
        writeln!(out)?;
        write_rule(rule, &policy.zone, out)?;
    }
    Ok(())
}
