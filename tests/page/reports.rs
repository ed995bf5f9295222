//! Reports on the page: what it shows is what the commands tell for the same question, and what the command refuses it refuses.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
};

use serde_json::{Value, json};

use crate::{
    june::{AS_OF, JUNE, at, june, publish, report, said, told},
    served::Served,
    town::Town,
};

/// The whole answer to a request as it is: a workbook is no text.
fn raw(served: &Served, request: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(&served.address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end + 4..].to_vec())
}

fn bytes(served: &Served, address: &str) -> (String, Vec<u8>) {
    raw(served, &format!("GET {address} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", served.address))
}

/// Head and body of what a form sends.
fn post(served: &Served, fields: &[(&str, &str)]) -> (String, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let head = format!("POST /reports/publish HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", served.address);
    let form = "Content-Type: application/x-www-form-urlencoded";
    let (head, body) = raw(served, &format!("{head}{form}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    (head, String::from_utf8(body).unwrap())
}

fn parsed(served: &Served, address: &str) -> Value {
    serde_json::from_str(&served.page(address)).unwrap()
}

/// Of a void and of an extension that are told after the report.
fn late(town: &Town) {
    let messages = [
        said("T2", "voided", "06-17 10:00", json!({ "reason_code": "误录" })),
        said("T3", "extension_decided", "06-18 10:00", json!({ "approved": true, "due_at": at("06-27 18:00") })),
    ];
    town.send("hotline", &messages);
    town.run_until_caught_up();
}

/// The token of the form, as a browser would send it.
fn token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("no token");
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn editions_are_shown_as_the_commands_list_and_show_them() {
    let town = june();
    publish(&town);
    let words = [&JUNE[..], &["--as-of", AS_OF, "--by", "<i>统计科</i>", "--note", "<b>更正</b>"]].concat();
    told(&town, "publish", &words);
    let served = Served::of(&town);

    assert_eq!(parsed(&served, "/reports.json"), told(&town, "list", &[]));
    assert_eq!(parsed(&served, "/reports/month/2021-06.json"), told(&town, "list", &JUNE));
    assert_eq!(parsed(&served, "/reports/month/2021-05.json"), json!([]));
    for edition in ["1", "2"] {
        let shown = parsed(&served, &format!("/reports/month/2021-06/{edition}.json"));
        assert_eq!(shown, told(&town, "show", &[&JUNE[..], &["--edition", edition]].concat()));
    }
    let csv = served.page("/reports.csv");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.starts_with("report,edition,serial,"), "{csv}");

    let list = served.page("/reports");
    for words in ["已被第 2 版取代", "现行，取代第 1 版", "✓ 相符", "/reports/month/2021-06/2/drift"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let edition = served.page("/reports/month/2021-06/2");
    for words in ["3/4", "75.00 %", "结案率（上海口径）", "hotline[", "与第 1 版比较"] {
        assert!(edition.contains(words), "{words}: {edition}");
    }
    let sha256 = told(&town, "show", &JUNE)["sha256"].as_str().unwrap().to_owned();
    assert!(edition.contains(&sha256), "{sha256}: {edition}");
    for page in [&list, &edition] {
        assert!(!page.contains("<b>更正") && !page.contains("<i>统计科"), "names from outside are text: {page}");
    }
    assert!(served.page("/reports/month/2021-06/2?group-by=unit").contains("U1"));
    assert!(served.page("/reports/month/2021-06/2?verify=1").contains("核验无误"));
    let of_command = told(&town, "verify", &[&JUNE[..], &["--edition", "2"]].concat());
    assert_eq!(parsed(&served, "/reports/month/2021-06/2.json?verify=1"), of_command);
    assert!(served.page("/reports/month/2021-06/2/compare?with=1").contains("没有不同"));

    // What was published stands on the figure's own page, where there is an edition of its period.
    let figure = served.page(&format!("/figures/K05a?month=2021-06&as-of={}", AS_OF.replace('+', "%2B")));
    assert!(figure.contains("/reports/month/2021-06/1") && figure.contains("/reports/month/2021-06/2"), "{figure}");
    assert!(!served.page("/figures/K05a?month=2021-05").contains("/reports/month/"), "nothing of May was published");

    // A head that somebody changed is said on the list, and an edition that is taken apart names what was changed.
    town.query("ALTER TABLE {db}.editions UPDATE note = 'x' WHERE edition = 1 SETTINGS mutations_sync = 2");
    assert!(served.page("/reports").contains("✕ 有误："));
    town.query(
        "ALTER TABLE {db}.edition_figures UPDATE numerator = 4 WHERE figure = 'K05a' SETTINGS mutations_sync = 2",
    );
    assert!(served.page("/reports/month/2021-06/2?verify=1").contains("数字被改动"));
}

#[test]
fn drift_is_what_the_command_tells_with_its_causes_in_both_languages() {
    let town = june();
    publish(&town);
    late(&town);
    let served = Served::of(&town);
    let of_command = told(&town, "drift", &JUNE);
    assert_eq!(of_command["moved"], 2);
    assert_eq!(parsed(&served, "/reports/month/2021-06/1/drift.json"), of_command);

    let page = served.page("/reports/month/2021-06/1/drift");
    for words in ["3/4 75.00 %", "2/3 66.66 %", "起因", "发布后到达：作废", "发布后到达：延期审批", "已结 → 作废"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    for id in ["T2", "T3"] {
        assert!(page.contains(&format!("/cases/hotline/{id}?as-of=")), "{id}: {page}");
    }
    let english = served.page("/reports/month/2021-06/1/drift?lang=en");
    for words in ["arrived after publication: voided", "arrived after publication: extension_decided", "closed → void"]
    {
        assert!(english.contains(words), "{words}: {english}");
    }
    let of_text = report(&town, "drift", &JUNE).stdout;
    for words in ["发布后到达：作废 arrived after publication: voided", "已结 closed → 作废 void"] {
        assert!(of_text.contains(words), "{words}: {of_text}");
    }
    let figure = served.page("/figures/K05a?month=2021-06");
    assert!(figure.contains("/reports/month/2021-06/1/drift") && figure.contains(">−1<"), "{figure}");
    let csv = served.page("/reports/month/2021-06/1/drift.csv");
    assert!(csv.starts_with("kpi,grouped_by,group,published,now,"), "{csv}");
    served.refused("/reports/month/2021-06/1/drift?limit=0", 400, &["1000"]);

    // The same as-of published again: what has moved since is what differs between the editions.
    publish(&town);
    let compared = parsed(&served, "/reports/month/2021-06/2/compare.json?with=1");
    let (first, second) = (json!({ "numerator": 3, "denominator": 4 }), json!({ "numerator": 2, "denominator": 3 }));
    let moved = |one: &Value| one["first"] == first && one["second"] == second;
    assert!(compared["figures"].as_array().unwrap().iter().any(moved), "{compared}");

    let left = "SELECT count() FROM system.databases WHERE startsWith(name, '{db}_scratch_')";
    town.until(left, 0);
}

#[test]
fn a_report_is_the_file_that_the_command_prints_byte_by_byte() {
    let town = june();
    town.send(
        "hotline",
        &[said("T5", "accepted", "06-11 09:00", json!({ "title": "x", "kind": "<script>1</script>" }))],
    );
    town.run_until_caught_up();
    let served = Served::of(&town);
    let address = |ending: &str, more: &str| {
        format!("/reports/made{ending}?month=2021-06&as-of={}{more}", AS_OF.replace('+', "%2B"))
    };
    for (ending, more, words) in [
        (".xlsx", "", &["--lang", "zh"][..]),
        (
            ".xlsx",
            "&lang=en&stream=hotline&convention=carry",
            &["--lang", "en", "--stream", "hotline", "--convention", "carry"],
        ),
        (".html", "", &["--lang", "zh"]),
        (".json", "", &[]),
    ] {
        let file = town.folder.path().join(format!("report{ending}"));
        let out = ["month", "2021-06", "--as-of", AS_OF, "--out", file.to_str().unwrap()];
        let ended = town.tongguan(&[&["report"], &out[..], words].concat(), &[]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let (head, body) = bytes(&served, &address(ending, more));
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert!(body == std::fs::read(&file).unwrap(), "{ending}{more}: {} bytes are others", body.len());
    }
    let (head, _) = bytes(&served, &address(".xlsx", ""));
    assert!(head.contains("content-disposition: attachment; filename=\"report-2021-06.xlsx\""), "{head}");
    let (head, _) = bytes(&served, &address(".html", ""));
    assert!(head.contains("content-security-policy: sandbox; default-src 'none'"), "{head}");
    assert!(!head.contains("attachment"), "{head}");
    assert!(bytes(&served, &address(".html", "&save=1")).0.contains("attachment; filename=\"report-2021-06.html\""));

    let page = served.page(&address("", ""));
    for words in ["一、总体情况", "附件 1", "/cases/hotline/T4?as-of=", "&#60;script&#62;1"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<script>1"), "names from outside are text");
    let opened = opened(&served, &page);
    assert!(opened > 20, "{opened} numbers of the report were opened");
}

/// Every rate of the page that opens a figure: the figure has the same counts.
fn opened(served: &Served, page: &str) -> usize {
    let mut opened = 0;
    for rest in page.split("<a href=\"").skip(1) {
        let Some((href, rest)) = rest.split_once("\">") else { continue };
        let Some((_, rest)) = rest.split_once("</a>") else { continue };
        let counts = rest.strip_prefix(" <span class=\"in\">").and_then(|rest| rest.split_once("</span>"));
        let Some((counts, _)) = counts else { continue };
        // A row for each unit is in the figure's groups, and points are shown in hundredths.
        if !href.starts_with("/figures/K") || href.contains("group-by=") || counts.contains('.') {
            continue;
        }
        let address = href.replace("&amp;", "&").replace("&#38;", "&").replacen('?', ".json?", 1);
        let answers = parsed(served, &address.replace("&lang=en", ""));
        let answer = &answers.as_array().unwrap()[0];
        assert_eq!(format!("{}/{}", answer["numerator"], answer["denominator"]), counts, "{address}");
        opened += 1;
    }
    opened
}

#[test]
fn publishing_asks_for_the_token_and_for_what_the_command_asks_for() {
    let town = june();
    let served = Served::of(&town);
    let page = served.page(&format!("/reports/made?month=2021-06&as-of={}", AS_OF.replace('+', "%2B")));
    let token = token(&page);
    assert!(page.contains(&format!("type=\"hidden\" name=\"as-of\" value=\"{AS_OF}\"")), "{page}");
    let order = [("month", "2021-06"), ("as-of", AS_OF)];
    let with = |token: &str, fields: &[(&str, &str)]| post(&served, &[&[("csrf", token)][..], fields].concat());

    for (head, body) in [post(&served, &order), with("", &order), with(&"0".repeat(32), &order)] {
        assert!(head.starts_with("http/1.1 403"), "{head}");
        assert!(body.contains("不是从本页面发出的"), "{body}");
    }
    for (fields, told) in [
        (&[("month", "2021-06"), ("as-of", "2999-01-01")][..], "as-of 在将来"),
        (&[("month", "2021-06"), ("as-of", "2021-05-01")], "as-of 早于 2021-06 开始"),
        (&[("month", "2021-13")], "不是月份"),
        (&[("as-of", AS_OF)], "哪一份报表"),
        (&[("month", "2021-06"), ("year", "2021")], "给了两次"),
        (&[("month", "2021-06"), ("nte", "x")], "是 note 吗"),
    ] {
        let (head, body) = with(&token, fields);
        assert!(head.starts_with("http/1.1 400") && body.contains(told), "{told}: {head}\n{body}");
        assert!(!body.contains(&token), "the token is no part of an address");
    }
    assert_eq!(told(&town, "list", &[]), json!([]), "nothing of that was published");
    let words = [&JUNE[..], &["--as-of", "2999-01-01"]].concat();
    assert!(report(&town, "publish", &words).stderr.contains("in the future"), "the command refuses it too");

    let more = [("by", "<i>统计科</i>"), ("note", "更正"), ("lang", "en")];
    let (head, _) = with(&token, &[&order[..], &more].concat());
    assert!(head.starts_with("http/1.1 303") && head.contains("location: /reports/month/2021-06/1?lang=en"), "{head}");
    publish(&town);
    let [by_page, by_command] = ["1", "2"].map(|n| told(&town, "show", &[&JUNE[..], &["--edition", n]].concat()));
    assert_eq!(by_page["figures"], by_command["figures"]);
    assert_eq!(by_page["verdicts_sha256"], by_command["verdicts_sha256"]);
    assert_eq!((&by_page["published_by"], &by_page["note"]), (&json!("<i>统计科</i>"), &json!("更正")));
    assert_eq!(told(&town, "verify", &JUNE)["is_as_published"], true);
}

#[test]
fn what_cannot_be_understood_is_refused_with_the_nearest_word() {
    let town = Town::without_topics();
    let served = Served::of(&town);
    assert!(served.page("/reports").contains("还没有发布过"));
    for (address, status, words) in [
        ("/reports?mnth=2021-06", 400, &["没有名为“mnth”的参数"][..]),
        ("/reports/month/2021-13", 400, &["“2021-13”不是月份"]),
        ("/reports/moth/2021-06/1", 400, &["是 month 吗"]),
        ("/reports/month/2021-06/x", 400, &["不是版次号"]),
        ("/reports/month/2021-06/1", 404, &["没有发布过"]),
        ("/reports/month/2021-06/1/drift", 404, &["没有发布过"]),
        ("/reports/month/2021-06/1/compare?with=%3Cb%3E", 400, &["&#60;b&#62;"]),
        ("/reports/month/2021-06/1/else", 404, &[]),
        ("/reports/mad?month=2021-06", 404, &[]),
        ("/reports/made", 400, &["哪一份报表"]),
        ("/reports/made?month=2021-06&strem=x", 400, &["是 stream 吗"]),
        ("/reports/made?month=2021-06&stream=hotlin", 400, &["是 hotline 吗"]),
        ("/reports/made?month=2021-06&convention=cary", 400, &["是 carry 吗"]),
        ("/reports/made?month=2021-06&as-of=2021-05-01", 400, &["as-of 早于 2021-06 开始"]),
        ("/reports/made?month=2021-06&lang=fr", 400, &["没有名为“fr”的语言"]),
    ] {
        served.refused(address, status, words);
    }
    let (head, body) = served.get("/reports/made.json?month=2021-13");
    assert!(head.contains("application/problem+json") && body.contains("is no month"), "{head}\n{body}");
}

#[test]
fn a_clickhouse_that_is_away_or_silent_is_said_and_the_page_stays() {
    let town = Town::without_schema();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let served = Served::with(&town, &[("CLICKHOUSE__URL", &format!("http://{address}"))]);
    for path in
        ["/reports", "/reports/month/2021-06/1", "/reports/month/2021-06/1/drift", "/reports/made?month=2021-06"]
    {
        served.refused(path, 503, &["暂时查不到数据"]);
    }
    assert!(served.page("/words").contains("K05a"), "what the program knows itself is there");

    // Takes what it is asked and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let served = Served::with(&town, &[("CLICKHOUSE__URL", &url), ("PAGE__REQUEST_TIMEOUT_S", "2")]);
    served.refused("/reports/made?month=2021-06", 503, &["在时限内没有做完"]);
    for path in
        ["/reports", "/reports/month/2021-06", "/reports/month/2021-06/1", "/reports/month/2021-06/2/compare?with=1"]
    {
        served.refused(path, 503, &["在时限内没有答完"]);
    }
}
