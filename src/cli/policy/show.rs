//! `tongguan policy show`: the rules, in the order in which they are asked.

use std::io::Write;

use crate::{
    cli::lines::{write_json, write_line},
    domain::policy::Policy,
    report::policy::{policy_json, write_rule},
};

pub(super) fn run(policy: &Policy, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if json {
        return write_json(&policy_json(policy), out);
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
