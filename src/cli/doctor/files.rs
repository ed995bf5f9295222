//! The files that the configuration names: can they be read and used, who else may read them, and how long are they good for.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::tz::TimeZone;

use super::finding::{DoctorCheck, DoctorFinding};
use crate::{
    cli::{declared, event_types, setup::Setup},
    config::{ConfigError, Settings, calendar, figures, names, policy, streams, town_map},
    domain::{
        calendar::{Calendar, civil::Wall},
        kpi::catalogue,
        policy::Policy,
        rules::Limits,
        time::Millis,
    },
    feed::privacy::Key,
};

/// Notice of a year's holidays, and of new limits, takes about that long to be turned into a file.
const NOTICE_DAYS: i64 = 60;
const DAY_MS: i64 = 86_400_000;

/// What the other checks go on with: a file that cannot be used is replaced by the built-in one.
pub(super) fn load(settings: Settings, now: Millis) -> anyhow::Result<(Setup, Vec<DoctorFinding>)> {
    let name = |path: &Option<PathBuf>| path.as_ref().map_or("built-in".to_owned(), |path| path.display().to_string());
    let mut findings = Vec::new();
    let dir = &settings.figures.dir;
    if let Some(own) = used(DoctorCheck::Figures, &name(dir), &mut findings, || figures::load(dir.as_deref())) {
        catalogue::adopt(own)?;
    }
    let files = used(DoctorCheck::Streams, &settings.streams.built_in, &mut findings, || {
        let files = streams::load(settings.streams.dir.as_deref(), &settings.streams.built_in, &event_types())?;
        let changes = declared::changes(&files)?;
        Ok((files, changes))
    });
    let (files, changes) = files.unwrap_or_default();
    let streams = files.iter().map(|file| declared::stream(file, &settings.kafka.topic_prefix).map(Arc::new));
    let streams = streams.collect::<anyhow::Result<Vec<_>>>()?;
    let file = &settings.calendar.file;
    let calendar = used(DoctorCheck::Calendar, &name(file), &mut findings, || calendar::load(file.as_deref()));
    if let Some(calendar) = &calendar {
        replace(&mut findings, calendar_end(calendar, now));
    }
    let file = &settings.policy.file;
    let policy = used(DoctorCheck::Policy, &name(file), &mut findings, || policy::load(file.as_deref()));
    if let Some(policy) = &policy {
        replace(&mut findings, policy_end(policy, now));
    }
    let file = &settings.names.file;
    used(DoctorCheck::Names, &name(file), &mut findings, || names::load(file.as_deref()));
    if let Some(file) = &settings.page.map_file {
        let place = file.display().to_string();
        used(DoctorCheck::Map, &place, &mut findings, || town_map::load(file, &settings.page.map_key));
    }

    findings.push(key(&settings));
    findings.extend(settings.clickhouse.password_file.as_deref().map(|path| modes(DoctorCheck::Password, path)));
    let policy = policy.map_or_else(|| policy::load(None), Ok)?;
    let calendar = calendar.map_or_else(|| calendar::load(None), Ok)?;
    let limits = Arc::new(Limits::new(policy, calendar));
    Ok((Setup { settings, origins: BTreeMap::new(), streams, files, limits, changes: Arc::new(changes) }, findings))
}

fn used<T>(
    check: DoctorCheck,
    place: &str,
    findings: &mut Vec<DoctorFinding>,
    load: impl FnOnce() -> Result<T, ConfigError>,
) -> Option<T> {
    match load() {
        Ok(loaded) => {
            findings.push(DoctorFinding::yes(check, place));
            Some(loaded)
        }
        Err(error) => {
            findings.push(DoctorFinding::no(
                check,
                error.to_string(),
                "按提示修正该文件；修正前 run 不会启动",
                "mend the file as it says; until then `run` does not start",
            ));
            None
        }
    }
}

/// The later says more about the same.
fn replace(findings: &mut Vec<DoctorFinding>, later: DoctorFinding) {
    findings.retain(|finding| finding.check != later.check);
    findings.push(later);
}

fn calendar_end(calendar: &Calendar, now: Millis) -> DoctorFinding {
    let last = calendar.days.last();
    let left = last.0 - Wall::at(now, &calendar.zone).day.0;
    let said = format!("{} until {}", calendar.version.id, last.date());
    let (zh, en) = (
        "补上下一年的放假安排（docs/calendar.md），改 id 后用 tongguan rebuild 启用",
        "add the next year's holidays (docs/calendar.md) under a new id, and bring it in with `tongguan rebuild`",
    );
    match left {
        left if left < 0 => DoctorFinding::no(DoctorCheck::Calendar, format!("{said}: it is over"), zh, en),
        left if left < NOTICE_DAYS => {
            DoctorFinding::warn(DoctorCheck::Calendar, format!("{said}: {left} days left"), zh, en)
        }
        _ => DoctorFinding::yes(DoctorCheck::Calendar, said),
    }
}

