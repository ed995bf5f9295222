//! What came of a trial, or of sending: counts, what is refused and why, and what to do next.

use super::{
    columns::text_form,
    desk::{Upload, UploadDesk},
    kept::{UploadAbout, UploadMapping},
    preview::drop_it,
    told::{UploadReason, UploadSaid, UploadShown, UploadTold},
    view::{UploadPage, at},
    work::UploadWork,
};
use crate::{
    domain::fact::FactKind,
    http::page::{
        account::{cell, head, number},
        address::Address,
        frame::Link,
        part::{Cell, Panel, Row, State, Table},
        sheet::{WebForm, elsewhere, state},
        site::Site,
        words::Lang,
    },
    report::{case::words, count::grouped},
};

/// The question of the importer, and what each reason of a row is called.
fn of(said: &UploadSaid, lang: Lang) -> String {
    lang.of(&said.zh, &said.en).to_owned()
}

pub(super) fn trial(site: &Site, here: &Address, lang: Lang, upload: &Upload, states: Vec<State>) -> UploadPage {
    let about = upload.about();
    let mut page = UploadPage::new(site, lang, here, &about.id, 3);
    page.json_twin(here, &about.id);
    page.lead.clone_from(&about.file_name);
    page.states = states;
    if let Some(work @ (UploadWork::Trial | UploadWork::Look)) = upload.running() {
        page.waits(upload, work, lang, here);
        return page;
    }
    let to_columns = Link {
        href: at(here, &about.id, "columns").href(),
        text: lang.of("回到各列", "back to the columns").to_owned(),
    };
    let Some(told) = &about.trial else {
        let mut none = state("empty", lang.of("还没有试过", "Not tried yet"), String::new());
        none.links = vec![to_columns];
        page.states.push(none);
        return page;
    };
    if let Some(error) = &told.error {
        let mut failed = state("failed", lang.of("试不下去", "The trial did not come to its end"), of(error, lang));
        failed.links = vec![to_columns];
        page.states.push(failed);
        return page;
    }
    page.states.push(verdict(told, to_columns, lang));
    told_of(&mut page, &about, told, here, lang);
    if told.may_be_sent() && upload.running().is_none() {
        page.forms.push(send(&about, told, here, lang));
    }
    if let Some(UploadMapping::Chosen(choices)) = &about.mapping {
        page.texts.push(text_form(&choices.mapping(), &about, here, lang, false));
    }
    page
}

fn verdict(told: &UploadTold, to_columns: Link, lang: Lang) -> State {
    let (rows, rejected, events) = (grouped(told.rows), grouped(told.rejected), grouped(told.sent()));
    let mut verdict = match (told.may_be_sent(), told.rejected) {
        (false, _) => state(
            "failed",
            lang.of("不能送出", "This cannot be sent"),
            lang.of("没有一行能形成事件：请回去核对各列。", "Not one row becomes an event: look at the columns again.").to_owned(),
        ),
        (true, 0) => state(
            "ok",
            lang.of("每一行都能导入", "Every row can be taken"),
            lang.of(&format!("{rows} 行，{events} 条事件。"), &format!("{rows} rows, {events} events.")).to_owned(),
        ),
        (true, _) => state(
            "stale",
            lang.of("有的行会被拒绝", "Some rows would be refused"),
            lang.of(
                &format!("{rows} 行里有 {rejected} 行会被拒绝，其余形成 {events} 条事件。可以先改文件再传；也可以先送出其余的，把拒绝的行改好再传，不会重复。"),
                &format!("Of {rows} rows {rejected} would be refused; the others are {events} events. Mend the file first, or send the others now and upload the refused rows when they are mended: nothing is doubled."),
            )
            .to_owned(),
        ),
    };
    verdict.links = vec![to_columns];
    verdict
}

