//! Files on the page: an export of a platform is uploaded, looked at, mapped, tried, sent, mended and sent again; and what is wrong is told.

use std::{
    fs,
    io::{Cursor, Read as _, Write as _},
    path::PathBuf,
};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::Value;

use crate::{
    accounts::{Office, PASSWORD, log_in},
    clerk::{Clerk, everybody, status},
    served::{Served, is_english, state},
    town::Town,
};

/// The columns of Shanghai's city grid, as its export has them, and two that the mapping does not take.
const HEADER: [&str; 28] = [
    "ROWTIME",
    "TASKID",
    "STATUS",
    "INFOSOURCEID",
    "INFOTYPENAME",
    "INFOBCCODE",
    "INFOSCCODE",
    "INFOSCNAME",
    "STREETCODE",
    "DISCOVERTIME",
    "PERCREATETIME",
    "CREATETIME",
    "ENDTIME",
    "ALLLIGHT",
    "DEPTCODE",
    "EXECUTEDEPTCODE",
    "CASEVALUATIONNAME",
    "APPROACH",
    "HOTLINESN",
    "REPORTER",
    "UPKEEPERNAME",
    "S_ID",
    "S_DEPTCODE",
    "S_STATUS",
    "S_DISPATCHTIME",
    "S_SIGNTIME",
    "S_SUBMITTIME",
    "S_DEADLINE",
];
const ROWS: usize = 5_000;
const BAD: usize = 40;
/// Column and what stands there instead: a dozen kinds of slips.
const SLIPS: [(usize, &str); 13] = [
    (2, "-1"),
    (2, "77"),
    (1, ""),
    (1, "2.10601E+15"),
    (1, "#N/A"),
    (1, "2106D\u{200b}0007"),
    (0, "soon"),
    (0, ""),
    (10, "2021-13-45 10:00:00"),
    (12, "1899-12-30 00:00:00"),
    (13, "蓝"),
    (25, "没有"),
    (11, "########"),
];

/// As it is right.
fn row(index: usize) -> Vec<String> {
    let at = |days: usize, clock: &str| format!("2021-06-{:02} {clock}", 1 + index % 20 + days);
    let is_closed = !index.is_multiple_of(4);
    let closed = |text: String| if is_closed { text } else { String::new() };
    let text = str::to_owned;
    vec![
        text("2021-07-01 00:00:00"),
        format!("2106D{index:07}"),
        text(if is_closed { "9" } else { "5" }),
        text("1"),
        text("事件"),
        text("02"),
        text("0203"),
        text("暴露垃圾"),
        text("1806"),
        at(0, "08:30:00"),
        at(0, "09:00:00"),
        at(0, "09:20:00"),
        closed(at(1, "10:00:00")),
        text("绿"),
        text("MH-01"),
        text("MH-02"),
        closed(text("实际解决")),
        String::new(),
        String::new(),
        text("张三"),
        text("李四"),
        format!("S{index}"),
        text("MH-02"),
        text("1"),
        at(0, "09:30:00"),
        at(0, "10:00:00"),
        closed(at(1, "09:00:00")),
        at(7, "09:30:00"),
    ]
}

/// Which slip stands in which row.
fn slip(index: usize) -> Option<(usize, &'static str)> {
    (index % 100 == 7 && index / 100 < BAD).then(|| SLIPS[index / 100 % SLIPS.len()])
}

/// With its titles above the header; times are real dates, as a spreadsheet has them, and slips are texts.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let sheet = book.add_worksheet();
    sheet.set_name("案件").unwrap();
    sheet.write_string(0, 0, "二〇二一年六月网格案件").unwrap();
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string(2, column, name).unwrap();
    }
    for index in 0..ROWS {
        let (mut cells, slip) = (row(index), slip(index));
        if let Some((column, text)) = slip {
            cells[column] = text.to_owned();
        }
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let (line, place) = (index as u32 + 3, column as u16);
            let is_time = [9, 10, 11, 12, 24].contains(&column) && slip.is_none_or(|(bad, _)| bad != column);
            match is_time {
                true => {
                    let at = ExcelDateTime::parse_from_str(text).unwrap();
                    sheet.write_datetime_with_format(line, place, &at, &date).unwrap();
                }
                false => {
                    sheet.write_string(line, place, text).unwrap();
                }
            }
        }
    }
    book.add_worksheet().set_name("说明").unwrap();
    book.save_to_buffer().unwrap()
}

