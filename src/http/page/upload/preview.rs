//! What was read of a file: encoding, sheet, header, the first rows; and where it was read wrongly, how to say so.

use super::{
    desk::{Upload, UploadDesk},
    masked,
    view::{UploadPage, at},
    work::UploadWork,
};
use crate::{
    feed::import::{ImportUnread, ProposeTable},
    http::page::{
        account::{cell, head, number},
        address::Address,
        frame::{Fact, Link},
        part::{Cell, Panel, Row, Table},
        sheet::{WebForm, state},
        site::Site,
        words::Lang,
    },
    report::count::grouped,
};

pub(super) fn page(site: &Site, desk: &UploadDesk, here: &Address, lang: Lang, upload: &Upload) -> UploadPage {
    let about = upload.about();
    let mut page = UploadPage::new(site, lang, here, &about.id, 1);
    page.json_twin(here, &about.id);
    page.lead.clone_from(&about.file_name);
    if let Some(work) = upload.running() {
        page.waits(upload, work, lang, here);
        if work == UploadWork::Look {
            return page;
        }
    }
    let read = upload.held().table.clone();
    match read {
        Some(Ok(table)) => {
            page.page.facts = facts(&table, lang);
            let meaning = desk.proposal(&about, &table, &site.zone).choices.columns;
            page.panels.push(rows(&table, &meaning, here, &about.id, lang));
            page.forms.push(wish(&table, here, &about.id, lang));
        }
        Some(Err(ImportUnread { zh, en })) => {
            let text = format!("{}。", zh);
            let text = lang.of(&text, &en).to_owned();
            page.states.push(state("failed", lang.of("这个文件读不了", "This file cannot be read"), text));
            page.forms.push(wish(&ProposeTable::default(), here, &about.id, lang));
        }
        None if about.sent.is_some() => {
            let mut sent = state("ok", lang.of("已经送出", "It was sent"), String::new());
            let href = at(here, &about.id, "sent").href();
            sent.links = vec![Link { href, text: lang.of("看结果", "see what came of it").to_owned() }];
            page.states.push(sent);
        }
        None => {}
    }
    page.drops.push(drop_it(here, &about.id, lang));
    page
}

fn facts(table: &ProposeTable, lang: Lang) -> Vec<Fact> {
    let fact = |k: &str, v: String| Fact { k: k.to_owned(), v, cls: String::new() };
    let mut facts = vec![fact(lang.of("行数", "rows"), grouped(table.rows))];
    match &table.how.sheet {
        Some(sheet) => facts.push(fact(lang.of("工作表", "sheet"), sheet.clone())),
        None => facts.push(fact(lang.of("编码", "encoding"), table.how.encoding.to_owned())),
    }
    if let Some(delimiter) = table.delimiter {
        let shown = if delimiter == '\t' { "Tab".to_owned() } else { delimiter.to_string() };
        facts.push(fact(lang.of("分隔符", "delimiter"), shown));
    }
    facts.push(fact(lang.of("表头在第", "header in row"), format!("{}{}", table.header_line, lang.of(" 行", ""))));
    if table.is_rejects {
        let text = lang.of("是：前三列跳过", "yes: its three columns in front are skipped");
        facts.push(fact(lang.of("改好的拒绝行", "mended rows"), text.to_owned()));
    }
    facts
}

fn rows(table: &ProposeTable, meaning: &[(String, String)], here: &Address, id: &str, lang: Lang) -> Panel {
    let title = lang.of("最前面几行", "The first rows");
    let shown = |cells: &[String]| {
        let of = |(cell_text, (name, meaning)): (&String, &(String, String))| Cell {
            cls: "t".to_owned(),
            ..cell(&masked::shown(cell_text, name, meaning))
        };
        cells.iter().zip(meaning).map(of).collect::<Vec<_>>()
    };
    let row = |(line, cells): &(u64, Vec<String>)| {
        let mut number = number(&line.to_string());
        number.is_head = true;
        let mut cells: Vec<_> = std::iter::once(number).chain(shown(cells)).collect();
        cells.resize_with(table.columns.len() + 1, Default::default);
        Row { cells, ..Row::default() }
    };
    let mut cols = vec![head(lang.of("行", "row"), "n")];
    cols.extend(table.columns.iter().map(|column| head(&column.name, "t")));
    let note = lang.of(
        "个人信息不显示（＊＊＊）。表头或编码不对，请在下面改。",
        "What is a person's is not shown (＊＊＊). Where the header is another row, say so below.",
    );
    Panel {
        id: "rows".to_owned(),
        title: title.to_owned(),
        links: vec![Link {
            href: at(here, id, "columns").href(),
            text: lang.of("对的，核对各列 →", "right: on to the columns →").to_owned(),
        }],
        tables: vec![Table {
            caption: title.to_owned(),
            is_caption_hidden: true,
            is_linkless: true,
            cols,
            rows: table.first.iter().map(row).collect(),
            notes: vec![note.to_owned()],
            ..Table::default()
        }],
        ..Panel::default()
    }
}

fn wish(table: &ProposeTable, here: &Address, id: &str, lang: Lang) -> WebForm {
    let line = if table.header_line > 0 { table.header_line.to_string() } else { String::new() };
    let form = WebForm::get(
        "wish",
        lang.of("读得不对？", "Read wrongly?"),
        &at(here, id, "").href(),
        lang.of("重新读", "Read it again"),
    );
    let mut form = form.hide("act", "look").input(
        "number",
        "header_line",
        lang.of("表头在第几行", "row of the header"),
        &line,
        "",
    );
    if table.sheets.len() > 1 {
        let sheets = table.sheets.iter().map(|name| (name.clone(), name.clone()));
        let chosen = table.how.sheet.clone().unwrap_or_default();
        form = form.select("sheet", lang.of("工作表", "sheet"), &chosen, sheets);
    }
    WebForm { method: "post".to_owned(), ..form }
}

pub(super) fn drop_it(here: &Address, id: &str, lang: Lang) -> WebForm {
    let form = WebForm::get(
        "drop",
        lang.of("不要了", "Not wanted any more"),
        &at(here, id, "").href(),
        lang.of("删掉这个上传", "Delete this upload"),
    );
    WebForm { method: "post".to_owned(), ..form.hide("act", "drop") }
}
