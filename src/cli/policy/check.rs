//! `tongguan policy check`: can this file be used?

use std::{io::Write, path::Path};

use serde_json::json;

use super::examples;
use crate::{
    cli::{
        Exit,
        lines::{self, write_json, write_line},
    },
    config::{ConfigError, Settings, policy},
    domain::policy::Policy,
};

pub(super) fn run(file: &Path, settings: &Settings, json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let (policy, examples) = match checked(file, settings)? {
        Ok(found) => found,
        Err(error) => {
            // Programs get the faults one by one, people get them as every other command says them.
            let problems = match error {
                ConfigError::Invalid(problems) if json => problems,
                ConfigError::NotToml(problem) if json => vec![problem],
                error => return Err(error.into()),
            };
            let (told, more) = (lines::problems(&problems), lines::more(&problems));
            write_json(&json!({"file": file, "usable": false, "problems": told, "more": more}), out)?;
            return Ok(Exit::Config);
        }
    };
    let stages: usize = policy.rules().iter().map(|rule| rule.stages.len()).sum();
    let rules = policy.rules().len();
    if json {
        let found = json!({
            "file": file,
            "usable": true,
            "policy": policy.id,
            "version": policy.version,
            "rules": rules,
            "stages": stages,
            "examples": examples,
            "problems": [],
            "more": 0,
        });
        write_json(&found, out)?;
        return Ok(Exit::Ok);
    }
    write_line("可用 usable", &file.display().to_string(), out)?;
    write_line("时限规则 policy", &format!("{} {}", policy.id, policy.version), out)?;
    write_line("规则 rules", &format!("{rules} 条 rules, {stages} 个环节 stages"), out)?;
    write_line("算例 examples", &format!("{examples} 个，均成立 all hold"), out)?;
    Ok(Exit::Ok)
}

/// The policy and how many examples it has, once all of them hold.
fn checked(file: &Path, settings: &Settings) -> anyhow::Result<Result<(Policy, usize), ConfigError>> {
    let (policy, given) = match policy::with_examples(Some(file)) {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let problems = examples::problems(&policy, &given, settings)?;
    Ok(if problems.is_empty() { Ok((policy, given.len())) } else { Err(ConfigError::Invalid(problems)) })
}
