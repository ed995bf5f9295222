//! The inlet's address in a browser: a form, and the same report as a page. Read as a browser reads it: by the form's own words.

use serde_json::json;

use crate::{
    client::{Answer, Ask},
    events::{SOURCE, changed, event, without_unit},
    inlet::Inlet,
    keyed::{Keyed, come_again, is_not_kept},
    records::{Record, put},
    sample::{LONGER, good},
};

const KIND: &str = "application/x-www-form-urlencoded";

/// Where the form goes whose fields go in the body, and the names of its fields with what stands in them.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
    text: String,
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}="))? + name.len() + 2;
    let rest = &tag[at..];
    let quoted = rest.strip_prefix('"').map(|rest| rest.split('"').next().unwrap());
    Some(quoted.unwrap_or_else(|| rest.split([' ', '>']).next().unwrap()).to_owned())
}

fn form(answer: &Answer) -> Form {
    assert_eq!(answer.status, 200, "{}", answer.text());
    is_not_kept(answer);
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/html") && kind.to_lowercase().contains("utf-8"), "{kind}");
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let tags: Vec<&str> = text.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()).collect();
    let posts = |tag: &&str| tag.starts_with("form") && tag.to_lowercase().contains("post");
    let at = tags.iter().position(posts).unwrap_or_else(|| panic!("no form whose fields go in the body: {text}"));
    let own = tags[at..].iter().take_while(|tag| !tag.starts_with("/form"));
    let fields = own.filter(|tag| ["input", "select"].iter().any(|name| tag.starts_with(name)));
    let fields = fields.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())));
    Form {
        action: attribute(tags[at], "action").filter(|action| !action.is_empty()).unwrap_or_else(|| "/".to_owned()),
        fields: fields.collect(),
        text: text.clone(),
    }
}

fn opened(inlet: &Inlet, language: &str) -> Form {
    form(&Ask::new("GET", &format!("/?lang={language}")).header("accept", "text/html").to(inlet))
}

/// As a browser submits it.
fn filled(inlet: &Inlet, language: &str, key: &str, stream: &str) -> Ask {
    let form = opened(inlet, language);
    for name in ["key", "stream"] {
        assert!(form.fields.iter().any(|(field, _)| field.contains(name)), "{name}: {:?}", form.fields);
    }
    let value = |name: &str, value: &str| match name {
        name if name.contains("key") => key.to_owned(),
        name if name.contains("stream") => stream.to_owned(),
        _ => value.to_owned(),
    };
    let body: Vec<String> =
        form.fields.iter().map(|(name, stands)| format!("{name}={}", value(name, stands))).collect();
    let ask = Ask::post(KIND, body.join("&")).path(&form.action);
    ask.header("accept", "text/html")
}

fn of_the_page(ask: Ask, inlet: &Inlet) -> Ask {
    ask.header("origin", &format!("http://{}", inlet.address)).header("sec-fetch-site", "same-origin")
}

#[test]
fn the_form_is_shown_in_chinese_or_english_and_asks_for_key_and_stream() {
    let keyed = Keyed::new();
    keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let chinese = form(&Ask::new("GET", "/").to(&inlet));
    assert!(is_chinese(&chinese.text) && chinese.text.contains("zh"), "{}", chinese.text);
    assert!(chinese.text.contains("lang=en"), "the way to the other: {}", chinese.text);
    let english = opened(&inlet, "en");
    assert_ne!(english.text, chinese.text);
    assert!(english.text.to_lowercase().contains("key"), "{}", english.text);
}

#[test]
fn the_report_is_a_page_of_ones_own_and_the_key_is_not_in_it() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let records = [
        vec![Record::structured(&event("A", 1)), Record::structured(&without_unit("B", 1))],
        good(LONGER, "OTHERS", 1..=2),
    ];
    put(keyed.town(), "hotline", &records.concat());
    let inlet = keyed.inlet(&[]);
    for language in ["zh", "en"] {
        let answer = of_the_page(filled(&inlet, language, &key, "hotline"), &inlet).to(&inlet);
        assert_eq!(answer.status, 200, "{}", answer.text());
        is_not_kept(&answer);
        let page = answer.text();
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{page}");
        for part in ["/data/unit", "B-1"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("OTHERS") && !page.contains("市容所"), "{page}");
        assert!(!page.contains(&key[4..]), "nothing is kept: {page}");
        assert!(answer.header("set-cookie").is_none() && answer.header("location").is_none(), "{page}");
    }
    assert!(!inlet.log().contains(&key[4..]), "nor in the log");
}

