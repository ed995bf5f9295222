//! `tongguan doctor`: looks at everything that the service needs, and says yes or no and what to do.
//!
//! It changes nothing. Every check has a deadline, so that a server which is away gives a "no" and the rest goes on.

mod clickhouse;
mod files;
mod finding;
mod kafka;
mod machine;

use std::{
    env,
    io::{self, Write},
    path::Path,
    time::Duration,
};

use clap::Args;
use serde_json::json;

use self::finding::{DoctorCheck, DoctorFinding, DoctorVerdict};
use super::{Exit, descriptors, lines::write_json};
use crate::{
    config::{Settings, environment},
    pipeline::clock,
    report::table::printable,
};

/// Look at everything the service needs (files, Kafka, ClickHouse, clocks, disk) and say what to do
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// How long one question may take (s)
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    timeout_s: u64,
}

pub async fn run(args: &DoctorArgs, config_file: Option<&Path>, out: &mut impl Write) -> anyhow::Result<Exit> {
    let findings = look(config_file, Duration::from_secs(args.timeout_s)).await?;
    let worst = findings.iter().map(|finding| finding.verdict).max().unwrap_or(DoctorVerdict::Yes);
    if args.json {
        let all: Vec<_> = findings.iter().map(DoctorFinding::json).collect();
        write_json(&json!({ "ok": worst != DoctorVerdict::No, "checks": all }), out)?;
    } else {
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
        write_list(&findings, has_marks(locale.as_deref()), out)?;
    }
    Ok(if worst == DoctorVerdict::No { Exit::Failed } else { Exit::Ok })
}

async fn look(config_file: Option<&Path>, patience: Duration) -> anyhow::Result<Vec<DoctorFinding>> {
    let settings = Settings::load(config_file, environment())?.settings;
    let place = config_file.map_or("built-in, and the environment".to_owned(), |path| path.display().to_string());
    let mut findings = vec![DoctorFinding::yes(DoctorCheck::Config, place)];
    let (setup, found) = files::load(settings, clock::now())?;
    findings.extend(found);
    let http = &setup.settings.http;
    findings.push(machine::descriptors(descriptors::now(), http.connections_max));
    let privacy = &setup.settings.privacy;
    let key = privacy.key_file.as_deref().or(privacy.default_key_file.as_deref());
    findings.extend(key.map(machine::disk));
    let (port, kafka, clickhouse) = tokio::join!(
        machine::who_listens(http.listen, patience),
        kafka::look(&setup, patience, clock::now),
        clickhouse::look(&setup, patience, clock::now),
    );
    findings.push(machine::port(http.listen, &port));
    findings.extend(kafka);
    findings.extend(clickhouse);
    findings.sort_by_key(|finding| finding.check);
    Ok(findings)
}

/// Whether a terminal of this locale shows ✓ and ✗.
fn has_marks(locale: Option<&str>) -> bool {
    locale.is_some_and(|locale| locale.to_lowercase().replace('-', "").contains("utf8"))
}

fn mark(verdict: DoctorVerdict, has_marks: bool) -> &'static str {
    match (verdict, has_marks) {
        (DoctorVerdict::Yes, true) => "✓",
        (DoctorVerdict::No, true) => "✗",
        (DoctorVerdict::Warn, true) => "!",
        (DoctorVerdict::Yes, false) => "yes ",
        (DoctorVerdict::No, false) => "NO  ",
        (DoctorVerdict::Warn, false) => "!   ",
    }
}

fn write_list(findings: &[DoctorFinding], has_marks: bool, out: &mut impl Write) -> io::Result<()> {
    for finding in findings {
        let (_, zh, en) = finding.check.words();
        let label = if zh == en { zh.to_owned() } else { format!("{zh} {en}") };
        writeln!(out, "{} {label}: {}", mark(finding.verdict, has_marks), in_lines(&finding.found))?;
        if let Some(todo) = &finding.todo {
            writeln!(out, "    -> {}", in_lines(&todo.zh))?;
            if todo.en != todo.zh {
                writeln!(out, "    -> {}", in_lines(&todo.en))?;
            }
        }
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let (yes, warn, no) = (count(DoctorVerdict::Yes), count(DoctorVerdict::Warn), count(DoctorVerdict::No));
    writeln!(out, "{yes} 项正常 yes, {warn} 项提醒 to be known, {no} 项不通过 no")
}

/// Lines of a longer message stand below the first; nothing else in it moves the terminal.
fn in_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n      ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_yes_or_no_and_what_to_do_in_both_languages() {
        let findings = [
            DoctorFinding::yes(DoctorCheck::Brokers, "a:1"),
            DoctorFinding::no(
                DoctorCheck::Schema,
                "missing\u{1b}[2J",
                "运行 tongguan migrate",
                "run `tongguan migrate`",
            ),
        ];
        let written = |has_marks| {
            let mut out = Vec::new();
            write_list(&findings, has_marks, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let text = written(true);
        for line in [
            "✓ Kafka 节点 Kafka brokers: a:1",
            "✗ 表结构 schema: missing\u{fffd}[2J",
            "    -> 运行 tongguan migrate",
            "    -> run `tongguan migrate`",
            "1 项正常 yes, 0 项提醒 to be known, 1 项不通过 no",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(written(false).contains("NO   表结构"), "{}", written(false));
    }

    #[test]
    fn marks_are_for_those_who_can_show_them() {
        for (locale, shown) in [(Some("zh_CN.UTF-8"), true), (Some("C.utf8"), true), (Some("C"), false), (None, false)]
        {
            assert_eq!(has_marks(locale), shown, "{locale:?}");
        }
    }
}