/// The refused rows, put right cell by cell; what stands in front stays.
fn mended(rejects: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&rejects[0]).unwrap();
    for rejected in &rejects[1..] {
        let index = rejected[0].parse::<usize>().unwrap() - 4;
        let mut cells = rejected.clone();
        let (column, _) = slip(index).unwrap_or_else(|| panic!("a good row was refused: {rejected:?}"));
        cells[3 + column].clone_from(&row(index)[column]);
        writer.write_record(&cells).unwrap();
    }
    writer.into_inner().unwrap()
}

fn office() -> Office {
    let office = Office::new(Town::new());
    for (name, role) in [("wang", "feeder"), ("zhao", "feeder"), ("li", "analyst")] {
        office.say(&["account", "add", name, "--role", role, "--ask"]);
    }
    office
}

fn clerk<'s>(served: &'s Served, name: &str) -> Clerk<'s> {
    Clerk { served, cookie: log_in(served, name, PASSWORD).unwrap() }
}

#[test]
fn an_export_of_the_city_grid_is_uploaded_tried_sent_mended_and_sent_again() {
    let office = office();
    let town = &office.town;
    let served = office.served();
    let wang = clerk(&served, "wang");
    let at = wang.uploaded("grid", "六月.xlsx", &workbook());
    let preview = wang.page(&at);
    for words in ["案件", "表头在第</span> 3 行", "5,000", "TASKID", "2106D0000000", "＊＊＊"] {
        assert!(preview.contains(words), "{words}\n{preview}");
    }
    assert!(!preview.contains("张三"), "{preview}");
    // It is known, and no column has to be chosen.
    let columns = wang.page(&format!("{at}/columns"));
    assert!(columns.contains("认得的平台： citygrid") && columns.contains("urn:citygrid:taskinfo"), "{columns}");

    let trial = wang.tried_by_text(&at);
    assert_eq!((trial["rows"].as_u64(), trial["rejected"].as_u64()), (Some(5_000), Some(40)), "{trial}");
    let reasons = trial["reasons"].as_array().unwrap();
    assert!(reasons.len() >= 8, "{trial}");
    let page = wang.page(&format!("{at}/trial"));
    for words in
        ["5,000 行里有 40 行会被拒绝", "送出 4,960 条事件到业务流 grid，40 行不送？", "科学记数", "看不见的字符"]
    {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(!page.contains("张三"), "{page}");
    assert_eq!(town.run_until_caught_up().code, Some(0));
    assert_eq!(town.number("SELECT count() FROM {db}.events"), 0, "a trial sends nothing");

    let sent = wang.confirmed(&at);
    assert_eq!((sent["acknowledged"].as_u64(), sent["error"].is_null()), (Some(4_960), true), "{sent}");
    let data = town.folder.path().join("uploads").join(at.trim_start_matches("/upload/"));
    assert!(!data.join("data").exists() && data.join("rejects.csv").exists());

    let rejects = wang.rejects(&at);
    assert_eq!(rejects.len(), 1 + BAD);
    assert_eq!(&rejects[0][..4], ["import_line", "import_column", "import_reason", "ROWTIME"]);
    let again = wang.uploaded("grid", "改好.csv", &mended(&rejects));
    let columns = wang.page(&format!("{again}/columns"));
    assert!(columns.contains("上次用同样表头的文件送出时的映射"), "{columns}");
    let trial = wang.tried_by_text(&again);
    assert_eq!((trial["rows"].as_u64(), trial["rejected"].as_u64()), (Some(40), Some(0)), "{trial}");
    assert_eq!(wang.confirmed(&again)["acknowledged"].as_u64(), Some(40));

    town.run_until_caught_up();
    assert_eq!(town.number("SELECT uniqExact(case_id) FROM {db}.cases"), 5_000);
    let told = town
        .tongguan(&["kpi", "K05a", "--month", "2021-06", "--as-of", "2021-08-01", "--stream", "grid", "--json"], &[]);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((told[0]["numerator"].as_u64(), told[0]["denominator"].as_u64()), (Some(3_750), Some(5_000)), "{told}");

    // Who, which file, how many; and no name of a file.
    let audit = office.say(&["audit", "--what", "imported", "--json"]);
    for words in [
        "received: ",
        "asked: 4960 events of 5000 rows, 40 refused",
        "done: 4960 events acknowledged",
        "done: 40 events",
        "sha256",
        "wang",
    ] {
        assert!(audit.contains(words), "{words}\n{audit}");
    }
    assert!(!audit.contains("六月") && !audit.contains("张三"), "{audit}");
    assert!(office.say(&["audit", "--what", "list-exported", "--json"]).contains("rejects.csv"));
}

#[test]
fn a_file_is_its_owners_and_only_a_feeder_may_bring_one() {
    let office = office();
    let served = office.served();
    let (wang, zhao, li) = (clerk(&served, "wang"), clerk(&served, "zhao"), clerk(&served, "li"));
    let at = wang.uploaded("hotline", "a.csv", "工单编号,受理时间\n1,2021-03-01\n".as_bytes());
    for step in ["", ".json", "/columns", "/trial", "/sent", "/mapping.toml", "/rejects.csv"] {
        let address = format!("{at}{step}");
        assert_eq!(zhao.got(&address).0, 404, "{address}");
        assert_eq!(li.got(&address).0, 403, "{address}");
    }
    for (step, fields) in [("", vec![("act", "drop")]), ("/send", vec![]), ("/columns", vec![])] {
        assert_eq!(zhao.posted(&format!("{at}{step}"), &fields).0, 404, "{step}");
    }
    assert!(wang.page("/upload").contains("a.csv") && !zhao.page("/upload").contains("a.csv"));
    assert!(!li.page("/words/glossary").contains("href=\"/upload\""));
    assert!(li.got("/upload").1.contains("录入"));

    // A form of somebody else's page, and one without its token.
    let file = Some(("a.csv", &b"x"[..]));
    let (status, page) = wang.sent_file("/upload", &[("csrf", "wrong"), ("stream", "hotline")], file);
    assert_eq!(status, 403, "{page}");
    assert_eq!(wang.sent_file("/upload", &[("stream", "hotline")], file).0, 403);
    let csrf = zhao.csrf();
    assert_eq!(wang.sent_file("/upload", &[("csrf", &csrf), ("stream", "hotline")], file).0, 403);
    assert_eq!(wang.asked("POST", &format!("{at}/send"), "", b"").0.split(' ').nth(1), Some("403"));
    let kind = "Origin: http://elsewhere\r\nContent-Type: multipart/form-data; boundary=x\r\n";
    assert_eq!(status_of(&wang.asked("POST", "/upload", kind, b"--x--\r\n")), 403);
}

fn status_of((head, _): &(String, Vec<u8>)) -> u16 {
    status(head)
}

/// With a hostile name of a column, two closings, codes that nobody knows, and dates that are day or month first.
const UNCLEAR: &str = "工单编号,受理时间,办结时间,结案时间,状态,\"<script>alert(1)</script>\"\n\
    G-1,03/04/2021 08:00,05/04/2021 09:00,06/04/2021 09:00,9,<img src=x>\n\
    G-2,04/04/2021 08:00,,07/04/2021 09:00,8,x\n";

#[test]
fn what_is_unclear_is_asked_and_what_was_chosen_is_imported_and_kept() {
    let town = Town::new();
    let served = Served::of(&town);
    let clerk = everybody(&served);
    let at = clerk.uploaded("hotline", "<b>.csv", UNCLEAR.as_bytes());
    let page = clerk.page(&format!("{at}/columns"));
    for words in ["办结时间、结案时间", "日在前还是月在前", "请选择", "&#60;script&#62;alert(1)"] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{page}");
    let english = clerk.page(&format!("{at}/columns?lang=en"));
    assert!(english.contains("is the day first or the month") && english.contains("What each column is"), "{english}");

    let mut form = vec![
        ("c0", "case_id"),
        ("c1", "accepted"),
        ("c2", "?"),
        ("c3", "closed"),
        ("c4", "status"),
        ("c5", ""),
        ("v:status:9", "closed"),
        ("v:status:8", "?"),
        ("order", "?"),
        ("timezone", "Asia/Shanghai"),
        ("act", "try"),
    ];
    let (status, page) = clerk.posted(&format!("{at}/columns"), &form);
    assert_eq!(status, 422, "{page}");
    for words in ["“办结时间”是什么，还没有选", "“8”是什么意思，还没有选", "日在前还是月在前，还没有选"]
    {
        assert!(page.contains(words), "{words}\n{page}");
    }
    let mut set = |name: &'static str, value: &'static str| {
        form.iter_mut().find(|(known, _)| *known == name).unwrap().1 = value;
        clerk.posted(&format!("{at}/columns"), &form)
    };
    assert_eq!(set("c2", "").0, 422);
    assert_eq!(set("order", "day").0, 422);
    let (status, to) = set("v:status:8", "open");
    assert_eq!((status, to.as_str()), (303, format!("{at}/trial").as_str()));
    let trial = clerk.idle(&at)["trial"].clone();
    assert_eq!((trial["rejected"].as_u64(), trial["cases"].as_u64()), (Some(0), Some(2)), "{trial}");
    let toml = clerk.page(&format!("{at}/mapping.toml"));
    assert!(
        toml.contains("formats = [\"%d/%m/%Y %H:%M\"]") && toml.contains("source = \"urn:upload:hotline\""),
        "{toml}"
    );

    // What has changed since somebody looked is not sent.
    let (status, page) = clerk.posted(&format!("{at}/send"), &[("at", "1"), ("events", "1")]);
    assert!(status == 409 && page.contains("情况已有变化"), "{status} {page}");
    assert_eq!(clerk.confirmed(&at)["acknowledged"].as_u64(), Some(3));
    assert_eq!(clerk.posted(&format!("{at}/keep"), &[("name", "../x")]).0, 422);
    assert_eq!(clerk.posted(&format!("{at}/keep"), &[("name", "三月-平台")]).0, 200);
    assert!(clerk.page("/upload").contains("三月-平台"));
    assert_eq!(clerk.got(&format!("{at}/rejects.csv")).0, 404);
    let page = clerk.page(&format!("{at}/sent"));
    let cases = "/figures/K01/cases?stream=hotline&#38;from=2021-04-03&#38;to=2021-04-07";
    assert!(page.contains(cases) && page.contains(&format!("{at}/mapping.toml")), "{page}");
    let english = clerk.page(&format!("{at}/sent?lang=en"));
    assert!(english.contains("3 events are acknowledged by Kafka"), "{english}");

    // The same file sent again is the same events.
    let again = clerk.uploaded("hotline", "again.csv", UNCLEAR.as_bytes());
    clerk.tried_by_text(&again);
    assert_eq!(clerk.confirmed(&again)["acknowledged"].as_u64(), Some(3));
    town.run_until_caught_up();
    assert_eq!(town.number("SELECT uniqExact(case_id) FROM {db}.cases"), 2);
    assert_eq!(town.case("hotline", "G-1")["standing"], "closed");
    assert_eq!(town.case("hotline", "G-2")["standing"], "open");
    refuses_a_wrong_mapping(&clerk);
}

/// The mapping can be written, and everything that is wrong with it has its line.
fn refuses_a_wrong_mapping(clerk: &Clerk<'_>) {
    let at = clerk.uploaded("hotline", "third.csv", UNCLEAR.as_bytes());
    let (status, page) = clerk.posted(&format!("{at}/mapping"), &[("toml", "stream = \"hotline\"\nsorce = \"x\"\n")]);
    assert!(status == 422 && page.contains("这个映射用不了"), "{status} {page}");
    for fault in ["2, sorce: unknown key", "1, timezone: is missing", "1, event: is missing"] {
        let told = format!("<p class=\"note\" lang=\"en\">mapping, line {fault}");
        assert!(page.contains(&told), "{fault} is not in {page}");
    }
    let (folded, told) = (page.find("<details class=\"twin\""), page.find("sorce: unknown key"));
    assert!(told < folded, "it is seen without unfolding anything: {page}");
    // A browser drops the first line end of a text field.
    let (_, page) = clerk.posted(&format!("{at}/mapping"), &[("toml", "\nsource = 1\n")]);
    assert!(page.contains("spellcheck=\"false\">\n\nsource = 1"), "{page}");
}

/// A container of the old kind with nothing of a workbook in it, as an encrypted .xlsx is.
fn encrypted() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    {
        let mut container = cfb::CompoundFile::create(&mut file).unwrap();
        container.create_stream("/EncryptedPackage").unwrap().write_all(&[7; 4096]).unwrap();
        container.create_stream("/EncryptionInfo").unwrap().write_all(&[1; 512]).unwrap();
    }
    file.into_inner()
}

