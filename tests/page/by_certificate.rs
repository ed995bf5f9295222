//! People who come by certificate: who is let in, as whom, and what the others meet.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    certificates::Authority,
    messages::event,
    tls::{SecureTown, Settings, by_ref, owned, style},
    tls_reader::{TlsAnswer, TlsReader, again},
    town::Town,
};

/// Whom a CA has signed for, and what the accounts know of it.
struct People {
    secure: SecureTown,
    settings: Settings,
}

const PEOPLE: [(&str, &str); 4] = [("vi", "viewer"), ("wang", "case-worker"), ("li", "analyst"), ("op", "operator")];

fn people() -> People {
    let secure = SecureTown::new(Town::new());
    for (case, unit) in [("mine", "MH-02"), ("other", "MH-03")] {
        let day = |day: u8| format!("2021-06-{day:02}T09:00:00+08:00");
        let messages = [
            event(case, "accepted", &day(1), json!({ "title": "井盖", "due_at": day(3) })),
            event(case, "dispatched", &day(2), json!({ "unit": unit })),
        ];
        secure.town.send("hotline", &messages);
    }
    secure.town.run_until_caught_up();
    let mut settings = secure.known_by("certificates");
    settings.push(("HTTP__AUTH__CLIENT_CRL_FILE".to_owned(), secure.text("revoked.crl")));
    secure.authority.revoke(&secure.path("revoked.crl"), &[]);
    for (name, role) in PEOPLE {
        let [certificate, _] = secure.signed(name);
        let file = certificate.display().to_string();
        let mut args = vec!["account", "add", name, "--role", role, "--certificate", &file];
        if role == "case-worker" {
            args.extend(["--unit", "MH-02"]);
        }
        let said = secure.say(&args, &settings);
        assert!(!said.contains("password"), "who comes by certificate has none: {said}");
    }
    People { secure, settings }
}

impl People {
    fn files(&self, name: &str) -> [PathBuf; 2] {
        ["pem", "key"].map(|end| self.secure.path(&format!("{name}.{end}")))
    }

    fn reader(&self, name: &str) -> TlsReader {
        self.secure.reader(Some(&self.files(name)))
    }
}

#[test]
fn a_certificate_opens_what_its_accounts_role_opens_and_the_audit_names_who_came() {
    let people = people();
    let served = people.secure.served(&people.settings);
    for (name, statuses) in [
        ("vi", [200, 403, 403, 403]),
        ("wang", [200, 200, 403, 403]),
        ("li", [200, 200, 200, 403]),
        ("op", [200, 200, 200, 200]),
    ] {
        let reader = people.reader(name);
        let addresses =
            ["/figures", "/cases/hotline/mine", "/figures/K01/cases.csv?month=2021-06", "/running/quarantine"];
        let found = addresses.map(|path| reader.get(&served.address, path).status);
        assert_eq!(found, statuses, "{name}");
    }
    let wang = people.reader("wang");
    assert_eq!(wang.get(&served.address, "/cases/hotline/other").status, 403, "another unit's");
    let page = wang.get(&served.address, "/figures").text();
    assert!(page.contains(">wang<") && page.contains("经办") && !page.contains("/logout"), "{page}");

    // A form is one certificate's.
    let form_of = |name: &str| {
        let page = people.reader(name).get(&served.address, "/what-if").text();
        let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        format!("csrf={}", token.unwrap())
    };
    let (li, own, others) = (people.reader("li"), form_of("li"), form_of("op"));
    let posted = |form: &str| li.asked(&served.address, "POST", "/what-if", "", form).unwrap().status;
    assert_eq!((posted(""), posted(&others)), (403, 403));
    assert_ne!(posted(&own), 403);

    let audit = people.secure.say(&["audit", "--account", "wang"], &people.settings);
    for line in ["GET /cases/hotline/mine  done", "GET /cases/hotline/other  refused", "case-worker"] {
        assert!(audit.contains(line), "{line}: {audit}");
    }
}

