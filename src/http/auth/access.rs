//! Who may ask for what: the one table. What is not in it is refused, whoever asks.

use percent_encoding::percent_decode_str;

use super::{
    audit::AuditWhat,
    role::AuthRole,
    visitor::{Visitor, VisitorKind, visitor},
};

/// What a route asks of whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessNeed {
    /// Nothing: the way in.
    Nothing,
    /// To be somebody.
    Person,
    /// Figures.
    Figures,
    /// Figures, which a wall shows too.
    Wall,
    /// Cases; of a case worker only his own.
    Cases,
    /// Lists as files, and what concerns the cases of everybody.
    Exports,
    /// Files that become events.
    Feeds,
    /// Changes, and messages that nobody could read.
    Changes,
}

impl AccessNeed {
    /// The least that may.
    pub fn role(self) -> Option<AuthRole> {
        match self {
            Self::Nothing | Self::Person => None,
            Self::Figures | Self::Wall => Some(AuthRole::Viewer),
            Self::Cases => Some(AuthRole::CaseWorker),
            Self::Exports => Some(AuthRole::Analyst),
            Self::Feeds => Some(AuthRole::Feeder),
            Self::Changes => Some(AuthRole::Operator),
        }
    }
}

/// Method, pattern, who may, and what the audit says of it. The first that fits decides.
///
/// A part `*` is any one, `**` at the end any further ones or none; `name.*` is the name with an ending, and `name` with or
/// without one. Parts are compared as the handlers read them, so that no escape (`%2E`) is another address.
#[rustfmt::skip]
pub const ACCESS: &[(&str, &str, AccessNeed, Option<AuditWhat>)] = &[
    ("GET",  "/static/*",              AccessNeed::Nothing, None),
    ("GET",  "/login",                 AccessNeed::Nothing, None),
    ("POST", "/login",                 AccessNeed::Nothing, None),
    ("POST", "/logout",                AccessNeed::Person,  None),
    ("GET",  "/account",               AccessNeed::Person,  None),
    ("POST", "/account/**",            AccessNeed::Person,  None),
    ("GET",  "/wall",                  AccessNeed::Wall,    None),
    ("GET",  "/events/**",             AccessNeed::Wall,    None),
    ("GET",  "/",                      AccessNeed::Figures, None),
    ("GET",  "/overview",              AccessNeed::Figures, None),
    ("GET",  "/figures",               AccessNeed::Figures, None),
    ("GET",  "/figures/*",             AccessNeed::Figures, None),
    ("GET",  "/figures/*/cases.*",     AccessNeed::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/figures/*/cases",       AccessNeed::Cases,   Some(AuditWhat::ListSeen)),
    ("GET",  "/figures/*/**",          AccessNeed::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/cases/*/*",             AccessNeed::Cases,   Some(AuditWhat::CaseSeen)),
    ("GET",  "/running/quarantine/**", AccessNeed::Changes, None),
    ("GET",  "/running/**",            AccessNeed::Figures, None),
    // They name cases of everybody.
    ("GET",  "/reports/made",          AccessNeed::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/reports/*/*/*/drift",   AccessNeed::Exports, Some(AuditWhat::ListSeen)),
    ("GET",  "/reports/**",            AccessNeed::Figures, None),
    ("GET",  "/what-if/**",            AccessNeed::Exports, None),
    ("GET",  "/words/**",              AccessNeed::Figures, None),
    ("GET",  "/upload/*/rejects.csv",  AccessNeed::Feeds,   Some(AuditWhat::ListExported)),
    ("GET",  "/upload/**",             AccessNeed::Feeds,   None),
    // Programs take lists away, which is an export.
    ("GET",  "/api/v1/cases/*/*",      AccessNeed::Exports, Some(AuditWhat::CaseSeen)),
    ("GET",  "/api/v1/cases/**",       AccessNeed::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/api/v1/figures/*/cases", AccessNeed::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/api/v1/quarantine/**",  AccessNeed::Changes, None),
    ("GET",  "/api/**",                AccessNeed::Figures, None),
    // Tries a rule file, and changes nothing.
    ("POST", "/what-if/**",            AccessNeed::Exports, None),
    // Write down themselves which of their acts it is, and of what.
    ("POST", "/upload/**",             AccessNeed::Feeds,   None),
    ("POST", "/running/quarantine/**", AccessNeed::Changes, None),
    ("POST", "/reports/**",            AccessNeed::Changes, Some(AuditWhat::Published)),
    ("POST", "/**",                    AccessNeed::Changes, Some(AuditWhat::Changed)),
];

/// None: nobody.
pub fn need(method: &str, path: &str) -> Option<(AccessNeed, Option<AuditWhat>)> {
    let method = if ["HEAD", "OPTIONS"].contains(&method) { "GET" } else { method };
    let parts: Vec<String> =
        path.split('/').skip(1).map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let fits =
        |(of, pattern, ..): &&(&str, &str, AccessNeed, Option<AuditWhat>)| *of == method && matches(pattern, &parts);
    ACCESS.iter().find(fits).map(|(_, _, need, what)| (*need, *what))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessVerdict {
    Pass,
    /// Led to where one logs in.
    LogIn,
    /// Led to where one sets a password of one's own.
    ChangePassword,
    Forbidden,
}

/// Whether somebody may have what asks for `need`. What there is not (`is_there`) is told to whoever is logged in.
pub fn verdict(visitor: &Visitor, need: Option<AccessNeed>, is_there: bool) -> AccessVerdict {
    let is_wall = visitor.kind == VisitorKind::Wall;
    match need {
        Some(AccessNeed::Nothing) => AccessVerdict::Pass,
        _ if visitor.kind == VisitorKind::Nobody => AccessVerdict::LogIn,
        None if is_there || is_wall => AccessVerdict::Forbidden,
        None => AccessVerdict::Pass,
        Some(need) if visitor.must_change && need != AccessNeed::Person => AccessVerdict::ChangePassword,
        Some(AccessNeed::Wall) if is_wall => AccessVerdict::Pass,
        Some(_) if is_wall => AccessVerdict::Forbidden,
        Some(need) if visitor.role() >= need.role() => AccessVerdict::Pass,
        Some(_) => AccessVerdict::Forbidden,
    }
}

/// Whether who asks may follow a link there; where it is not known who does, a link is shown, and the gate decides.
pub fn may_get(path: &str) -> bool {
    let needed = need("GET", path).map(|(need, _)| need);
    visitor().is_none_or(|visitor| verdict(&visitor, needed, true) == AccessVerdict::Pass)
}

fn matches(pattern: &str, parts: &[String]) -> bool {
    let pattern: Vec<&str> = pattern.split('/').skip(1).collect();
    let (pattern, is_open) = match pattern.split_last() {
        Some((&"**", before)) => (before, true),
        _ => (&pattern[..], false),
    };
    let has_length = if is_open { parts.len() >= pattern.len() } else { parts.len() == pattern.len() };
    has_length && pattern.iter().zip(parts).all(|(pattern, part)| is_part(pattern, part))
}

fn is_part(pattern: &str, part: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(stem) => part.starts_with(stem),
        None => part.strip_prefix(pattern).is_some_and(|ending| ending.is_empty() || ending.starts_with('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_fits_decides_and_what_is_in_none_is_nobodys() {
        for (method, path, wanted) in [
            ("GET", "/", Some(AccessNeed::Figures)),
            ("HEAD", "/figures", Some(AccessNeed::Figures)),
            ("GET", "/figures.json", Some(AccessNeed::Figures)),
            ("GET", "/figures/K05a", Some(AccessNeed::Figures)),
            ("GET", "/figures/K05a.csv", Some(AccessNeed::Figures)),
            ("GET", "/figures/K05a/cases", Some(AccessNeed::Cases)),
            ("GET", "/figures/K05a/cases.csv", Some(AccessNeed::Exports)),
            ("GET", "/figures/K05a/cases%2ecsv", Some(AccessNeed::Exports)),
            ("GET", "/figures/K05a/%63ases", Some(AccessNeed::Cases)),
            ("GET", "/figures/K05a/anything", Some(AccessNeed::Exports)),
            ("GET", "/figures/K05a/cases/more", Some(AccessNeed::Exports)),
            ("GET", "/cases/grid/1.json", Some(AccessNeed::Cases)),
            ("GET", "/cases/grid", None),
            ("GET", "/running", Some(AccessNeed::Figures)),
            ("GET", "/running/quarantine", Some(AccessNeed::Changes)),
            ("GET", "/running/quarantine/t/0/1", Some(AccessNeed::Changes)),
            ("GET", "/api/v1/cases", Some(AccessNeed::Exports)),
            ("GET", "/api/v1/cases/grid/1", Some(AccessNeed::Exports)),
            ("GET", "/api/v1/figures/K05a/cases", Some(AccessNeed::Exports)),
            ("GET", "/api/v1/figures/K05a/explain", Some(AccessNeed::Figures)),
            ("OPTIONS", "/api/v1/figures", Some(AccessNeed::Figures)),
            ("GET", "/events.json", Some(AccessNeed::Wall)),
            ("GET", "/running/quarantine.csv", Some(AccessNeed::Changes)),
            ("POST", "/what-if", Some(AccessNeed::Exports)),
            ("POST", "/reports/publish", Some(AccessNeed::Changes)),
            ("POST", "/upload", Some(AccessNeed::Feeds)),
            ("GET", "/upload/0123/rejects.csv", Some(AccessNeed::Feeds)),
            ("GET", "/api/v1/figures/K05a", Some(AccessNeed::Figures)),
            ("POST", "/figures/K05a", Some(AccessNeed::Changes)),
            ("POST", "/running/quarantine/replay", Some(AccessNeed::Changes)),
            ("POST", "/logout", Some(AccessNeed::Person)),
            ("GET", "/logout", None),
            ("GET", "/secret", None),
            ("DELETE", "/figures", None),
            ("PUT", "/", None),
        ] {
            assert_eq!(need(method, path).map(|(need, _)| need), wanted, "{method} {path}");
        }
    }

    #[test]
    fn each_need_has_a_least_role() {
        use AccessNeed::{Cases, Changes, Exports, Feeds, Figures, Wall};
        let least = [Figures, Wall, Cases, Exports, Feeds, Changes].map(|need| need.role().map(AuthRole::name));
        assert_eq!(least, ["viewer", "viewer", "case-worker", "analyst", "feeder", "operator"].map(Some));
    }

    #[test]
    fn only_post_changes_anything() {
        for (method, pattern, need, _) in ACCESS {
            let changes_nothing =
                *need == AccessNeed::Nothing || *need == AccessNeed::Person || *pattern == "/what-if/**";
            let is_change = [AccessNeed::Changes, AccessNeed::Feeds].contains(need);
            assert!(*method == "GET" || changes_nothing || is_change, "{pattern}");
        }
    }
}
