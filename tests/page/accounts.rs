//! Who may, as the program itself does it: accounts by the command, log-in, a case worker's cases, and what is written down.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Output, Stdio},
};

use serde_json::json;

use crate::{messages::event, served::Served, town::Town};

pub const PASSWORD: &str = "corner lamp and bench";

/// A town whose page asks who comes.
pub struct Office {
    pub town: Town,
}

impl Office {
    pub fn new(town: Town) -> Self {
        Self { town }
    }

    fn file(&self) -> PathBuf {
        self.town.folder.path().join("accounts.toml")
    }

    fn audit(&self) -> PathBuf {
        self.town.folder.path().join("audit")
    }

    fn settings(&self) -> [(&'static str, String); 3] {
        [
            ("HTTP__AUTH__MODE", "accounts".to_owned()),
            ("HTTP__AUTH__ACCOUNTS_FILE", self.file().display().to_string()),
            ("HTTP__AUTH__AUDIT_DIR", self.audit().display().to_string()),
        ]
    }

    fn command(&self, args: &[&str], typed: &str) -> Output {
        let mut command = self.town.command(args);
        for (name, value) in self.settings() {
            command.env(format!("TONGGUAN__{name}"), value);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Who is refused at once may have ended before it is asked.
        let _ = writeln!(child.stdin.take().unwrap(), "{typed}");
        child.wait_with_output().unwrap()
    }

    pub fn say(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(args, PASSWORD);
        assert!(status.success(), "{args:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    fn refusal(&self, args: &[&str], typed: &str, code: i32) -> String {
        let Output { status, stderr, .. } = self.command(args, typed);
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(code), "{args:?}: {said}");
        said
    }

    pub fn served(&self) -> Served {
        let settings = self.settings();
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Served::with(&self.town, &settings)
    }
}

/// Head and body.
fn ask(served: &Served, method: &str, address: &str, cookie: &str, form: &str) -> (String, String) {
    served.asked(method, address, &format!("Cookie: {cookie}\r\n"), form)
}

fn get(served: &Served, address: &str, cookie: &str) -> (u16, String) {
    let (head, body) = ask(served, "GET", address, cookie, "");
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
}

pub fn log_in(served: &Served, name: &str, password: &str) -> Option<String> {
    let form = format!("name={name}&password={}", password.replace(' ', "+"));
    let (head, _) = ask(served, "POST", "/login", "", &form);
    let cookie = head.lines().find_map(|line| line.to_lowercase().starts_with("set-cookie: ").then(|| &line[12..]))?;
    cookie.split(';').next().map(str::to_owned)
}

#[test]
fn a_case_worker_sees_his_own_cases_and_is_not_told_of_others() {
    let office = Office::new(Town::new());
    let day = |day: u8| format!("2021-06-{day:02}T09:00:00+08:00");
    for (case, unit) in [("mine", "MH-02"), ("other", "MH-03")] {
        let messages = [
            event(case, "accepted", &day(1), json!({ "title": "井盖", "due_at": day(3) })),
            event(case, "dispatched", &day(2), json!({ "unit": unit })),
            event(case, "closed", &day(5), json!({})),
        ];
        office.town.send("hotline", &messages);
    }
    office.town.run_until_caught_up();
    office.say(&["account", "add", "wang", "--role", "case-worker", "--unit", "MH-02", "--ask"]);
    office.say(&["account", "add", "li", "--role", "analyst", "--ask"]);
    let served = office.served();
    let (wang, li) = (log_in(&served, "wang", PASSWORD).unwrap(), log_in(&served, "li", PASSWORD).unwrap());

    // The figure is the town's; the list is his own, and as long as its own figure.
    let (_, figure) = get(&served, "/figures/K06a?month=2021-06", &wang);
    assert!(figure.contains("0/2"), "{figure}");
    let (status, list) = get(&served, "/figures/K06a/cases?month=2021-06", &wang);
    assert_eq!(status, 200);
    assert!(list.contains("清单 1 = 指标 1") && list.contains(">mine<") && !list.contains("other"), "{list}");
    assert!(list.contains("仅限本人单位</span> MH-02"), "the page says so: {list}");
    let (_, list) = get(&served, "/figures/K06a/cases?month=2021-06&only=unit%3DMH-03", &wang);
    assert!(list.contains("没有案件") && !list.contains("cases.csv") && !list.contains(">other<"), "{list}");
    let (_, list) = get(&served, "/figures/K06a/cases?month=2021-06", &li);
    assert!(list.contains("清单 2 = 指标 2") && list.contains(">other<"), "{list}");

    assert_eq!(get(&served, "/cases/hotline/mine", &wang).0, 200);
    assert_eq!(get(&served, "/cases/hotline/mine.json", &wang).0, 200);
    let (status, nothing) = get(&served, "/cases/hotline/absent", &wang);
    assert_eq!(status, 403);
    for more in ["", "?as-of=2021-06-04", "?as-of=2020-01-01"] {
        let (status, other) = get(&served, &format!("/cases/hotline/other{more}"), &wang);
        assert_eq!(status, 403, "{more}");
        if more.is_empty() {
            assert_eq!(other.replace("other", "absent"), nothing, "the same answer as for one that is not there");
        }
    }
    assert_eq!(get(&served, "/cases/hotline/other.json", &wang).0, 403);
    assert_eq!(get(&served, "/cases/hotline/other", &li).0, 200);
    assert_eq!(get(&served, "/cases/hotline/absent", &li).0, 404);

    assert_eq!(get(&served, "/figures/K06a/cases.csv?month=2021-06", &wang).0, 403);
    assert_eq!(get(&served, "/figures/K06a/cases.csv?month=2021-06", &li).0, 200);
    let audit = office.say(&["audit", "--account", "wang"]);
    for line in ["log-in", "list-seen", "GET /cases/hotline/mine  done", "GET /cases/hotline/other  refused"] {
        assert!(audit.contains(line), "{line}: {audit}");
    }
    assert!(!audit.contains(" li "), "{audit}");
    let exported = office.say(&["audit", "--what", "list-exported", "--json"]);
    let exported: serde_json::Value = serde_json::from_str(exported.trim()).unwrap();
    assert_eq!(
        (&exported["account"], &exported["result"], &exported["role"]),
        (&json!("li"), &json!("done"), &json!("analyst"))
    );
    assert_eq!(exported["address"], json!("127.0.0.1"));
}

#[test]
fn accounts_are_made_disabled_and_changed_while_the_page_is_up() {
    let office = Office::new(Town::without_topics());
    let added = office.say(&["account", "add", "zhao", "--role", "viewer"]);
    let password = added.split("first log-in: ").nth(1).unwrap().trim();
    let mode = fs::metadata(office.file()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let served = office.served();
    let cookie = log_in(&served, "zhao", password).unwrap();
    let (head, _) = ask(&served, "GET", "/figures", &cookie, "");
    assert!(head.contains("location: /account"), "a made password is for the first log-in only: {head}");
    let (_, own) = get(&served, "/account", &cookie);
    let token = own.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = format!("csrf={token}&password={password}&new={}", PASSWORD.replace(' ', "+"));
    let (head, _) = ask(&served, "POST", "/account/password", &cookie, &form);
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().split(';').next().unwrap();
    assert_eq!(get(&served, "/figures", cookie).0, 200);

    let uri = office.say(&["account", "totp", "zhao"]);
    assert!(uri.starts_with("otpauth://totp/"), "{uri}");
    assert_eq!(log_in(&served, "zhao", PASSWORD), None, "a code is needed now");
    office.say(&["account", "totp", "zhao", "--remove"]);
    let cookie = log_in(&served, "zhao", PASSWORD).unwrap();
    assert_eq!(get(&served, "/figures", &cookie).0, 200);
    office.say(&["account", "disable", "zhao"]);
    assert_eq!(get(&served, "/figures", &cookie).0, 303, "out at once");
    assert_eq!(log_in(&served, "zhao", PASSWORD), None);
    assert!(office.say(&["account", "list"]).contains("disabled"));
    office.say(&["account", "enable", "zhao"]);
    assert!(log_in(&served, "zhao", PASSWORD).is_some());

    let wall = office.say(&["account", "wall-token", "lobby", "--from", "127.0.0.0/8"]);
    let address = wall.lines().find(|line| line.starts_with("/wall?token=")).unwrap();
    let (head, _) = ask(&served, "GET", address, "", "");
    assert!(head.contains("set-cookie: tongguan_wall=") && head.contains("location: /wall"), "{head}");
    let audit = office.say(&["audit"]);
    assert!(audit.contains("added as viewer") && audit.contains("disabled") && !audit.contains(PASSWORD), "{audit}");
}

#[test]
fn what_cannot_be_an_account_is_refused_with_what_to_do() {
    let office = Office::new(Town::without_schema());
    let add = |name: &'static str, more: &[&'static str]| {
        let args: Vec<&str> = ["account", "add", name].into_iter().chain(more.iter().copied()).collect();
        args
    };
    for (args, typed, what) in [
        (add("li na", &["--role", "viewer"]), "", "letters, digits"),
        (add("<script>", &["--role", "viewer"]), "", "letters, digits"),
        (add("li", &["--role", "anaylst"]), "", "analyst"),
        (add("li", &["--role", "case-worker"]), "", "--unit or --town"),
        (add("li", &["--role", "viewer", "--unit", "MH-02"]), "", "case workers only"),
        (add("li", &["--role", "case-worker", "--unit", " "]), "", "a code has 1 to 200 characters"),
        (add("li", &["--role", "case-worker", "--town", "MH\u{1b}[2J"]), "", "a code has 1 to 200 characters"),
        (add("li", &["--role", "viewer", "--ask"]), "short", "at least 15"),
        (add("li", &["--role", "viewer", "--ask"]), "the lamp of tongguan", "tongguan"),
        (add("li", &["--role", "viewer", "--ask"]), "aaaaaaaaaaaaaaaaaaaaaa", "tried first"),
    ] {
        let said = office.refusal(&args, typed, 2);
        assert!(said.contains(what), "{args:?}: {said}");
    }
    assert!(!office.file().exists(), "nothing was written");
    office.say(&["account", "add", "li.na", "--role", "viewer"]);
    assert!(office.refusal(&["account", "disable", "li.an"], "", 2).contains("li.na"), "the nearest right one");
    let twice = office.refusal(&["account", "add", "li.na", "--role", "operator"], "", 2);
    assert!(twice.contains("already"), "{twice}");
    assert!(office.refusal(&["audit", "--since", "yesterday"], "", 2).contains("--since"));
    assert!(office.refusal(&["audit", "--what", "log-ni"], "", 2).contains("log-in"));
}

#[test]
fn the_page_does_not_begin_with_accounts_that_cannot_be_trusted() {
    let office = Office::new(Town::without_schema());
    assert!(office.refusal(&["serve"], "", 3).contains("tongguan account add"), "no file");
    office.say(&["account", "add", "li", "--role", "viewer"]);
    fs::set_permissions(office.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let said = office.refusal(&["serve"], "", 3);
    assert!(said.contains("0644") && said.contains("chmod 0600"), "{said}");
    fs::set_permissions(office.file(), fs::Permissions::from_mode(0o600)).unwrap();
    let text = fs::read_to_string(office.file()).unwrap();
    fs::write(office.file(), text.replace("viewer", "chief")).unwrap();
    let said = office.refusal(&["serve"], "", 3);
    assert!(said.contains("accounts.toml, line 4") && !said.contains("argon2id"), "{said}");
    fs::write(office.file(), text).unwrap();
    fs::write(office.audit().with_file_name("in-the-way"), "").unwrap();
    let mut command = office.town.command(&["serve"]);
    for (name, value) in office.settings() {
        command.env(format!("TONGGUAN__{name}"), value);
    }
    let ended =
        command.env("TONGGUAN__HTTP__AUTH__AUDIT_DIR", office.audit().with_file_name("in-the-way")).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(said.contains("audit cannot be written"), "{said}");
}

#[test]
fn another_address_is_served_where_people_are_asked_who_they_are() {
    let office = Office::new(Town::without_topics());
    office.say(&["account", "add", "li", "--role", "viewer", "--ask"]);
    let settings = office.settings();
    let mut all: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.push(("PAGE__LISTEN", "0.0.0.0:0"));
    let mut served = Served::with(&office.town, &all);
    served.address = served.address.replace("0.0.0.0", "127.0.0.1");
    assert_eq!(get(&served, "/figures", "").0, 303);
    let cookie = log_in(&served, "li", PASSWORD).unwrap();
    assert_eq!(get(&served, "/figures", &cookie).0, 200);
}

#[test]
fn a_proxy_that_is_not_listed_is_nobody() {
    let office = Office::new(Town::without_topics());
    let headers = "X-Forwarded-User: root\r\nX-Forwarded-Groups: operator\r\n";
    for (proxies, status) in [("127.0.0.1", "200"), ("192.0.2.1", "403")] {
        let served = Served::with(
            &office.town,
            &[
                ("HTTP__AUTH__MODE", "proxy"),
                ("HTTP__AUTH__PROXIES", proxies),
                ("HTTP__AUTH__AUDIT_DIR", &office.audit().display().to_string()),
            ],
        );
        let (head, body) = served.asked("GET", "/figures", headers, "");
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{proxies}: {head}");
        assert_eq!(body.contains(">root<"), status == "200", "{body}");
        let (head, _) = ask(&served, "GET", "/figures", "a=b", "");
        assert!(head.starts_with("HTTP/1.1 403"), "without the headers: {head}");
    }
    let ended = office.town.tongguan(&["serve"], &[("HTTP__AUTH__MODE", "proxy")]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("http.auth.proxies"), "{}", ended.stderr);
}