pub(super) fn sent(
    site: &Site,
    desk: &UploadDesk,
    here: &Address,
    lang: Lang,
    upload: &Upload,
    states: Vec<State>,
) -> UploadPage {
    let about = upload.about();
    let mut page = UploadPage::new(site, lang, here, &about.id, 4);
    page.json_twin(here, &about.id);
    page.lead.clone_from(&about.file_name);
    page.states = states;
    if upload.running() == Some(UploadWork::Send) {
        page.waits(upload, UploadWork::Send, lang, here);
        return page;
    }
    let to_trial = Link {
        href: at(here, &about.id, "trial").href(),
        text: lang.of("回到试的结果", "back to the trial").to_owned(),
    };
    if about.is_sending {
        let text = lang.of(
            "服务器在送的时候停了。再送一次即可，不会重复。",
            "The server stopped while it was sent. Send it again: nothing is doubled.",
        );
        let mut cut = state("failed", lang.of("送到一半停了", "Sending was cut off"), text.to_owned());
        cut.links = vec![to_trial];
        page.states.push(cut);
        return page;
    }
    let Some(told) = &about.sent else {
        let mut none = state("empty", lang.of("还没有送出", "Not sent yet"), String::new());
        none.links = vec![to_trial];
        page.states.push(none);
        return page;
    };
    if let Some(error) = &told.error {
        let mut failed = state("failed", lang.of("没有全部送出", "Not all of it was sent"), of(error, lang));
        failed.links = vec![to_trial];
        page.states.push(failed);
        return page;
    }
    page.states.push(done(&about, told, here, lang));
    told_of(&mut page, &about, told, here, lang);
    page.forms.push(keep(desk, &about, here, lang));
    page.drops.push(drop_it(here, &about.id, lang));
    page
}

fn done(about: &UploadAbout, told: &UploadTold, here: &Address, lang: Lang) -> State {
    let count = grouped(told.acknowledged.unwrap_or_default());
    let text = match lang {
        Lang::Zh => format!("{count} 条事件已由 Kafka 确认，几秒后就能在指标和案件里看到。"),
        Lang::En => {
            format!("{count} events are acknowledged by Kafka; in some seconds they are in the figures and cases.")
        }
    };
    let mut done = state("ok", lang.of("已送出", "Sent"), text);
    let link = |to: &Address, zh, en| Link { href: to.href(), text: lang.of(zh, en).to_owned() };
    done.links.extend(
        cases(about, told, here).map(|to| link(&to, "看这段时间受理的案件", "to the cases received in these days")),
    );
    done.links.push(link(&elsewhere(here, "/overview"), "看总览", "to the overview"));
    done.links.push(link(&at(here, &about.id, "mapping.toml"), "下载映射（TOML）", "the mapping, as TOML"));
    done
}

/// Those of its stream that were received from its first day to its last.
fn cases(about: &UploadAbout, told: &UploadTold, here: &Address) -> Option<Address> {
    let day = |text: &str| text.get(..10)?.parse::<jiff::civil::Date>().ok();
    let (from, to) = (day(&told.first)?, day(&told.last)?.tomorrow().ok()?);
    let list = elsewhere(here, "/figures/K01/cases").with("stream", &about.stream);
    Some(list.with("from", &from.to_string()).with("to", &to.to_string()))
}

/// Counts, reasons, columns, first events.
fn told_of(page: &mut UploadPage, about: &UploadAbout, told: &UploadTold, here: &Address, lang: Lang) {
    if let Some(question) = &told.question {
        page.states.push(state("info", lang.of("请确认", "Is this right?"), of(question, lang)));
    }
    page.panels.push(counts(told, lang));
    page.panels.extend((!told.reasons.is_empty()).then(|| reasons(about, told, here, lang)));
    page.panels.extend((!told.columns.is_empty()).then(|| columns(told, lang)));
    page.panels.extend((!told.shown.is_empty()).then(|| shown(told, lang)));
}

fn table(title: &str, heads: &[(&str, &str)], rows: Vec<Row>) -> Table {
    Table {
        caption: title.to_owned(),
        is_caption_hidden: true,
        is_linkless: true,
        cols: heads.iter().map(|(text, cls)| head(text, cls)).collect(),
        rows,
        ..Table::default()
    }
}

