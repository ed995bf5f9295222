//! Who may ask for what: the one table. What is not in it is refused, whoever asks.

use percent_encoding::percent_decode_str;

use super::{
    audit::AuditWhat,
    role::AuthRole,
    visitor::{Visitor, VisitorKind},
};

/// What a route asks of whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
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
    /// Changes, and messages that nobody could read.
    Changes,
}

impl Need {
    /// The least that may.
    pub fn role(self) -> Option<AuthRole> {
        match self {
            Self::Nothing | Self::Person => None,
            Self::Figures | Self::Wall => Some(AuthRole::Viewer),
            Self::Cases => Some(AuthRole::CaseWorker),
            Self::Exports => Some(AuthRole::Analyst),
            Self::Changes => Some(AuthRole::Operator),
        }
    }
}

/// Method, pattern, who may, and what the audit says of it. The first that fits decides.
///
/// A part `*` is any one, `**` at the end any further ones or none; `name.*` is the name with an ending, and `name` with or
/// without one. Parts are compared as the handlers read them, so that no escape (`%2E`) is another address.
#[rustfmt::skip]
pub const ACCESS: &[(&str, &str, Need, Option<AuditWhat>)] = &[
    ("GET",  "/static/*",              Need::Nothing, None),
    ("GET",  "/login",                 Need::Nothing, None),
    ("POST", "/login",                 Need::Nothing, None),
    ("POST", "/logout",                Need::Person,  None),
    ("GET",  "/account",               Need::Person,  None),
    ("POST", "/account/**",            Need::Person,  None),
    ("GET",  "/wall",                  Need::Wall,    None),
    ("GET",  "/events/**",             Need::Wall,    None),
    ("GET",  "/",                      Need::Figures, None),
    ("GET",  "/overview",              Need::Figures, None),
    ("GET",  "/figures",               Need::Figures, None),
    ("GET",  "/figures/*",             Need::Figures, None),
    ("GET",  "/figures/*/cases.*",     Need::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/figures/*/cases",       Need::Cases,   Some(AuditWhat::ListSeen)),
    ("GET",  "/figures/*/**",          Need::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/cases/*/*",             Need::Cases,   Some(AuditWhat::CaseSeen)),
    ("GET",  "/running/quarantine/**", Need::Changes, None),
    ("GET",  "/running/**",            Need::Figures, None),
    ("GET",  "/reports/**",            Need::Figures, None),
    ("GET",  "/what-if/**",            Need::Exports, None),
    ("GET",  "/words/**",              Need::Figures, None),
    // Programs take lists away, which is an export.
    ("GET",  "/api/v1/cases/*/*",      Need::Exports, Some(AuditWhat::CaseSeen)),
    ("GET",  "/api/v1/cases/**",       Need::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/api/v1/figures/*/cases", Need::Exports, Some(AuditWhat::ListExported)),
    ("GET",  "/api/v1/quarantine/**",  Need::Changes, None),
    ("GET",  "/api/**",                Need::Figures, None),
    // Tries a rule file, and changes nothing.
    ("POST", "/what-if/**",            Need::Exports, None),
    ("POST", "/reports/**",            Need::Changes, Some(AuditWhat::Published)),
    ("POST", "/**",                    Need::Changes, Some(AuditWhat::Changed)),
];

/// None: nobody.
pub fn need(method: &str, path: &str) -> Option<(Need, Option<AuditWhat>)> {
    let method = if ["HEAD", "OPTIONS"].contains(&method) { "GET" } else { method };
    let parts: Vec<String> =
        path.split('/').skip(1).map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let fits = |(of, pattern, ..): &&(&str, &str, Need, Option<AuditWhat>)| *of == method && matches(pattern, &parts);
    ACCESS.iter().find(fits).map(|(_, _, need, what)| (*need, *what))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    /// Led to where one logs in.
    LogIn,
    /// Led to where one sets a password of one's own.
    ChangePassword,
    Forbidden,
}

/// Whether somebody may have what asks for `need`. What there is not (`is_there`) is told to whoever is logged in.
pub fn verdict(visitor: &Visitor, need: Option<Need>, is_there: bool) -> Verdict {
    let is_wall = visitor.kind == VisitorKind::Wall;
    match need {
        Some(Need::Nothing) => Verdict::Pass,
        _ if visitor.kind == VisitorKind::Nobody => Verdict::LogIn,
        None if is_there || is_wall => Verdict::Forbidden,
        None => Verdict::Pass,
        Some(need) if visitor.must_change && need != Need::Person => Verdict::ChangePassword,
        Some(Need::Wall) if is_wall => Verdict::Pass,
        Some(_) if is_wall => Verdict::Forbidden,
        Some(need) if visitor.role() >= need.role() => Verdict::Pass,
        Some(_) => Verdict::Forbidden,
    }
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
            ("GET", "/", Some(Need::Figures)),
            ("HEAD", "/figures", Some(Need::Figures)),
            ("GET", "/figures.json", Some(Need::Figures)),
            ("GET", "/figures/K05a", Some(Need::Figures)),
            ("GET", "/figures/K05a.csv", Some(Need::Figures)),
            ("GET", "/figures/K05a/cases", Some(Need::Cases)),
            ("GET", "/figures/K05a/cases.csv", Some(Need::Exports)),
            ("GET", "/figures/K05a/cases%2ecsv", Some(Need::Exports)),
            ("GET", "/figures/K05a/%63ases", Some(Need::Cases)),
            ("GET", "/figures/K05a/anything", Some(Need::Exports)),
            ("GET", "/figures/K05a/cases/more", Some(Need::Exports)),
            ("GET", "/cases/grid/1.json", Some(Need::Cases)),
            ("GET", "/cases/grid", None),
            ("GET", "/running", Some(Need::Figures)),
            ("GET", "/running/quarantine", Some(Need::Changes)),
            ("GET", "/running/quarantine/t/0/1", Some(Need::Changes)),
            ("GET", "/api/v1/cases", Some(Need::Exports)),
            ("GET", "/api/v1/cases/grid/1", Some(Need::Exports)),
            ("GET", "/api/v1/figures/K05a/cases", Some(Need::Exports)),
            ("GET", "/api/v1/figures/K05a/explain", Some(Need::Figures)),
            ("OPTIONS", "/api/v1/figures", Some(Need::Figures)),
            ("GET", "/events.json", Some(Need::Wall)),
            ("GET", "/running/quarantine.csv", Some(Need::Changes)),
            ("POST", "/what-if", Some(Need::Exports)),
            ("POST", "/reports/publish", Some(Need::Changes)),
            ("GET", "/api/v1/figures/K05a", Some(Need::Figures)),
            ("POST", "/figures/K05a", Some(Need::Changes)),
            ("POST", "/running/quarantine/replay", Some(Need::Changes)),
            ("POST", "/logout", Some(Need::Person)),
            ("GET", "/logout", None),
            ("GET", "/secret", None),
            ("DELETE", "/figures", None),
            ("PUT", "/", None),
        ] {
            assert_eq!(need(method, path).map(|(need, _)| need), wanted, "{method} {path}");
        }
    }

    #[test]
    fn only_post_changes_anything() {
        for (method, pattern, need, _) in ACCESS {
            let changes_nothing = *need == Need::Nothing || *need == Need::Person || *pattern == "/what-if/**";
            assert!(*method == "GET" || changes_nothing || *need == Need::Changes, "{pattern}");
        }
    }
}
