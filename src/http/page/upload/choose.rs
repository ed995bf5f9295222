//! The first step: a file, its stream, perhaps a named mapping; and one's own uploads of the day.

use std::sync::Arc;

use super::{
    desk::{Upload, UploadDesk},
    streams,
    view::{PATH, UploadChoose, UploadPage, at},
    work::UploadWork,
};
use crate::{
    domain::time::Millis,
    http::page::{
        account::{cell, head},
        address::Address,
        part::{Panel, Row, State, Table},
        sheet::{elsewhere, link, select},
        site::Site,
        words::Lang,
    },
    report::count::grouped,
};

pub(super) fn page(
    site: &Site,
    desk: &Arc<UploadDesk>,
    here: &Address,
    lang: Lang,
    (owner, states): (&str, Vec<State>),
) -> UploadPage {
    let mut page = UploadPage::new(site, lang, here, "", 0);
    page.lead = lang
        .of(
            "把平台导出的 Excel 或 CSV 变成案件：先看、再核对、再试，确认后才送出。不懂映射也能用。",
            "An export of a platform, Excel or CSV, becomes cases: looked at, checked, tried, and sent only when you say so.",
        )
        .to_owned();
    page.states = states;
    page.choose = vec![choose(site, desk, here, lang)];
    let own = desk.of(owner);
    page.panels.extend((!own.is_empty()).then(|| uploads(site, &own, here, lang)));
    page
}

fn choose(site: &Site, desk: &UploadDesk, here: &Address, lang: Lang) -> UploadChoose {
    let zh = |name: &str| {
        let told = site.sources.streams.iter().find(|stream| stream.name == name);
        told.map_or_else(|| name.to_owned(), |stream| format!("{} {name}", lang.of(&stream.title.zh, &stream.title.en)))
    };
    let streams = streams(site).map(|stream| (stream.name.to_string(), zh(&stream.name)));
    let asked = (String::new(), lang.of("请选择", "choose").to_owned());
    let mut selects = vec![select("stream", lang.of("业务流", "stream"), "", std::iter::once(asked).chain(streams))];
    let names = desk.folder.names();
    if !names.is_empty() {
        let itself = (String::new(), lang.of("自动", "by itself").to_owned());
        let names = names.into_iter().map(|name| (name.clone(), name));
        selects.push(select("named", lang.of("存过的映射", "kept mapping"), "", std::iter::once(itself).chain(names)));
    }
    let mebibytes = desk.bytes_max >> 20;
    let note = match lang {
        Lang::Zh => format!(
            ".xlsx、.xls、.csv，可压缩成 .zip 或 .gz，最大 {mebibytes} MiB。文件只存在服务器上供导入，送出后即删，最多一天。"
        ),
        Lang::En => format!(
            ".xlsx, .xls or .csv, perhaps packed as .zip or .gz, {mebibytes} MiB at most. It is kept on the server for the import only, until it is sent, a day at most."
        ),
    };
    UploadChoose {
        action: elsewhere(here, PATH).href(),
        title: lang.of("选文件", "Choose a file").to_owned(),
        file: lang.of("文件", "file").to_owned(),
        selects,
        button: lang.of("上传", "Upload").to_owned(),
        notes: vec![note],
    }
}

fn uploads(site: &Site, own: &[Arc<Upload>], here: &Address, lang: Lang) -> Panel {
    let heads = [
        lang.of("文件", "file"),
        lang.of("业务流", "stream"),
        lang.of("大小", "size"),
        lang.of("上传时间", "uploaded"),
        lang.of("到哪一步", "state"),
    ];
    let row = |upload: &Arc<Upload>| {
        let about = upload.about();
        let (step, word) = stage(upload, lang);
        let name = if about.file_name.is_empty() { &about.id } else { &about.file_name };
        let zone = jiff::tz::TimeZone::get(&site.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let when = crate::http::page::frame::shown(Millis(about.at), &zone);
        let size = format!("{} KiB", grouped(about.bytes.div_ceil(1024)));
        let mut name = link(name, at(here, &about.id, step).href());
        name.is_head = true;
        let mut cells = vec![name, cell(&about.stream), cell(&size), cell(&when), cell(word)];
        cells.iter_mut().zip(heads).for_each(|(cell, head)| head.clone_into(&mut cell.label));
        Row { cells, ..Row::default() }
    };
    let title = lang.of("您今天的上传", "Your uploads of the day");
    Panel {
        id: "uploads".to_owned(),
        title: title.to_owned(),
        tables: vec![Table {
            caption: title.to_owned(),
            is_caption_hidden: true,
            cls: "stackable".to_owned(),
            cols: heads.map(|text| head(text, "")).into(),
            rows: own.iter().map(row).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    }
}

/// Where it goes on, and in words.
pub(super) fn stage(upload: &Upload, lang: Lang) -> (&'static str, &'static str) {
    let held = upload.held();
    let about = &held.about;
    match held.running {
        Some(UploadWork::Look) => ("", lang.of("正在读", "being read")),
        Some(UploadWork::Trial) => ("trial", lang.of("正在试", "being tried")),
        Some(UploadWork::Send) => ("sent", lang.of("正在送", "being sent")),
        None if about.is_sending => ("sent", lang.of("送到一半停了，请再送一次", "sending was cut off: send it again")),
        None => match (&about.sent, &about.trial) {
            (Some(sent), _) if sent.error.is_some() => ("sent", lang.of("没送完", "not sent to the end")),
            (Some(_), _) => ("sent", lang.of("已送出", "sent")),
            (None, Some(_)) => ("trial", lang.of("已试过", "tried")),
            (None, None) => ("", lang.of("已上传", "uploaded")),
        },
    }
}
