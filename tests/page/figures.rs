//! From a figure to its cases, to one case, to its messages.

use serde_json::json;

use crate::{messages::event, served::Served, town::Town};

/// The first address in the page that has all of the words.
fn link(page: &str, words: &[&str]) -> String {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found = hrefs.map(|href| href.replace("&amp;", "&").replace("&#38;", "&"));
    let mut found = found.filter(|href| words.iter().all(|word| href.contains(word)));
    found.next().unwrap_or_else(|| panic!("no link with {words:?}: {page}"))
}

#[test]
fn a_figure_opens_down_to_the_message() {
    let town = Town::new();
    let day = |day: u8| format!("2021-06-{day:02}T09:00:00+08:00");
    let case = "案/1?#";
    let messages = [
        event(case, "accepted", &day(1), json!({ "title": "<b>井盖</b>", "due_at": day(3) })),
        event(case, "dispatched", &day(2), json!({ "unit": "MH-02" })),
        event(case, "submitted", &day(4), json!({ "unit": "MH-02" })),
        event(case, "closed", &day(5), json!({})),
    ];
    town.send("hotline", &messages);
    town.run_until_caught_up();
    let served = Served::of(&town);

    let catalogue = served.page("/figures?month=2021-06");
    let figure = served.page(&link(&catalogue, &["/figures/K06a?"]));
    let list = served.page(&link(&figure, &["/cases?", "part=not-met"]));
    assert!(list.contains("清单 1 = 指标 1"), "{list}");
    let address = link(&list, &["/cases/hotline/"]);
    let shown = served.page(&address);
    let explained = town.tongguan(&["case", "explain", case, "--json"], &[]);
    let explained: serde_json::Value = serde_json::from_str(&explained.stdout).unwrap();
    let verdict = explained["verdict"]["zh"].as_str().unwrap();
    assert!(shown.contains(verdict), "{verdict}: {shown}");
    for place in ["hotline[", "]@0", "]@3", "受理", "结案", "MH-02"] {
        assert!(shown.contains(place), "{place}: {shown}");
    }
    assert!(!shown.contains("<b>井盖"), "a title is text");
    let (_, json) = served.get(&format!("{}.json", address.split('?').next().unwrap()));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], explained["verdict"]);

    let (head, _) = served.get("/figures/K06a?month=2021-06");
    for guard in
        ["content-security-policy: default-src 'self'", "x-content-type-options: nosniff", "cache-control: no-store"]
    {
        assert!(head.to_lowercase().contains(guard), "{head}");
    }
    let (head, css) = served.get(&link(&figure, &["/static/page-"]));
    assert!(head.contains("immutable") && css.contains("prefers-color-scheme"), "{head}");
    let (head, _) = served.get("/cases/hotline/nothing");
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
}

#[test]
fn another_address_than_this_machines_is_refused() {
    let town = Town::without_topics();
    let ended = town.tongguan(&["serve"], &[("PAGE__LISTEN", "0.0.0.0:0")]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("page.listen") && ended.stderr.contains("loopback"), "{}", ended.stderr);
}