fn row(cells: Vec<Cell>) -> Row {
    let mut cells = cells;
    if let Some(first) = cells.first_mut() {
        first.is_head = true;
    }
    Row { cells, ..Row::default() }
}

fn panel(id: &str, title: &str, table: Table) -> Panel {
    Panel { id: id.to_owned(), title: title.to_owned(), tables: vec![table], ..Panel::default() }
}

fn counts(told: &UploadTold, lang: Lang) -> Panel {
    let line = |text: &str, count: u64, note: &str| row(vec![cell(text), number(&grouped(count)), cell(note)]);
    let more = if told.has_more_cases { lang.of("或更多", "or more") } else { "" };
    let mut rows = vec![line(lang.of("数据行", "rows"), told.rows, "")];
    if told.filtered > 0 {
        rows.push(line(lang.of("不导入的行", "rows left out"), told.filtered, ""));
    }
    rows.push(line(lang.of("被拒绝的行", "rows refused"), told.rejected, ""));
    rows.push(line(lang.of("案件", "cases"), told.cases, more));
    if told.without_due > 0 {
        rows.push(line(
            lang.of("没有写明时限的案件", "cases without a stated due"),
            told.without_due,
            lang.of("按时限规则", "the policy's limits hold"),
        ));
    }
    for events in &told.events {
        let mut notes = Vec::new();
        let mut note = |count: u64, zh: &str, en: &str| {
            if count > 0 {
                notes.push(format!("{} {}", lang.of(zh, en), grouped(count)));
            }
        };
        note(events.identical, "重复略去", "identical, left out:");
        note(events.conflicting, "同一编号内容不同", "conflicting:");
        note(events.without_time, "时间空着，没有形成", "time empty, none made:");
        let text = format!("{}{}", lang.of("事件：", "events: "), kind(&events.kind, lang));
        rows.push(line(&text, events.sent, &notes.join(lang.of("；", "; "))));
    }
    let title = lang.of("数目", "Counts");
    let mut table = table(
        title,
        &[(lang.of("是什么", "what"), ""), (lang.of("数目", "count"), "n"), (lang.of("说明", "note"), "")],
        rows,
    );
    table.cls = "tight".to_owned();
    if !told.first.is_empty() {
        table.notes.push(format!("{} {} … {}", lang.of("时间从", "times"), told.first, told.last));
    }
    panel("counts", title, table)
}

/// 受理, of `case.accepted.v1`.
fn kind(name: &str, lang: Lang) -> String {
    let plain = name.trim_start_matches("case.").trim_end_matches(".v1");
    let zh = FactKind::from_type(name).map(words::fact);
    zh.filter(|_| lang == Lang::Zh).map_or_else(|| plain.to_owned(), str::to_owned)
}

fn reasons(about: &UploadAbout, told: &UploadTold, here: &Address, lang: Lang) -> Panel {
    let one = |reason: &UploadReason| {
        row(vec![
            cell(if reason.column.is_empty() { lang.of("整行", "the row") } else { &reason.column }),
            number(&grouped(reason.rows)),
            number(&reason.first_line.to_string()),
            cell(&of(&reason.told, lang)),
        ])
    };
    let title = lang.of("拒绝的原因", "Why rows are refused");
    let heads = [
        (lang.of("列", "column"), ""),
        (lang.of("行数", "rows"), "n"),
        (lang.of("第一行在", "first in row"), "n"),
        (lang.of("原因", "reason"), ""),
    ];
    let mut all = panel("reasons", title, table(title, &heads, told.reasons.iter().map(one).collect()));
    all.links = vec![Link {
        href: at(here, &about.id, "rejects.csv").without(&["lang"]).href(),
        text: lang.of("下载被拒绝的行（CSV，带原因）", "the refused rows with their reasons, as CSV").to_owned(),
    }];
    let note = lang.of(
        "用 Excel 打开，改好以后照原样存成 CSV 再上传：前三列会自动跳过，映射自动沿用。",
        "Put them right there and upload that file: the three columns in front are skipped, and the mapping is taken by itself.",
    );
    all.tables[0].notes.push(note.to_owned());
    all
}

