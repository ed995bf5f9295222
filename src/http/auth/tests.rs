//! Logging in as a whole, with a clock that the test moves.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use tempfile::TempDir;

use super::*;

mod certificates;

const MINUTE: i64 = 60_000;
/// 2026-11-29 12:00 of Shanghai.
const NOON: i64 = 1_795_924_800_000;
const PASSWORD: &str = "corner lamp and bench";

struct Office {
    folder: TempDir,
    auth: Auth,
    clock: Arc<AtomicI64>,
}

impl Office {
    fn new() -> Self {
        Self::with(|plan| plan)
    }

    fn with(change: impl FnOnce(AuthPlan) -> AuthPlan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOON));
        let file = AccountFile::new(&folder.path().join("accounts.toml"));
        let hash = hash(PASSWORD).unwrap();
        file.change::<_, KeptFileError>(|accounts| {
            for (name, role, units) in
                [("li.na", AuthRole::Analyst, vec![]), ("wang", AuthRole::CaseWorker, vec!["MH-02".to_owned()])]
            {
                accounts.people.push(PersonAccount {
                    name: name.to_owned(),
                    role,
                    units,
                    towns: Vec::new(),
                    password: hash.clone(),
                    changed: jiff::civil::date(2026, 8, 1),
                    totp: String::new(),
                    certificates: Vec::new(),
                    disabled: false,
                    must_change: false,
                });
            }
            Ok(())
        })
        .unwrap();
        let now = Arc::clone(&clock);
        let plan = AuthPlan {
            way: AuthWay::Accounts,
            accounts: Some(file.path().to_owned()),
            audit: Some(folder.path().join("audit")),
            idle_ms: 30 * MINUTE,
            session_ms: 720 * MINUTE,
            rules: PasswordRules::default(),
            proxies: vec!["10.0.0.1".parse().unwrap()],
            zone: TimeZone::get("Asia/Shanghai").unwrap(),
            now: Box::new(move || Millis(now.load(Ordering::Relaxed))),
        };
        Self { auth: Auth::new(change(plan)).unwrap(), clock, folder }
    }

    fn wait(&self, minutes: i64) {
        self.clock.fetch_add(minutes * MINUTE, Ordering::Relaxed);
    }

    async fn log_in(&self, name: &str, password: &str, code: &str) -> Result<String, LogInError> {
        let given = Credentials {
            name: name.to_owned(),
            password: password.to_owned(),
            code: code.to_owned(),
            agent: "browser".to_owned(),
        };
        self.auth.log_in(given, &here(), None).await
    }

    fn edit(&self, name: &'static str, change: impl FnOnce(&mut PersonAccount)) {
        let file = AccountFile::new(&self.folder.path().join("accounts.toml"));
        let edit = |accounts: &mut Accounts| {
            change(accounts.people.iter_mut().find(|person| person.name == name).unwrap());
            Ok(())
        };
        file.change::<_, KeptFileError>(edit).unwrap();
    }

    fn who(&self, token: &str) -> Visitor {
        let headers = headers(&[("cookie", &format!("tongguan_session={token}"))]);
        self.auth.who(&headers, &here(), Some(AccessNeed::Figures)).unwrap()
    }

    fn is_in(&self, token: &str) -> bool {
        self.who(token).kind != VisitorKind::Nobody
    }

    fn audited(&self) -> Vec<String> {
        let mut all = Vec::new();
        let each = |line: Option<AuditLine>| {
            let line = line.unwrap();
            all.push(format!("{} {} {}", line.account, line.what, line.result));
            Ok(())
        };
        lines(&self.folder.path().join("audit"), None, each).unwrap();
        all
    }
}

fn here() -> Arrival {
    Arrival {
        address: [192, 0, 2, 7].into(),
        is_proxy: false,
        is_secure: false,
        host: "town:9601".to_owned(),
        certificate: None,
    }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    let mut map = HeaderMap::new();
    for (name, value) in pairs.iter().map(pair) {
        map.append(name, value);
    }
    map
}

