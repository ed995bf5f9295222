//! 提醒: what alerts are set to, and the addresses to which they are pushed.

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    ConfigError, Problem, Secret, blank, problem, read,
    rule::{Rule, is_topic},
};
use crate::domain::{
    alert::{AlertKind, CASE_CLOCK, QuietHours},
    policy::StageName,
};

/// Events out.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AlertSettings {
    /// Whether `run` sends them too; `alerts run` always does.
    pub enabled: bool,
    #[serde(with = "blank::text")]
    pub listen: Option<SocketAddr>,
    pub topic: String,
    pub source: String,
    /// Separated by commas, as are the next.
    pub kinds: String,
    pub clocks: String,
    pub quiet_from: String,
    pub quiet_to: String,
    pub quiet_days: String,
    pub interval_s: u64,
    pub late_after_s: u64,
    pub old_after_h: u64,
    pub take_over_after_s: u64,
    #[serde(with = "blank::path")]
    pub hooks_file: Option<PathBuf>,
    pub hook_timeout_s: u64,
    pub hook_tries_max: u32,
}

impl AlertSettings {
    /// Of names that there are.
    pub fn kinds(&self) -> Vec<AlertKind> {
        names(&self.kinds).filter_map(AlertKind::from_name).collect()
    }

    /// Is the case's own due told of?
    pub fn of_case(&self) -> bool {
        names(&self.clocks).any(|name| name == CASE_CLOCK)
    }

    pub fn stages(&self) -> Vec<StageName> {
        names(&self.clocks).filter_map(StageName::from_name).collect()
    }
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// Whether a text may stand there, and what should.
pub(super) fn wanted(key: &str, text: &str) -> Option<(bool, &'static str)> {
    Some(match key {
        "alerts.listen" => (
            text.is_empty() || text.parse::<SocketAddr>().is_ok(),
            "write an address and a port, such as 127.0.0.1:9603, or nothing",
        ),
        "alerts.topic" => (is_topic(text), "use only letters, digits, `.`, `_` and `-`, which Kafka allows in a topic"),
        "alerts.source" => (!text.trim().is_empty() && text.len() <= 256, "write a URI, such as urn:tongguan"),
        "alerts.kinds" => (
            names(text).all(|name| AlertKind::from_name(name).is_some()),
            "write due_soon, overdue, answered, closed, reopened, quarantined, or some of them, with commas between them",
        ),
        "alerts.clocks" => (
            names(text).all(|name| name == CASE_CLOCK || StageName::from_name(name).is_some()),
            "write case, and stages such as SIGN, CONTACT, DISPOSE, with commas between them",
        ),
        _ => return None,
    })
}

pub(super) fn rules(settings: &AlertSettings, zone: &TimeZone) -> [Rule; 1] {
    let AlertSettings { quiet_from, quiet_to, quiet_days, .. } = settings;
    [(
        QuietHours::parse(quiet_from, quiet_to, quiet_days, zone.clone()).is_err(),
        "alerts.quiet_from",
        "with alerts.quiet_to and alerts.quiet_days it gives no quiet hours",
        "write two different times such as 22:00 and 08:00, or leave both empty; days as sat, sun, rest, and not all seven",
    )]
}

/// An address as the file names it.
#[derive(Clone, Debug)]
pub struct HookEntry {
    pub name: String,
    pub url: String,
    pub secret: Secret,
    pub kinds: Vec<AlertKind>,
    pub units: Vec<String>,
    pub streams: Vec<String>,
    pub from_start: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HooksFile {
    #[serde(default)]
    hook: Vec<HookTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HookTable {
    name: String,
    url: String,
    secret_file: PathBuf,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    units: Vec<String>,
    #[serde(default)]
    streams: Vec<String>,
    #[serde(default)]
    from: HookFrom,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HookFrom {
    #[default]
    Now,
    Start,
}

/// Every address of the file, or every fault. `streams` are the names that there are.
pub fn hooks(path: &Path, streams: &[&str]) -> Result<Vec<HookEntry>, ConfigError> {
    let text = read(path)?;
    let place = path.display().to_string();
    let file: HooksFile = toml::from_str(&text).map_err(|error| {
        let remedy = "write [[hook]] with name, url, secret_file and perhaps kinds, units, streams, from";
        ConfigError::Invalid(vec![Problem::of_toml(&place, &text, &error, remedy)])
    })?;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (number, table) in file.hook.into_iter().enumerate() {
        let at = format!("{place}, hook {}", number + 1);
        if !seen.insert(table.name.clone()) {
            problems.push(Problem::new(
                &at,
                format!("there is a hook `{}` already", table.name),
                "give it another name",
            ));
        }
        all.extend(entry(table, &at, streams, &mut problems));
    }
    problem::none_of(problems)?;
    Ok(all)
}

fn entry(table: HookTable, at: &str, streams: &[&str], problems: &mut Vec<Problem>) -> Option<HookEntry> {
    let before = problems.len();
    let mut wrong = |what: String, remedy: &str| problems.push(Problem::new(at, what, remedy));
    let HookTable { name, url, secret_file, kinds, units, streams: wanted, from } = table;
    if name.is_empty() || name.len() > 64 || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        wrong(format!("`{name}` cannot be a name"), "use letters, digits, `-` and `_`, at most 64");
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with('/') || rest.contains(['@', '#', ' '])) {
        wrong("url is no address".to_owned(), "write https://host/path, without user and password");
    }
    let unknown = kinds.iter().find(|kind| AlertKind::from_name(kind).is_none());
    if let Some(kind) = unknown {
        let known = AlertKind::ALL.map(|(_, name)| name);
        wrong(format!("`{kind}` is no kind; {}", problem::nearest(kind, known.into_iter())), "write one that there is");
    }
    if let Some(stream) = wanted.iter().find(|stream| !streams.contains(&stream.as_str())) {
        let nearest = problem::nearest(stream, streams.iter().copied());
        wrong(format!("`{stream}` is no stream; {nearest}"), "write one that there is");
    }
    let secret = match fs::read_to_string(&secret_file) {
        Ok(text) if text.trim().is_empty() => {
            wrong(format!("{} is empty", secret_file.display()), "write the secret into it");
            String::new()
        }
        Ok(text) => text.trim().to_owned(),
        Err(error) => {
            wrong(
                format!("cannot read {}: {error}", secret_file.display()),
                "check that the file exists and may be read",
            );
            String::new()
        }
    };
    let kinds = kinds.iter().filter_map(|kind| AlertKind::from_name(kind)).collect();
    let from_start = from == HookFrom::Start;
    let entry = HookEntry { name, url, secret: Secret::new(secret), kinds, units, streams: wanted, from_start };
    (problems.len() == before).then_some(entry)
}