fn columns(told: &UploadTold, lang: Lang) -> Panel {
    let title = lang.of("值得看一眼的列", "Columns worth a look");
    let codes = |codes: &[(String, u64)]| {
        codes.iter().map(|(code, count)| format!("{code} {}", grouped(*count))).collect::<Vec<_>>().join("、")
    };
    let rows = told.columns.iter().map(|column| {
        row(vec![
            cell(&column.name),
            number(&format!("{}/{}", grouped(column.empty), grouped(column.rows))),
            number(&grouped(column.unknown)),
            cell(&codes(&column.codes)),
        ])
    });
    let heads = [
        (lang.of("列", "column"), ""),
        (lang.of("空着", "empty"), "n"),
        (lang.of("没有对应的取值", "values that nothing names"), "n"),
        (lang.of("例如", "such as"), ""),
    ];
    panel("columns-told", title, table(title, &heads, rows.collect()))
}

fn shown(told: &UploadTold, lang: Lang) -> Panel {
    let title = lang.of("最前面的几条事件", "The first events");
    let one = |event: &UploadShown| {
        let time = event.time.get(..19).unwrap_or(&event.time).replacen('T', " ", 1);
        let short = |text: &str| Cell { cls: "t".to_owned(), ..cell(text) };
        row(vec![short(&event.case_id), short(&kind(&event.kind, lang)), short(&time), cell(&event.data)])
    };
    let heads = [
        (lang.of("案件", "case"), ""),
        (lang.of("事件", "event"), ""),
        (lang.of("时间", "time"), ""),
        (lang.of("内容（个人信息不显示）", "data (nothing of persons)"), ""),
    ];
    panel("events", title, table(title, &heads, told.shown.iter().map(one).collect()))
}

/// Asks once more, with the numbers; what has changed meanwhile is not sent.
fn send(about: &UploadAbout, told: &UploadTold, here: &Address, lang: Lang) -> WebForm {
    let (events, rejected) = (grouped(told.sent()), grouped(told.rejected));
    let title = match (lang, told.rejected) {
        (Lang::Zh, 0) => format!("送出 {events} 条事件到业务流 {}？", about.stream),
        (Lang::Zh, _) => format!("送出 {events} 条事件到业务流 {}，{rejected} 行不送？", about.stream),
        (Lang::En, 0) => format!("Send {events} events to stream {}?", about.stream),
        (Lang::En, _) => {
            format!("Send {events} events to stream {}, without the rows refused ({rejected})?", about.stream)
        }
    };
    let form = WebForm::get("send", &title, &at(here, &about.id, "send").href(), lang.of("确认送出", "Send them"));
    let form = form.hide("at", &told.at.to_string()).hide("events", &told.sent().to_string());
    let note = lang.of(
        "送出后撤不回；错了要用更正或重新导出来改。谁、何时、多少，都记在审计里。",
        "What is sent is not taken back; what is wrong is mended by corrections. Who, when and how many stands in the audit.",
    );
    WebForm { method: "post".to_owned(), notes: vec![note.to_owned()], ..form }
}

fn keep(desk: &UploadDesk, about: &UploadAbout, here: &Address, lang: Lang) -> WebForm {
    let form = WebForm::get(
        "keep",
        lang.of("把映射存下来", "Keep the mapping"),
        &at(here, &about.id, "keep").href(),
        lang.of("存", "Keep"),
    );
    let names = desk.folder.names().join("、");
    let taken =
        if names.is_empty() { String::new() } else { format!("{}{names}", lang.of("已有：", "There are: ")) };
    let note = lang.of(
        "同样表头的下一个文件会自动沿用这个映射，不存也行。",
        "The next file with this header takes it by itself, kept or not.",
    );
    let form =
        form.input("text", "name", lang.of("名字", "name"), "", lang.of("例如 城管平台", "such as grid-platform"));
    let notes = [note.to_owned(), taken].into_iter().filter(|note| !note.is_empty()).collect();
    WebForm { method: "post".to_owned(), notes, ..form }
}