/// A number of a case that a formula gives, and one that it never gave: whoever wrote the workbook left that to whoever opens it.
fn formulas() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "工单编号").unwrap().write_string(0, 1, "受理时间").unwrap();
    for (line, result) in [(1, "G-1"), (2, "G-2")] {
        let formula = Formula::new("=CONCAT(\"G-\",1)").set_result(result);
        sheet.write_formula(line, 0, formula).unwrap().write_string(line, 1, "2021-03-01 08:00").unwrap();
    }
    let whole = book.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut never = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let name = String::from_utf8(part.name_raw().to_vec()).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        never.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        never.write_all(text.replace("<v>G-2</v>", "").as_bytes()).unwrap();
    }
    never.finish().unwrap().into_inner()
}

#[test]
fn mistakes_are_told_in_words_and_leave_nothing_behind() {
    let town = Town::without_topics();
    let served = Served::with(&town, &[("PAGE__UPLOAD_MB", "2")]);
    let clerk = everybody(&served);
    let csrf = clerk.csrf();
    let good = [("csrf", csrf.as_str()), ("stream", "hotline")];
    let large = vec![b'x'; 5 << 20];
    for (fields, file, status, words) in [
        (&good[..], None, 422, "没有选文件"),
        (&good, Some(("", &b""[..])), 422, "没有选文件"),
        (&good, Some(("a.csv", b"")), 422, "文件是空的"),
        (&good, Some(("a.csv", &large)), 413, "超过 2 MiB"),
        (&[good[0], ("stream", "hotlin")], Some(("a.csv", b"x")), 422, "hotline"),
        (&[good[0]], Some(("a.csv", b"x")), 422, "业务流"),
    ] {
        let (got, page) = clerk.sent_file("/upload", fields, file);
        assert!(got == status && page.contains(words), "{words}: {got}\n{page}");
        assert!(!is_english(&state(&page)), "{}", state(&page));
    }
    assert!(!clerk.page("/upload").contains("id=\"uploads\""), "nothing of it stays");
    assert_eq!(fs::read_dir(town.folder.path().join("uploads")).unwrap().count(), 1, "the mappings only");

    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "工单编号").unwrap().write_string(0, 1, "受理时间").unwrap();
    let only_header = book.save_to_buffer().unwrap();
    for (name, bytes, words) in [
        ("a.pdf", b"%PDF-1.7 ...".to_vec(), "是 PDF"),
        ("a.xls", b"<html><table>".to_vec(), "其实是网页"),
        ("a.xlsx", encrypted(), "加了密"),
        ("a.csv", b"1,2\n3,4\n".to_vec(), "没有像表头的一行"),
        ("a.bin", [vec![b'a', 0, 1, 2, 0, 0, 0, 9], vec![0; 600]].concat(), "不是表格"),
    ] {
        let at = clerk.uploaded("hotline", name, &bytes);
        let page = clerk.page(&at);
        assert!(page.contains(words) && page.contains("这个文件读不了"), "{name}: {words}\n{page}");
        assert!(!is_english(&state(&page)), "{}", state(&page));
        let english = clerk.page(&format!("{at}?lang=en"));
        assert!(english.contains("This file cannot be read") && !state(&english).contains('。'), "{english}");
        assert!(clerk.got(&format!("{at}/columns")).0 == 303, "there is nothing to map");
        clerk.dropped(&at);
        assert_eq!(clerk.got(&at).0, 404);
    }
    // No case number; dates of two kinds; only a header.
    for (bytes, words) in [
        ("单位,受理时间\n市容所,2021-03-01\n".as_bytes().to_vec(), "缺案件编号"),
        ("工单编号,承办单位\n1,市容所\n".as_bytes().to_vec(), "缺时间"),
        ("工单编号,受理时间\n1,25/06/2021\n2,06/25/2021\n".as_bytes().to_vec(), "两种日期"),
    ] {
        let at = clerk.uploaded("hotline", "a.csv", &bytes);
        let page = clerk.page(&format!("{at}/columns"));
        assert!(page.contains(words), "{words}\n{page}");
        clerk.dropped(&at);
    }
    // A formula that was computed is its value; one that was not is refused.
    let at = clerk.uploaded("hotline", "a.xlsx", &formulas());
    let trial = clerk.tried_by_text(&at);
    assert_eq!((trial["cases"].as_u64(), trial["rejected"].as_u64()), (Some(1), Some(1)), "{trial}");
    assert!(clerk.page(&format!("{at}/trial")).contains("公式没有计算结果"));
    assert!(clerk.rejects(&at)[1][2].contains("公式没有计算结果"));
    clerk.dropped(&at);
    let at = clerk.uploaded("hotline", "a.xlsx", &only_header);
    let trial = clerk.tried_by_text(&at);
    assert_eq!(trial["rows"].as_u64(), Some(0));
    let page = clerk.page(&format!("{at}/trial"));
    assert!(page.contains("不能送出") && page.contains("只有表头") && !page.contains("id=\"send\""), "{page}");
    // Six are one too many.
    for _ in 0..4 {
        clerk.uploaded("hotline", "a.csv", "工单编号,受理时间\n1,2021-03-01\n".as_bytes());
    }
    let (status, page) = clerk.tried_to_upload("hotline", "a.csv", b"x");
    assert!(status == 409 && page.contains("已有 5 个"), "{status} {page}");

    let off = Served::with(&town, &[("PAGE__UPLOAD", "false")]);
    assert!(off.get("/upload").0.starts_with("HTTP/1.1 404"));
    assert!(!off.page("/words/glossary").contains("href=\"/upload\""));
}

