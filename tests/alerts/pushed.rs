//! Pushes to addresses that fail, hang, redirect, are gone, and come back.

use std::{collections::HashSet, fs, net::TcpListener, path::Path, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use serde_json::json;
use sha2::Sha256;

use crate::{
    certificates::Authority,
    receiver::{Came, Receiver},
    sender::{Alerted, accepted, said, to},
    service::{pause, wait_for},
};

const SECRET: &[u8] = b"a secret of thirty-two bytes ...";
const LONG: Duration = Duration::from_secs(40);

fn hook(alerted: &Alerted, name: &str, url: &str, more: &str) -> String {
    let secret = alerted.town.folder.path().join("hook.secret");
    fs::write(&secret, format!("whsec_{}\n", STANDARD.encode(SECRET))).unwrap();
    format!("[[hook]]\nname = \"{name}\"\nurl = \"{url}\"\nsecret_file = {:?}\n{more}\n", secret.to_str().unwrap())
}

fn hooks_file(alerted: &Alerted, text: &str) -> String {
    let file = alerted.town.folder.path().join("hooks.toml");
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Written here once more, from the specification.
fn is_signed(came: &Came) -> bool {
    let header = |name: &str| came.headers[name].clone();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&came.body);
    header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Ten cases: nine that turn overdue, one of them of another unit, and one that is closed.
fn alerts(alerted: &Alerted) -> Vec<String> {
    alerted.at("05 09:00", &[]);
    let mut all = Vec::new();
    for number in 0..10 {
        let (case, unit) = (format!("C{number}"), if number == 4 { "u2" } else { "u1" });
        all.push(accepted(&case, "05 09:00", &format!("05 19:0{number}")));
        all.push(to(&case, "05 09:10", unit));
    }
    all.push(said("C9", "closed", "05 12:00", json!({})));
    alerted.tell(&all);
    alerted.at("05 19:30", &[]);
    let ids: Vec<String> = alerted.stood().iter().map(|stood| stood.id()).collect();
    assert_eq!(ids.len(), 10, "{:?}", alerted.told());
    ids
}

#[test]
fn each_address_gets_every_alert_in_order_whatever_the_others_do() {
    let alerted = Alerted::new();
    let ids = alerts(&alerted);
    let receiver = Receiver::start(|path, number| match (path, number) {
        ("/flaky", 0..3) => (500, ""),
        ("/flaky", 5) => (429, "retry-after: 1\r\n"),
        ("/hangs", 0) | ("/never", _) => (0, ""),
        ("/redirects", _) => (302, "location: /good\r\n"),
        ("/refuses", 2 | 3) => (422, ""),
        ("/gone", 2..) => (410, ""),
        _ => (200, ""),
    });
    // Nobody listens there yet.
    let later = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = later.local_addr().unwrap().port();
    drop(later);
    let start = "from = \"start\"";
    let names = ["good", "flaky", "hangs", "never", "redirects", "refuses", "gone"];
    let mut text: String = names.map(|name| hook(&alerted, name, &receiver.url(name), start)).concat();
    text += &hook(&alerted, "later", &format!("http://127.0.0.1:{port}/later"), start);
    text +=
        &hook(&alerted, "some", &receiver.url("some"), &format!("{start}\nunits = [\"u1\"]\nkinds = [\"overdue\"]"));
    text += &hook(&alerted, "new", &receiver.url("new"), "");
    let file = hooks_file(&alerted, &text);
    let settings = [
        ("ALERTS__HOOKS_FILE", file.as_str()),
        ("ALERTS__HOOK_TIMEOUT_S", "1"),
        ("ALERTS__HOOK_TRIES_MAX", "2"),
        ("ALERTS__LISTEN", "127.0.0.1:0"),
    ];
    let mut pushing = alerted.start(&["push"], &settings);
    for name in ["good", "flaky", "hangs"] {
        wait_for(name, LONG, || receiver.taken(name).len() == ids.len());
        assert_eq!(receiver.taken(name), ids, "{name}");
    }
    let flaky = receiver.all("flaky");
    assert!(flaky[..4].iter().all(|came| came.id() == ids[0]), "the same until it is taken");
    assert!(flaky.iter().chain(&receiver.all("good")).all(is_signed));
    assert!(flaky.iter().all(|came| came.headers["webhook-id"] == came.id()));
    assert!(receiver.all("never").iter().all(|came| came.id() == ids[0]));

    // Refused twice each, and nothing of it came to where it was sent on to.
    wait_for("redirects", LONG, || receiver.all("redirects").len() == 2 * ids.len());
    assert_eq!(receiver.all("good").len(), ids.len());
    wait_for("refuses", LONG, || receiver.all("refuses").len() == ids.len() + 1);
    let passed_over: Vec<String> = ids.iter().filter(|id| !receiver.taken("refuses").contains(id)).cloned().collect();
    assert_eq!(passed_over, [ids[2].clone()]);
    pushing.wait_for_log("refused by the address and passed over");
    wait_for("gone", LONG, || receiver.all("gone").len() == 3);
    pushing.wait_for_log("it is off until the next start");
    assert_eq!(receiver.taken("gone"), ids[..2]);

    wait_for("some", LONG, || receiver.taken("some").len() == 8);
    let came = Receiver::on(TcpListener::bind(("127.0.0.1", port)).unwrap(), |_, _| (200, ""));
    wait_for("who came later", LONG, || came.taken("later").len() == ids.len());
    assert_eq!(came.taken("later"), ids);
    let (status, body) = pushing.get("/readyz");
    assert_eq!((status, body.matches("\"name\"").count()), (200, 1), "kafka is all that it needs: {body}");
    assert_eq!(pushing.metric("tongguan_alert_pushes_total{hook=\"refuses\",result=\"refused\"}"), 1.0);
    assert_eq!(pushing.metric("tongguan_alert_pushes_total{hook=\"gone\",result=\"off\"}"), 1.0);
    assert_eq!(receiver.all("gone").len(), 3, "off");
    assert_eq!(receiver.all("new").len(), 0, "a new address begins with what comes");
    assert_eq!(pushing.stop().code, Some(0));
}

/// One that takes its time, so that somebody can be killed meanwhile; and the hooks file that names it.
fn slow(alerted: &Alerted) -> (Receiver, String) {
    let receiver = Receiver::start(|_, _| {
        pause(60);
        (200, "")
    });
    let file = hooks_file(alerted, &hook(alerted, "oa", &receiver.url("oa"), "from = \"start\""));
    (receiver, file)
}

#[test]
fn a_pusher_that_is_killed_goes_on_where_it_was() {
    let alerted = Alerted::new();
    let ids = alerts(&alerted);
    let (receiver, file) = slow(&alerted);
    let settings = [("ALERTS__HOOKS_FILE", file.as_str())];
    let mut pushing = alerted.start(&["push"], &settings);
    wait_for("some", LONG, || receiver.all("oa").len() >= 2);
    pushing.signal("-KILL");
    pushing.ended(LONG);
    let _pushing = alerted.start(&["push"], &settings);
    wait_for("all", LONG, || receiver.taken("oa").last() == ids.last());
    // At least once: at a kill the last may come again, and nothing before it.
    assert_eq!(receiver.taken("oa"), ids);
}

#[test]
fn a_hooks_file_that_cannot_be_used_is_refused_with_every_fault() {
    let alerted = Alerted::new();
    let text = hook(&alerted, "a b", "ftp://x", "kinds = [\"overdu\"]")
        + &hook(&alerted, "ok", "https://x", "streams = [\"hotlin\"]");
    let file = hooks_file(&alerted, &text);
    let refused = alerted.command(&["push"], &[("ALERTS__HOOKS_FILE", &file)]);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    for part in ["hook 1", "`a b`", "url is no address", "`overdu`", "hook 2", "`hotlin`"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
}

fn certified(authority: &Authority, folder: &Path, name: &str) -> ServerConfig {
    let [certificate, key] = authority.sign(folder, name, "127.0.0.1", 2100);
    let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
    ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap())
        .unwrap()
}

#[test]
fn by_https_only_whom_this_machine_trusts_gets_anything() {
    let alerted = Alerted::new();
    let ids = alerts(&alerted);
    let folder = alerted.town.folder.path();
    let (trusted, foreign) = (Authority::new("trusted"), Authority::new("foreign"));
    let ca = folder.join("ca.pem");
    trusted.write_ca(&ca);
    let known = Receiver::secure(certified(&trusted, folder, "known"), |_, _| (200, ""));
    let unknown = Receiver::secure(certified(&foreign, folder, "unknown"), |_, _| (200, ""));
    let url = |receiver: &Receiver| receiver.url("oa").replace("http:", "https:");
    let start = "from = \"start\"";
    let text = hook(&alerted, "unknown", &url(&unknown), start) + &hook(&alerted, "known", &url(&known), start);
    let file = hooks_file(&alerted, &text);
    let pushing = alerted.start_trusting(ca.to_str().unwrap(), &["push"], &[("ALERTS__HOOKS_FILE", &file)]);
    wait_for("known", LONG, || known.taken("oa").len() == ids.len());
    assert_eq!(known.taken("oa"), ids);
    assert!(known.all("oa").iter().all(is_signed));
    pushing.wait_for_log("invalid peer certificate");
    assert!(unknown.all("oa").is_empty(), "what is not known to be theirs gets nothing");
}

#[test]
fn of_two_pushers_one_goes_on_where_the_other_was_killed() {
    let alerted = Alerted::new();
    let ids = alerts(&alerted);
    let (receiver, file) = slow(&alerted);
    let settings = [("ALERTS__HOOKS_FILE", file.as_str())];
    let mut first = alerted.start(&["push"], &settings);
    let _second = alerted.start(&["push"], &settings);
    wait_for("some", LONG, || receiver.all("oa").len() >= 2);
    first.signal("-KILL");
    first.ended(LONG);
    // The group waits for who was killed.
    wait_for("all", 3 * LONG, || ids.iter().all(|id| receiver.taken("oa").contains(id)));
    let mut seen = HashSet::new();
    let came: Vec<String> = receiver.taken("oa").into_iter().filter(|id| seen.insert(id.clone())).collect();
    assert_eq!(came, ids, "each for the first time in order");
}