#[test]
fn without_a_certificate_or_with_one_that_is_not_known_a_page_says_so() {
    let people = people();
    people.secure.signed("stranger");
    let served = people.secure.served(&people.settings);
    let nobody = people.secure.reader(None);
    let answer = nobody.get(&served.address, "/figures");
    assert_eq!(answer.status, 401, "{}", answer.head);
    assert!(answer.text().contains("客户端证书") && !answer.text().contains("href=\"/figures\""), "{}", answer.text());
    let english = nobody.get(&served.address, "/figures?lang=en").text();
    assert!(english.contains("Come with the certificate"), "{english}");
    let program = nobody.get(&served.address, "/api/v1/figures");
    assert!(program.status == 401 && program.head.contains("application/problem+json"), "{}", program.head);
    assert_eq!(nobody.get(&served.address, &style(&nobody, &served.address)).status, 200);
    assert_eq!(nobody.get(&served.address, "/login").status, 404, "there is no password to type");

    let stranger = people.reader("stranger").get(&served.address, "/figures");
    assert_eq!(stranger.status, 403);
    assert!(stranger.text().contains("没有登记"), "{}", stranger.text());
    let refused = people.secure.say(&["audit", "--what", "refused"], &people.settings);
    let fingerprint = refused.split("certificate ").nth(1).unwrap()[..64].to_owned();
    people.secure.say(&["account", "certificate", "vi", &fingerprint], &people.settings);
    assert_eq!(people.reader("stranger").get(&served.address, "/figures").status, 200, "as the audit says it");
    assert_eq!(people.reader("vi").get(&served.address, "/figures").status, 200, "beside the one from before");

    // A wall has no certificate; its token opens it from its own place.
    let wall = people.secure.say(&["account", "wall-token", "lobby", "--from", "127.0.0.0/8"], &people.settings);
    let address = wall.lines().find(|line| line.starts_with("/wall?token=")).unwrap();
    let opened = nobody.get(&served.address, address);
    let cookie = opened.head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
    assert!(opened.head.contains("; Secure"), "{}", opened.head);
    let shown = nobody.asked(&served.address, "GET", "/wall", &format!("Cookie: {cookie}\r\n"), "").unwrap();
    assert_eq!(shown.status, 200);
}

#[test]
fn what_has_ended_is_revoked_or_is_of_another_ca_ends_in_the_handshake_and_who_is_disabled_at_the_next_request() {
    let people = people();
    let (secure, settings) = (&people.secure, &people.settings);
    let stranger = Authority::new("another CA");
    let same_name = Authority::new("our CA");
    let foreign = secure.signed_by(&stranger, "foreign", 2100);
    let forged = secure.signed_by(&same_name, "forged", 2100);
    let ended = secure.signed_by(&secure.authority, "ended", 2021);
    let served = secure.served(settings);
    // Not the certificate alone: a file that somebody has copied is none without its key.
    for (files, alert) in [(&foreign, "UnknownCA"), (&forged, "DecryptError"), (&ended, "CertificateExpired")] {
        secure.say(&["account", "certificate", "op", &files[0].display().to_string()], settings);
        let refused = secure.reader(Some(files)).asked(&served.address, "GET", "/figures", "", "");
        assert!(is_alert(&refused, alert), "{alert}: {refused:?}");
    }
    let li = people.reader("li");
    assert_eq!(li.get(&served.address, "/figures").status, 200);
    secure.authority.revoke(&secure.path("revoked.crl"), &[&people.files("li")[0]]);
    let refused = li.asked(&served.address, "GET", "/figures", "", "");
    assert!(is_alert(&refused, "CertificateRevoked"), "a list is read anew: {refused:?}");

    let mut line = people.reader("op").connect(&served.address).unwrap();
    assert_eq!(again(&mut line, &served.address, "/figures"), 200);
    secure.say(&["account", "disable", "op"], settings);
    assert_eq!(again(&mut line, &served.address, "/figures"), 403);
    secure.say(&["account", "enable", "op"], settings);
    assert_eq!(people.reader("op").get(&served.address, "/figures").status, 200);
    secure.say(&["account", "certificate", "op", &secure.text("op.pem"), "--remove"], settings);
    assert_eq!(people.reader("op").get(&served.address, "/figures").status, 403, "its certificate is taken away");
    let wangs = secure.text("wang.pem");
    for args in [
        &["account", "certificate", "vi", &wangs][..],
        &["account", "add", "another", "--role", "viewer", "--certificate", &wangs],
    ] {
        let twice = secure.town.tongguan(args, &by_ref(settings));
        assert_eq!(twice.code, Some(2), "{}", twice.stderr);
        assert!(twice.stderr.contains("wang has this certificate already"), "{}", twice.stderr);
    }
    let listed = secure.say(&["account", "list"], settings);
    assert!(listed.contains("certificate ") && !listed.contains("must change"), "{listed}");
}

/// By this word of TLS's own, and not because a connection broke.
fn is_alert(answer: &std::io::Result<TlsAnswer>, alert: &str) -> bool {
    answer.as_ref().is_err_and(|error| error.to_string().contains(&format!("received fatal alert: {alert}")))
}

#[test]
fn a_page_with_certificates_may_be_reached_from_elsewhere() {
    let people = people();
    let mut settings = people.settings.clone();
    settings.push(owned(("PAGE__LISTEN", "0.0.0.0:0")));
    let mut served = people.secure.served(&settings);
    served.address = served.address.replace("0.0.0.0", "127.0.0.1");
    assert_eq!(people.reader("li").get(&served.address, "/figures").status, 200);
}