#[test]
fn kafka_away_and_a_killed_server_lose_nothing_and_it_is_sent_again() {
    let town = Town::new();
    let rows: String = (0..3_000).map(|row| format!("GD{row},2021-03-01 09:{:02}\n", row % 60)).collect();
    let file = format!("工单编号,受理时间\n{rows}");
    let away = Served::with(&town, &[("KAFKA__BROKERS", "127.0.0.1:9")]);
    let clerk = everybody(&away);
    let at = clerk.uploaded("hotline", "a.csv", file.as_bytes());
    clerk.tried_by_text(&at);
    let sent = clerk.confirmed(&at);
    assert!(sent["error"]["zh"].as_str().unwrap().contains("Kafka"), "{sent}");
    assert!(clerk.page(&format!("{at}/sent")).contains("没有全部送出"));
    drop(away);

    // The next server finds it as it was left; killed while it sends, it is sent again.
    let mut served = Served::of(&town);
    let clerk = everybody(&served);
    assert_eq!(clerk.idle(&at)["trial"]["rows"].as_u64(), Some(3_000));
    let page = clerk.page(&format!("{at}/trial"));
    let hidden = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
    };
    assert_eq!(clerk.posted(&format!("{at}/send"), &[("at", &hidden("at")), ("events", &hidden("events"))]).0, 303);
    served.program().kill().unwrap();
    served.program().wait().unwrap();
    let served = Served::of(&town);
    let clerk = everybody(&served);
    let told = clerk.idle(&at);
    if told["sent"]["acknowledged"].is_null() {
        assert!(clerk.page(&format!("{at}/sent")).contains("再送一次"), "{told}");
        assert_eq!(clerk.confirmed(&at)["acknowledged"].as_u64(), Some(3_000));
    }
    town.run_until_caught_up();
    assert_eq!(town.number("SELECT uniqExact(case_id) FROM {db}.cases"), 3_000);
    assert_eq!(town.number("SELECT uniqExact(source, event_id) FROM {db}.events"), 3_000);
}