#[tokio::test]
async fn the_right_password_opens_a_session_and_everything_else_is_told_alike() {
    let office = Office::new();
    let token = office.log_in("li.na", PASSWORD, "").await.unwrap();
    let who = office.who(&token);
    assert_eq!((who.name.as_str(), who.kind), ("li.na", VisitorKind::Person(AuthRole::Analyst)));
    for (name, password) in
        [("li.na", "corner lamp and benc"), ("nobody", PASSWORD), ("<script>", ""), ("wang", &"x".repeat(9_000))]
    {
        let error = office.log_in(name, password, "").await.unwrap_err();
        assert!(matches!(error, LogInError::Wrong), "{name}: {error:?}");
    }
    let audited = office.audited();
    assert_eq!(
        audited,
        ["li.na log-in done", "li.na log-in wrong", " log-in wrong", " log-in wrong", "wang log-in wrong"]
    );
}

#[tokio::test]
async fn an_unknown_name_costs_as_much_as_a_known_one() {
    let office = Office::new();
    let mut took = Vec::new();
    for name in ["li.na", "nobody"] {
        let begun = tokio::time::Instant::now();
        for _ in 0..4 {
            office.log_in(name, "something that is wrong", "").await.unwrap_err();
        }
        took.push(begun.elapsed());
    }
    assert!(took[1] * 3 > took[0] && took[0] * 3 > took[1], "{took:?}");
}

#[tokio::test]
async fn after_five_wrong_ones_the_right_one_is_refused_too_until_a_quarter_of_an_hour_is_over() {
    let office = Office::new();
    for _ in 0..5 {
        office.log_in("li.na", "wrong", "").await.unwrap_err();
    }
    for minutes in [0, 14] {
        office.wait(minutes);
        let error = office.log_in("li.na", PASSWORD, "").await.unwrap_err();
        assert!(matches!(error, LogInError::TooMany), "{error:?}");
    }
    office.wait(1);
    assert!(office.log_in("li.na", PASSWORD, "").await.is_ok());
    let refused = office.audited().iter().filter(|line| line.contains("too many")).count();
    assert_eq!(refused, 1, "a flood does not fill the audit");
}

#[tokio::test]
async fn a_hundred_wrong_ones_in_a_row_lock_the_account_for_good() {
    let office = Office::new();
    for n in 0..100_u8 {
        let at = Arrival { address: [10, 1, 0, n].into(), ..here() };
        let given = Credentials { name: "wang".to_owned(), password: "wrong".to_owned(), ..Credentials::default() };
        office.auth.log_in(given, &at, None).await.unwrap_err();
    }
    assert!(office.auth.accounts().person("wang").unwrap().disabled);
    office.wait(60);
    assert!(matches!(office.log_in("wang", PASSWORD, "").await, Err(LogInError::Wrong)));
    assert!(office.audited().iter().any(|line| line.starts_with("wang account-changed locked")));
}

#[tokio::test]
async fn a_session_ends_with_its_time_its_account_and_its_log_out() {
    let office = Office::new();
    let enter = || async { office.log_in("li.na", PASSWORD, "").await.unwrap() };
    let idle = enter().await;
    office.wait(29);
    assert!(office.is_in(&idle));
    office.wait(30);
    assert!(!office.is_in(&idle), "idle");
    let long = enter().await;
    for _ in 0..35 {
        office.wait(20);
        assert!(office.is_in(&long));
    }
    office.wait(20);
    assert!(!office.is_in(&long), "twelve hours");
    let out = enter().await;
    office.auth.log_out(&headers(&[("cookie", &format!("tongguan_session={out}"))]));
    assert!(!office.is_in(&out), "log-out");
    let (disabled, other) = (enter().await, office.log_in("wang", PASSWORD, "").await.unwrap());
    office.edit("li.na", |account| account.disabled = true);
    assert!(!office.is_in(&disabled) && office.is_in(&other), "disabled");
    office.edit("li.na", |account| account.disabled = false);
    assert!(!office.is_in(&disabled), "and it does not come back");
    office.edit("wang", |account| account.units.push("MH-03".to_owned()));
    assert!(!office.is_in(&other), "another account than it was");
}

#[tokio::test]
async fn nobody_can_hand_over_a_session() {
    let office = Office::new();
    let chosen = "chosen-by-an-attacker-chosen-by-an-attacker";
    let given = || Credentials { name: "li.na".to_owned(), password: PASSWORD.to_owned(), ..Credentials::default() };
    let token = office.auth.log_in(given(), &here(), Some(chosen)).await.unwrap();
    assert!(token != chosen && !office.is_in(chosen) && office.is_in(&token));
    let next = office.auth.log_in(given(), &here(), Some(&token)).await.unwrap();
    assert!(next != token && !office.is_in(&token) && office.is_in(&next));
}

