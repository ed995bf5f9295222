//! The gate before the whole router: every role at every address, and forms that are not ours. ClickHouse is away, so whoever is let in
//! is told so: what counts here is who is.

use std::{fs, path::Path, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tongguan::{
    domain::time::Millis,
    http::{
        KeptFileError,
        auth::{
            self, ACCESS, AccountFile, Auth, AuthPlan, AuthRole, AuthWay, PasswordRules, PersonAccount, WallAccount,
            hash, lines,
        },
        page::Site,
        site_router,
    },
    store::{Store, client},
};
use tower_service::Service as _;

const NOON: Millis = Millis(1_795_924_800_000);
const PASSWORD: &str = "corner lamp and bench";
const WALL_TOKEN: &str = "a-token-of-a-wall";

fn store() -> Store {
    let second = Duration::from_secs(1);
    Store::new(client::Address {
        url: "http://127.0.0.1:9".to_owned(),
        tls: Default::default(),
        database: "none".to_owned(),
        user: "default".to_owned(),
        password: String::new(),
        insert_timeout: second,
        query_timeout: second,
        lookup_timeout: second,
    })
    .unwrap()
}

fn site(plan: AuthPlan) -> Router {
    site_router(Arc::new(Site { auth: Auth::new(plan).unwrap(), now: || NOON, ..crate::site::site(store()) }))
}

/// An account of each role, named by it, and a wall.
fn office() -> (TempDir, Router) {
    let folder = tempfile::tempdir().unwrap();
    let file = AccountFile::new(&folder.path().join("accounts.toml"));
    let hash = hash(PASSWORD).unwrap();
    file.change::<_, KeptFileError>(|accounts| {
        for (role, name, _) in AuthRole::ALL {
            accounts.people.push(PersonAccount {
                name: name.to_owned(),
                role,
                units: if role == AuthRole::CaseWorker { vec!["MH-02".to_owned()] } else { Vec::new() },
                towns: Vec::new(),
                password: hash.clone(),
                changed: jiff::civil::date(2026, 11, 29),
                totp: String::new(),
                certificates: Vec::new(),
                disabled: false,
                must_change: false,
            });
        }
        accounts.walls.push(WallAccount::new("lobby", WALL_TOKEN, "0.0.0.0".parse().unwrap()));
        Ok(())
    })
    .unwrap();
    let plan = AuthPlan {
        way: AuthWay::Accounts,
        accounts: Some(file.path().to_owned()),
        audit: Some(folder.path().join("audit")),
        idle_ms: 1_800_000,
        session_ms: 43_200_000,
        rules: PasswordRules::default(),
        proxies: Vec::new(),
        zone: TimeZone::UTC,
        now: Box::new(|| NOON),
    };
    let router = site(plan);
    (folder, router)
}

struct Answered {
    status: StatusCode,
    head: HeaderMap,
    body: String,
}

impl Answered {
    fn header(&self, name: &str) -> &str {
        self.head.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(router: &Router, method: Method, address: &str, headers: &[(&str, &str)], form: &str) -> Answered {
    let mut request = Request::builder().method(method).uri(address).header("host", "town:9601");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = router.clone().call(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let is_live = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
    // What is live never ends.
    let body = if is_live { Bytes::new() } else { to_bytes(body, 16 << 20).await.unwrap() };
    Answered { status: parts.status, head: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

async fn get(router: &Router, address: &str, cookie: &str) -> Answered {
    ask(router, Method::GET, address, &[("cookie", cookie)], "").await
}

/// The cookie, as a browser sends it back.
async fn log_in(router: &Router, name: &str) -> String {
    let form = format!("name={name}&password={}", PASSWORD.replace(' ', "+"));
    let answer = ask(router, Method::POST, "/login", &[], &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn csrf(router: &Router, cookie: &str) -> String {
    let page = get(router, "/account", cookie).await.body;
    let value = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// Of every route that there is, an address.
fn addresses(router: &Router) -> Vec<String> {
    let shown = format!("{router:?}");
    let paths = shown.split("RouteId(").filter_map(|rest| rest.split_once("): \"")?.1.split('"').next());
    let mut all: Vec<String> =
        paths.filter(|path| path.starts_with('/') && !path.contains("__private")).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    assert!(all.len() >= 9 && all.iter().any(|path| path == "/cases/{stream}/{name}"), "{all:?}");
    all.iter()
        .map(|path| {
            path.split('/').map(|part| if part.starts_with('{') { "cases" } else { part }).collect::<Vec<_>>().join("/")
        })
        .collect()
}

#[tokio::test]
async fn every_route_is_in_the_table() {
    /// Forms without a page of their own; the last row has every form, and says nothing.
    const ONLY_SENT: [&str; 3] = ["/logout", "/account/password", "/account/end"];
    let (_folder, router) = office();
    for address in addresses(&router) {
        let is_known = auth::need("GET", &address).is_some() || ONLY_SENT.contains(&address.as_str());
        assert!(is_known, "{address} has no row in ACCESS: nobody may have it");
    }
    for (method, pattern, ..) in ACCESS {
        assert!(pattern.starts_with('/') && ["GET", "POST"].contains(method), "{pattern}");
    }
}

#[tokio::test]
async fn every_role_at_every_address_may_what_the_table_says_and_nothing_else() {
    let (_folder, router) = office();
    let mut visitors = vec![(None, String::new()), (None, format!("tongguan_wall={WALL_TOKEN}"))];
    for (role, name, _) in AuthRole::ALL {
        visitors.push((Some(role), log_in(&router, name).await));
    }
    for address in addresses(&router) {
        for method in [Method::GET, Method::POST] {
            for (role, cookie) in &visitors {
                let token = if role.is_some() { csrf(&router, cookie).await } else { String::new() };
                let is_out = address == "/logout" && method == Method::POST;
                if is_out && role.is_some() {
                    continue;
                }
                let form = format!("csrf={token}");
                let answer = ask(&router, method.clone(), &address, &[("cookie", cookie)], &form).await;
                if address.starts_with("/api/") && method == Method::POST {
                    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "programs change nothing: {address}");
                    continue;
                }
                let need = auth::need(method.as_str(), &address).map(|(need, _)| need);
                let is_wall = !cookie.is_empty() && role.is_none();
                let may = match need {
                    Some(auth::AccessNeed::Nothing) => true,
                    Some(auth::AccessNeed::Wall) => role.is_some() || is_wall,
                    Some(need) => role.is_some() && *role >= need.role(),
                    None => false,
                };
                let told = format!("{method} {address} {role:?} {cookie}: {}", answer.status);
                let is_forbidden = answer.status == StatusCode::FORBIDDEN;
                let is_led =
                    answer.header("location").starts_with("/login") || answer.status == StatusCode::UNAUTHORIZED;
                let is_nobody = role.is_none() && !is_wall;
                match (may, is_nobody) {
                    (true, _) => assert!(!is_forbidden && (!is_led || address == "/login"), "{told}"),
                    (false, true) => assert!(is_led, "{told}"),
                    (false, false) => assert!(is_forbidden, "{told}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_change_needs_the_token_of_its_own_session_and_a_page_of_ours() {
    let (_folder, router) = office();
    let (viewer, operator) = (log_in(&router, "viewer").await, log_in(&router, "operator").await);
    let (own, others) = (csrf(&router, &viewer).await, csrf(&router, &operator).await);
    let out = |form: String, headers: Vec<(&'static str, String)>| {
        let (router, viewer) = (router.clone(), viewer.clone());
        async move {
            let mut all = vec![("cookie", viewer.as_str())];
            all.extend(headers.iter().map(|(name, value)| (*name, value.as_str())));
            ask(&router, Method::POST, "/account/end", &all, &form).await.status
        }
    };
    assert_eq!(out(String::new(), vec![]).await, StatusCode::FORBIDDEN, "none");
    assert_eq!(out("csrf=".to_owned(), vec![]).await, StatusCode::FORBIDDEN, "empty");
    assert_eq!(out(format!("csrf={others}"), vec![]).await, StatusCode::FORBIDDEN, "another's");
    let site = |site: &str| vec![("sec-fetch-site", site.to_owned())];
    assert_eq!(out(format!("csrf={own}"), site("cross-site")).await, StatusCode::FORBIDDEN);
    let origin = |origin: &str| vec![("origin", origin.to_owned())];
    assert_eq!(out(format!("csrf={own}"), origin("http://evil.example")).await, StatusCode::FORBIDDEN);
    assert_eq!(out(format!("csrf={own}"), origin("http://town:9601")).await, StatusCode::SEE_OTHER);
    assert_eq!(out(String::new(), vec![("x-csrf-token", own.clone())]).await, StatusCode::SEE_OTHER);
    assert_eq!(out(format!("csrf={own}&x={}", "y".repeat(5 << 20)), vec![]).await, StatusCode::PAYLOAD_TOO_LARGE);
    let flood = format!("name=viewer&password={}", "y".repeat(20 << 10));
    assert_eq!(ask(&router, Method::POST, "/login", &[], &flood).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let by_get = get(&router, &format!("/logout?csrf={own}"), &viewer).await;
    assert_eq!(by_get.status, StatusCode::FORBIDDEN, "a link changes nothing");
    assert_eq!(get(&router, "/figures", &viewer).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_unknown_is_led_to_log_in_and_then_to_where_he_wanted_to_go() {
    let (_folder, router) = office();
    let wanted = "/figures/K05a?month=2021-06&only=unit%3DMH-02";
    let led = get(&router, wanted, "").await;
    assert_eq!((led.status, led.header("cache-control")), (StatusCode::SEE_OTHER, "no-store"));
    let page = get(&router, led.header("location"), "").await;
    assert_eq!(page.status, StatusCode::OK);
    let next = page.body.split("name=\"next\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(next.replace("&amp;", "&").replace("&#38;", "&"), wanted);
    assert!(!page.body.contains("href=\"/figures\""), "no way is shown that is closed");
    for (next, to) in
        [(wanted, wanted), ("//evil.example", "/"), ("https://evil.example/", "/"), ("/\\evil.example", "/")]
    {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("name", "viewer"), ("password", PASSWORD), ("next", next)])
            .finish();
        let answer = ask(&router, Method::POST, "/login", &[], &form).await;
        assert_eq!(answer.header("location"), to, "{next}");
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    }
    let program = get(&router, "/figures/K05a.json?month=2021-06", "").await;
    assert_eq!(
        (program.status, program.header("content-type")),
        (StatusCode::UNAUTHORIZED, "application/problem+json")
    );
    let stranger = ask(&router, Method::POST, "/login", &[("origin", "http://evil.example")], "name=viewer").await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_name_that_is_hostile_is_text_and_a_wrong_one_is_told_alike() {
    let (_folder, router) = office();
    let mut said = Vec::new();
    for name in ["viewer", "<script>alert(1)</script>", "no'\"such", "\u{202e}\u{0}"] {
        let form =
            form_urlencoded::Serializer::new(String::new()).extend_pairs([("name", name), ("password", "x")]).finish();
        let answer = ask(&router, Method::POST, "/login", &[], &form).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
        said.push(answer.body.split("role=\"alert\">").nth(1).unwrap().split('<').next().unwrap().to_owned());
    }
    assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
}

#[tokio::test]
async fn a_page_has_the_name_the_role_and_a_way_out() {
    let (_folder, router) = office();
    let cookie = log_in(&router, "analyst").await;
    let page = get(&router, "/figures", &cookie).await.body;
    assert!(page.contains(">analyst</a><span class=\"role\">分析</span>"), "{page}");
    assert!(page.contains("action=\"/logout\""), "{page}");
    let out = ask(
        &router,
        Method::POST,
        "/logout",
        &[("cookie", &cookie)],
        &format!("csrf={}", csrf(&router, &cookie).await),
    )
    .await;
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert!(get(&router, "/figures", &cookie).await.header("location").starts_with("/login"));
}

#[tokio::test]
async fn what_is_looked_at_is_written_down_or_it_is_not_shown() {
    let (folder, router) = office();
    let cookie = log_in(&router, "analyst").await;
    let at = "/cases/grid/%E6%A1%88%0A1?as-of=2021-06-01";
    get(&router, at, &cookie).await;
    get(&router, "/figures/K05a/cases.csv?month=2021-06", &cookie).await;
    let viewer = log_in(&router, "viewer").await;
    get(&router, at, &viewer).await;
    let audit = folder.path().join("audit");
    let all = written(&audit);
    let line = |text: &str| all.iter().any(|line| line.contains(text));
    assert!(line("analyst analyst case-seen GET /cases/grid/%E6%A1%88%0A1?as-of=2021-06-01"), "{all:?}");
    assert!(line("analyst analyst list-exported GET /figures/K05a/cases.csv?month=2021-06"), "{all:?}");
    assert!(line("viewer viewer refused GET /cases/grid"), "{all:?}");

    fs::remove_dir_all(&audit).unwrap();
    fs::write(&audit, "in the way").unwrap();
    let answer = get(&router, at, &cookie).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("审计日志写不进去"), "{}", answer.body);
    assert_eq!(get(&router, "/figures", &cookie).await.status, StatusCode::OK, "what needs no line is shown");
}

fn written(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let each = |line: Option<auth::AuditLine>| {
        let line = line.unwrap();
        all.push(format!("{} {} {} {} {}", line.account, line.role, line.what, line.about, line.result));
        Ok(())
    };
    lines(folder, None, each).unwrap();
    all
}

#[tokio::test]
async fn the_token_of_a_wall_is_in_no_address_but_the_first() {
    let (folder, router) = office();
    let opened = get(&router, &format!("/wall?token={WALL_TOKEN}&views=a"), "").await;
    assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, "/wall?views=a"));
    assert!(opened.header("set-cookie").starts_with("tongguan_wall="));
    assert_eq!(get(&router, "/wall?token=guessed", "").await.status, StatusCode::FORBIDDEN);
    let all = written(&folder.path().join("audit"));
    assert!(all.iter().any(|line| line.ends_with(" log-in GET /wall?views=a wall")), "{all:?}");
    assert!(!all.iter().any(|line| line.contains(WALL_TOKEN)), "{all:?}");
}

#[tokio::test]
async fn where_nobody_is_asked_a_page_elsewhere_cannot_use_this_machines() {
    let router = site(AuthPlan::nobody(|| NOON));
    let by = |host: &'static str| {
        let router = router.clone();
        async move {
            let request = Request::get("/figures").header("host", host).body(Body::empty()).unwrap();
            router.clone().call(request).await.unwrap().status()
        }
    };
    assert_eq!(by("127.0.0.1:9601").await, StatusCode::OK);
    assert_eq!(by("rebound.example:9601").await, StatusCode::FORBIDDEN);
    let post = Request::post("/running/x").header("host", "localhost").body(Body::from("")).unwrap();
    assert_eq!(router.clone().call(post).await.unwrap().status(), StatusCode::FORBIDDEN, "without a token");
}