#[test]
fn a_stream_that_would_refuse_what_the_page_sends_is_told_before_anything_is_sent() {
    let town = Town::new();
    let dir = town.folder.path().join("streams");
    fs::create_dir(&dir).unwrap();
    let hotline = include_str!("../../config/streams/hotline.toml");
    fs::write(dir.join("hotline.toml"), format!("{hotline}\n[producers]\n\"centre\" = [\"urn:upload:hotline\"]\n"))
        .unwrap();
    let dir = dir.to_str().unwrap();
    let served = Served::with(&town, &[("STREAMS__DIR", dir)]);
    let clerk = everybody(&served);
    let rows = "工单编号,受理时间\nG-1,2021-03-01 09:00\n,2021-03-01 09:00\n";
    let at = clerk.uploaded("hotline", "a.csv", rows.as_bytes());
    clerk.tried_by_text(&at);
    let error = clerk.confirmed(&at)["error"].clone();
    let (zh, en) = (error["zh"].as_str().unwrap(), error["en"].as_str().unwrap());
    assert!(zh.contains("一条也没有送出") && zh.contains("kafka.feeder") && zh.contains("centre"), "{zh}");
    assert!(en.contains("Nothing was sent") && en.contains("kafka.feeder"), "{en}");
    assert_eq!(clerk.rejects(&at).len(), 2, "the head and the row that the trial refused");
    drop(served);
    // What was uploaded is still there when the operator has set it.
    let served = Served::with(&town, &[("STREAMS__DIR", dir), ("KAFKA__FEEDER", "centre")]);
    let clerk = everybody(&served);
    clerk.idle(&at);
    assert_eq!(clerk.confirmed(&at)["acknowledged"].as_u64(), Some(1));
}

fn peak_mb(served: &Served) -> u64 {
    let status = fs::read_to_string(PathBuf::from(format!("/proc/{}/status", served.pid()))).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}

#[test]
fn a_file_of_sixty_mebibytes_takes_no_memory_of_its_size() {
    let town = Town::without_topics();
    let served = Served::of(&town);
    let clerk = everybody(&served);
    clerk.page("/upload");
    let before = peak_mb(&served);
    let long = "很长的诉求内容".repeat(400);
    let mut file = String::from("工单编号,受理时间,诉求内容\n");
    let mut row = 0;
    while file.len() < 60 << 20 {
        file.push_str(&format!("GD{row},2021-03-01 09:{:02},{long}\n", row % 60));
        row += 1;
    }
    let at = clerk.uploaded("hotline", "large.csv", file.as_bytes());
    assert_eq!(clerk.json(&at)["read"]["rows"].as_u64(), Some(row));
    assert_eq!(clerk.tried_by_text(&at)["rows"].as_u64(), Some(row));
    let grown = peak_mb(&served) - before;
    assert!(grown < 60, "{grown} MiB more than before");
}