/// A policy ends when no rule is in force any more; a rule that ends soon is said.
fn policy_end(policy: &Policy, now: Millis) -> DoctorFinding {
    let said = format!("{} {}: {} rules", policy.id, policy.version, policy.rules().len());
    let (zh, en) = (
        "写入接续的规则和新的 version（docs/policy.md），用 tongguan rebuild 启用",
        "write the rules that follow under a new version (docs/policy.md), and bring it in with `tongguan rebuild`",
    );
    let soon = now.plus(NOTICE_DAYS * DAY_MS);
    let ending = policy.rules().iter().filter(|rule| !rule.validity.is_over(now) && rule.validity.is_over(soon));
    let ending: Vec<String> = ending.map(|rule| ended(&rule.id, rule.validity.until, &policy.zone)).collect();
    if policy.rules().iter().all(|rule| rule.validity.is_over(now)) {
        DoctorFinding::no(DoctorCheck::Policy, format!("{said}, all of them over"), zh, en)
    } else if !ending.is_empty() {
        DoctorFinding::warn(DoctorCheck::Policy, format!("{said}; ending soon: {}", ending.join(", ")), zh, en)
    } else {
        DoctorFinding::yes(DoctorCheck::Policy, said)
    }
}

fn ended(id: &str, until: Option<Millis>, zone: &TimeZone) -> String {
    format!("{id} ({})", until.map(|until| until.rfc3339(zone)).unwrap_or_default())
}

/// It is only read here: the first run makes one where none is named.
fn key(settings: &Settings) -> DoctorFinding {
    let privacy = &settings.privacy;
    let check = DoctorCheck::PrivacyKey;
    match (&privacy.key_file, &privacy.default_key_file) {
        (None, Some(path)) if !path.exists() => {
            DoctorFinding::yes(check, format!("{}: made at the first run", path.display()))
        }
        (Some(path), _) | (None, Some(path)) => match Key::read(path) {
            Ok(key) => {
                let mut finding = modes(check, path);
                finding.found = format!("{}, key {}", finding.found, key.id());
                finding
            }
            Err(error) => DoctorFinding::no(
                check,
                error.to_string(),
                "放回原来的密钥文件；换新密钥会得到不同的假名",
                "put the key back: another key makes other pseudonyms",
            ),
        },
        (None, None) => DoctorFinding::no(
            check,
            "no place for a key",
            "设置 privacy.key_file，或 XDG_STATE_HOME / HOME",
            "set privacy.key_file, or XDG_STATE_HOME or HOME",
        ),
    }
}

fn modes(check: DoctorCheck, path: &Path) -> DoctorFinding {
    secrecy(check, path, fs::metadata(path).map(|found| found.permissions().mode()))
}

fn secrecy(check: DoctorCheck, path: &Path, mode: io::Result<u32>) -> DoctorFinding {
    let place = path.display();
    match mode {
        Ok(mode) if mode & 0o077 == 0 => DoctorFinding::yes(check, place.to_string()),
        Ok(mode) => DoctorFinding::warn(
            check,
            format!("{place} has mode {:o}: others may read it", mode & 0o777),
            format!("chmod 600 {place}"),
            format!("chmod 600 {place}"),
        ),
        Err(error) => DoctorFinding::no(
            check,
            format!("{place}: {error}"),
            "检查路径和权限",
            "look at the path and its permissions",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::DoctorVerdict, *};

    #[test]
    fn a_calendar_that_ends_within_sixty_days_is_said_and_one_that_is_over_refused() {
        let calendar = calendar::load(None).unwrap();
        for (days, verdict) in [
            (61, DoctorVerdict::Yes),
            (60, DoctorVerdict::Yes),
            (59, DoctorVerdict::Warn),
            (0, DoctorVerdict::Warn),
            (-1, DoctorVerdict::No),
        ] {
            let noon = Wall { day: calendar.days.last().plus(-days), clock: DAY_MS / 2 };
            let found = calendar_end(&calendar, noon.instant(&calendar.zone));
            assert_eq!(found.verdict, verdict, "{days} days before its end: {}", found.found);
        }
    }

    #[test]
    fn a_rule_that_ends_within_sixty_days_is_said_and_a_policy_without_rules_in_force_refused() {
        let mut rules = policy::load(None).unwrap().rules().to_vec();
        let until = |rules: &mut Vec<crate::domain::policy::Rule>, days: Option<i64>| {
            rules.iter_mut().for_each(|rule| rule.validity.until = days.map(|days| Millis(days * DAY_MS)));
            let zone = TimeZone::UTC;
            Policy::new("p", "1", zone, rules.clone()).unwrap()
        };
        for (days, verdict) in [
            (None, DoctorVerdict::Yes),
            (Some(61), DoctorVerdict::Yes),
            (Some(59), DoctorVerdict::Warn),
            (Some(0), DoctorVerdict::No),
        ] {
            let found = policy_end(&until(&mut rules, days), Millis(0));
            assert_eq!(found.verdict, verdict, "{days:?}: {}", found.found);
        }
    }

    #[test]
    fn a_secret_that_others_may_read_is_said() {
        let path = Path::new("/key");
        for (mode, verdict) in [
            (0o100_600, DoctorVerdict::Yes),
            (0o100_400, DoctorVerdict::Yes),
            (0o100_640, DoctorVerdict::Warn),
            (0o100_644, DoctorVerdict::Warn),
        ] {
            assert_eq!(secrecy(DoctorCheck::PrivacyKey, path, Ok(mode)).verdict, verdict, "{mode:o}");
        }
        let gone = Err(io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(secrecy(DoctorCheck::PrivacyKey, path, gone).verdict, DoctorVerdict::No);
    }
}