#[test]
fn a_page_of_another_origin_cannot_ask() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    put(keyed.town(), "hotline", &[Record::structured(&without_unit("B", 1))]);
    let inlet = keyed.inlet(&[]);
    let ask = filled(&inlet, "en", &key, "hotline");
    let foreign = [
        ask.clone().header("origin", "http://evil.example"),
        ask.clone().header("origin", "null"),
        ask.clone().header("origin", &format!("http://{}", inlet.address)).header("sec-fetch-site", "cross-site"),
        ask.clone().header("sec-fetch-site", "cross-site"),
        ask.clone().header("sec-fetch-site", "same-site"),
    ];
    for ask in foreign {
        let answer = ask.to(&inlet);
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert!(!answer.text().contains("B-1"), "{}", answer.text());
    }
    assert_eq!(of_the_page(ask.clone(), &inlet).to(&inlet).status, 200);
    // Through a proxy that calls us by another name than the browser calls it.
    let proxied = ask.header("origin", "https://feed.example").header("sec-fetch-site", "same-origin");
    assert_eq!(proxied.to(&inlet).status, 200);
}

/// With `no-referrer` a browser sends `origin: null` from the form itself, which is that of another page.
#[test]
fn the_page_lets_a_browser_say_where_its_form_comes_from() {
    let keyed = Keyed::new();
    keyed.key("mine", &[SOURCE]);
    let answer = Ask::new("GET", "/").to(&keyed.inlet(&[]));
    assert_eq!(answer.header("referrer-policy").as_deref(), Some("same-origin"));
    assert!(answer.text().contains(r#"<meta name="referrer" content="same-origin">"#), "{}", answer.text());
}

#[test]
fn a_wrong_key_and_a_stream_of_somebody_else_show_nothing_and_say_why() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    put(keyed.town(), "hotline", &[Record::structured(&without_unit("B", 1))]);
    let inlet = keyed.inlet(&[]);
    for (key, stream, wanted) in [("tgf_nobody", "hotline", 401), ("", "hotline", 401), (key.as_str(), "grid", 403)] {
        let answer = of_the_page(filled(&inlet, "en", key, stream), &inlet).to(&inlet);
        // The document does not say whether the page that says so is a 200.
        assert!([200, wanted].contains(&answer.status), "{}", answer.text());
        is_not_kept(&answer);
        assert!(!answer.text().contains("B-1"), "{}", answer.text());
    }
    // The key in the address is no key.
    let answer = Ask::new("GET", &format!("/?key={key}&stream=hotline")).to(&inlet);
    assert!(!answer.text().contains("B-1"), "{}", answer.text());
}

#[test]
fn what_feeders_call_their_events_is_shown_as_text_and_never_run() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let hostile = "<script>window.hostile=1</script>\"'><img src=x>";
    let bad = changed(without_unit("B", 1), |event| event["id"] = json!(hostile));
    let field = changed(event("F", 1), |event| event["data"] = json!({ "<b>levl</b>": 1 }));
    put(keyed.town(), "hotline", &[Record::structured(&bad), Record::structured(&field)]);
    let inlet = keyed.inlet(&[]);
    let page = of_the_page(filled(&inlet, "en", &key, "hotline"), &inlet).to(&inlet).text();
    assert!(page.contains("window.hostile"), "{page}");
    for part in ["<script>window", "<img src=x", "<b>levl"] {
        assert!(!page.contains(part), "{part}: {page}");
    }
}

#[test]
fn while_kafka_is_away_the_form_is_there_and_says_when_to_come_again() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[("KAFKA__BROKERS", "127.0.0.1:1"), ("INLET__ACK_TIMEOUT_S", "1")]);
    let answer = of_the_page(filled(&inlet, "zh", &key, "hotline"), &inlet).to(&inlet);
    assert_eq!(answer.status, 503, "{}", answer.text());
    come_again(&answer);
    is_not_kept(&answer);
}