#[tokio::test]
async fn a_code_is_good_once_and_needed() {
    let office = Office::new();
    let secret = secret().unwrap();
    let set = secret.clone();
    office.edit("li.na", |account| account.totp = set);
    let code = |minutes: i64| totp::code(&secret, Millis(NOON + minutes * MINUTE));
    assert!(matches!(office.log_in("li.na", PASSWORD, "").await, Err(LogInError::Wrong)));
    assert!(matches!(office.log_in("li.na", "wrong", &code(0)).await, Err(LogInError::Wrong)));
    assert!(office.log_in("li.na", PASSWORD, &code(0)).await.is_ok(), "not used up by the wrong password");
    assert!(matches!(office.log_in("li.na", PASSWORD, &code(0)).await, Err(LogInError::Wrong)), "a second time");
    office.wait(1);
    assert!(office.log_in("li.na", PASSWORD, &code(1)).await.is_ok());
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_is_asked_for_first() {
    let office = Office::new();
    office.edit("li.na", |account| account.must_change = true);
    let (one, other) =
        (office.log_in("li.na", PASSWORD, "").await.unwrap(), office.log_in("li.na", PASSWORD, "").await.unwrap());
    let who = office.who(&one);
    assert_eq!(verdict(&who, Some(AccessNeed::Figures), true), AccessVerdict::ChangePassword);
    assert_eq!(verdict(&who, Some(AccessNeed::Person), true), AccessVerdict::Pass);
    let change = |old: &str, new: &str| {
        let given = Credentials { password: old.to_owned(), ..Credentials::default() };
        let (who, new) = (who.clone(), new.to_owned());
        let auth = &office.auth;
        async move { auth.change_password(&who, given, new, &here()).await }
    };
    assert!(matches!(change("wrong", "another lamp and bench").await, Err(LogInError::Wrong)));
    assert!(matches!(change(PASSWORD, PASSWORD).await, Err(LogInError::NewPassword(PasswordFault::Same))));
    assert!(matches!(change(PASSWORD, "short").await, Err(LogInError::NewPassword(PasswordFault::TooShort(15)))));
    assert!(matches!(change(PASSWORD, "my name is li.na here").await, Err(LogInError::NewPassword(_))));
    let token = change(PASSWORD, "another lamp and bench").await.unwrap();
    assert!(!office.is_in(&one) && !office.is_in(&other));
    assert_eq!(verdict(&office.who(&token), Some(AccessNeed::Figures), true), AccessVerdict::Pass);
    assert!(office.log_in("li.na", PASSWORD, "").await.is_err());
    assert!(office.log_in("li.na", "another lamp and bench", "").await.is_ok());
    let text = fs::read_to_string(office.folder.path().join("accounts.toml")).unwrap();
    assert!(text.contains("changed = \"2026-11-29\"") && !text.contains("lamp"), "{text}");
}

#[tokio::test]
async fn dengbao_asks_for_a_second_factor_and_another_password_every_ninety_days() {
    let rules = PasswordRules { is_dengbao: true, words: Vec::new() };
    let office = Office::with(|plan| AuthPlan { rules, ..plan });
    assert!(matches!(office.log_in("li.na", PASSWORD, "").await, Err(LogInError::NoSecondFactor)));
    assert!(matches!(office.log_in("li.na", "wrong", "").await, Err(LogInError::Wrong)), "told to nobody else");
    let secret = secret().unwrap();
    for (days, must) in [(89, false), (90, true)] {
        let (set, changed) =
            (secret.clone(), office.auth.today(office.auth.now()).saturating_sub(jiff::ToSpan::days(days)));
        office.edit("li.na", |account| (account.totp, account.changed) = (set, changed));
        let code = totp::code(&secret, office.auth.now());
        let token = office.log_in("li.na", PASSWORD, &code).await.unwrap();
        assert_eq!(office.who(&token).must_change, must, "{days}");
        office.wait(1);
    }
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_done() {
    let office = Office::new();
    let folder = office.folder.path().join("audit");
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "in the way").unwrap();
    assert!(matches!(office.log_in("li.na", PASSWORD, "").await, Err(LogInError::Auth(AuthError::Audit(_)))));
    fs::remove_file(&folder).unwrap();
    assert!(office.log_in("li.na", PASSWORD, "").await.is_ok());
}

#[test]
fn a_proxy_is_believed_only_at_its_address_and_says_each_thing_once() {
    let by = ProxyHeaders { name: "X-Forwarded-User".to_owned(), roles: "X-Forwarded-Groups".to_owned() };
    let office = Office::with(|plan| AuthPlan { way: AuthWay::Proxy(by), ..plan });
    let who = |is_proxy: bool, pairs: &[(&'static str, &str)]| {
        office.auth.who(&headers(pairs), &Arrival { is_proxy, ..here() }, Some(AccessNeed::Cases))
    };
    let li = [("x-forwarded-user", "li.na"), ("x-forwarded-groups", "mail,operator")];
    assert_eq!(who(true, &li).unwrap().role(), Some(AuthRole::Operator));
    assert_eq!(who(false, &li).unwrap_err(), Turned::NotByProxy);
    assert_eq!(who(false, &[]).unwrap_err(), Turned::NotByProxy);
    assert_eq!(who(true, &[]).unwrap_err(), Turned::BadHeaders);
    let twice = [li[0], ("x-forwarded-user", "root"), li[1]];
    assert_eq!(who(true, &twice).unwrap_err(), Turned::BadHeaders);
    let wang = [("x-forwarded-user", "wang"), ("x-forwarded-groups", "case-worker")];
    assert_eq!(who(true, &wang).unwrap().own[0].1, ["MH-02"], "whose cases, the file says");
    let stranger = [("x-forwarded-user", "zhao"), ("x-forwarded-groups", "case-worker")];
    assert!(who(true, &stranger).unwrap().own.is_empty(), "which is none");
    office.edit("wang", |account| account.disabled = true);
    assert_eq!(who(true, &wang).unwrap_err(), Turned::Disabled);
}

#[tokio::test]
async fn a_wall_shows_figures_at_its_own_place_and_nothing_else() {
    let office = Office::new();
    let file = AccountFile::new(&office.folder.path().join("accounts.toml"));
    let token = fresh().unwrap();
    let wall = WallAccount::new("lobby", &token, "192.0.2.0/24".parse().unwrap());
    let add = |accounts: &mut Accounts| {
        accounts.walls.push(wall);
        Ok(())
    };
    file.change::<_, KeptFileError>(add).unwrap();
    let cookie = office.auth.wall_cookie(&token, &here()).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let elsewhere = Arrival { address: [192, 0, 3, 7].into(), ..here() };
    assert!(office.auth.wall_cookie(&token, &elsewhere).is_none());
    assert!(office.auth.wall_cookie("guessed", &here()).is_none());
    let headers = headers(&[("cookie", &format!("tongguan_wall={token}"))]);
    let wall = office.auth.who(&headers, &here(), None).unwrap();
    assert_eq!(wall.kind, VisitorKind::Wall);
    assert_eq!(office.auth.who(&headers, &elsewhere, None).unwrap().kind, VisitorKind::Nobody);
    for (path, wanted) in [
        ("/wall", AccessVerdict::Pass),
        ("/events", AccessVerdict::Pass),
        ("/figures", AccessVerdict::Forbidden),
        ("/cases/grid/1", AccessVerdict::Forbidden),
        ("/account", AccessVerdict::Forbidden),
    ] {
        assert_eq!(verdict(&wall, need("GET", path).map(|(need, _)| need), true), wanted, "{path}");
    }
}

#[test]
fn where_nobody_is_asked_the_page_is_called_by_this_machines_name() {
    let auth = Auth::new(AuthPlan::nobody(|| Millis(0))).unwrap();
    let who = |host: &str| {
        let at = Arrival { host: host.to_owned(), ..here() };
        auth.who(&HeaderMap::new(), &at, Some(AccessNeed::Changes)).map(|who| who.kind)
    };
    assert_eq!(who("127.0.0.1:9601"), Ok(VisitorKind::Everybody));
    assert_eq!(who("evil.example"), Err(Turned::StrangeName));
}

#[test]
fn a_service_without_its_accounts_does_not_begin() {
    let plan =
        |path: PathBuf| AuthPlan { way: AuthWay::Accounts, accounts: Some(path), ..AuthPlan::nobody(|| Millis(0)) };
    let folder = tempfile::tempdir().unwrap();
    let error = Auth::new(plan(folder.path().join("none.toml"))).unwrap_err().to_string();
    assert!(error.contains("none.toml") && error.contains("tongguan account add"), "{error}");
}
