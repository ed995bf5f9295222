//! What the pages of an upload are made of.

use askama::Template;

use super::{
    desk::{Upload, UploadBusy},
    receive::UploadRefusal,
    work::UploadWork,
};
use crate::{
    http::page::{
        address::Address,
        frame::{Again, Link, Page, Select},
        part::{Chip, Chips, Panel, State},
        sheet::{WebForm, elsewhere, state},
        site::Site,
        words::{Lang, Words},
    },
    report::count::grouped,
};

#[derive(Debug, Template)]
#[template(path = "upload.html")]
pub(super) struct UploadPage {
    pub(super) page: Page,
    pub(super) lead: String,
    pub(super) steps: Vec<Chips>,
    pub(super) states: Vec<State>,
    pub(super) choose: Vec<UploadChoose>,
    pub(super) panels: Vec<Panel>,
    pub(super) columns: Vec<UploadColumns>,
    pub(super) texts: Vec<UploadText>,
    pub(super) forms: Vec<WebForm>,
    /// Away with it.
    pub(super) drops: Vec<WebForm>,
    pub(super) t: &'static Words,
}

/// The form that takes a file.
#[derive(Clone, Debug, Default)]
pub(super) struct UploadChoose {
    pub(super) action: String,
    pub(super) title: String,
    pub(super) file: String,
    pub(super) selects: Vec<Select>,
    pub(super) button: String,
    pub(super) notes: Vec<String>,
}

/// The form in which each column is said to be something.
#[derive(Clone, Debug, Default)]
pub(super) struct UploadColumns {
    pub(super) action: String,
    pub(super) title: String,
    pub(super) heads: [String; 4],
    pub(super) rows: Vec<UploadRow>,
    pub(super) codes: Vec<UploadCodes>,
    pub(super) others: Vec<Select>,
    pub(super) others_title: String,
    pub(super) timezone: (String, String),
    pub(super) source: (String, String),
    pub(super) button: String,
    pub(super) again: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct UploadRow {
    pub(super) name: String,
    pub(super) values: String,
    pub(super) select: Select,
    pub(super) sure: String,
    pub(super) cls: String,
}

/// What each code of a column means.
#[derive(Clone, Debug, Default)]
pub(super) struct UploadCodes {
    pub(super) id: String,
    pub(super) title: String,
    /// Labelled by the code.
    pub(super) selects: Vec<Select>,
}

/// A mapping as a text.
#[derive(Clone, Debug, Default)]
pub(super) struct UploadText {
    pub(super) action: String,
    pub(super) title: String,
    pub(super) note: String,
    /// Why it cannot be used.
    pub(super) problems: Vec<String>,
    pub(super) text: String,
    pub(super) button: String,
    pub(super) is_open: bool,
}

/// Seconds until a page of what is under way asks again.
const AGAIN_S: i64 = 2;
pub(super) const PATH: &str = "/upload";

pub(super) fn at(here: &Address, id: &str, step: &str) -> Address {
    let path = if step.is_empty() { format!("{PATH}/{id}") } else { format!("{PATH}/{id}/{step}") };
    elsewhere(here, &path)
}

impl UploadPage {
    pub(super) fn new(site: &Site, lang: Lang, here: &Address, id: &str, step: usize) -> Self {
        let title = lang.of("上传文件", "Upload a file").to_owned();
        let page = Page::of(site, lang, here, ("upload", title));
        Self {
            page,
            lead: String::new(),
            // What lies ahead has no address before there is a file.
            steps: if id.is_empty() { Vec::new() } else { vec![steps(lang, here, id, step)] },
            states: Vec::new(),
            choose: Vec::new(),
            panels: Vec::new(),
            columns: Vec::new(),
            texts: Vec::new(),
            forms: Vec::new(),
            drops: Vec::new(),
            t: lang.words(),
        }
    }

    /// Something is under way: how far it is, and the page asks again.
    pub(super) fn waits(&mut self, upload: &Upload, work: UploadWork, lang: Lang, here: &Address) {
        let progress = &upload.progress;
        let (rows, events) = (grouped(progress.rows()), grouped(progress.events()));
        let percent = (progress.bytes() * 100 / upload.about().bytes.max(1)).min(100);
        let (title, text) = match work {
            UploadWork::Look => (
                lang.of("正在读文件", "The file is read"),
                lang.of(&format!("已读 {rows} 行"), &format!("{rows} rows so far")).to_owned(),
            ),
            UploadWork::Trial => (
                lang.of("正在试：每一行都走一遍，不送出", "It is tried: every row, and nothing is sent"),
                lang.of(&format!("已试 {rows} 行，约 {percent} %"), &format!("{rows} rows so far, about {percent} %"))
                    .to_owned(),
            ),
            UploadWork::Send => (
                lang.of("正在送出", "It is sent"),
                lang.of(
                    &format!("已送 {events} 条事件，{rows} 行，约 {percent} %"),
                    &format!("{events} events of {rows} rows so far, about {percent} %"),
                )
                .to_owned(),
            ),
        };
        let link = Link { href: here.href(), text: lang.of("看看到哪了", "see how far it is").to_owned() };
        let sign = "…".to_owned();
        self.states.push(State {
            kind: "loading".to_owned(),
            sign,
            title: title.to_owned(),
            text,
            links: vec![link],
            is_busy: true,
        });
        self.page.again = vec![Again { seconds: AGAIN_S }];
    }

    pub(super) fn json_twin(&mut self, here: &Address, id: &str) {
        self.page.twins = crate::http::page::sheet::twins(&at(here, id, ""), &["json"]);
    }
}

fn steps(lang: Lang, here: &Address, id: &str, step: usize) -> Chips {
    let all = [
        ("", lang.of("① 选文件", "① File")),
        ("", lang.of("② 预览", "② Preview")),
        ("columns", lang.of("③ 核对各列", "③ Columns")),
        ("trial", lang.of("④ 试一遍", "④ Trial")),
        ("sent", lang.of("⑤ 送出", "⑤ Send")),
    ];
    let chip = |(place, (path, text)): (usize, (&str, &str))| Chip {
        href: if place == 0 { elsewhere(here, PATH).href() } else { at(here, id, path).href() },
        text: text.to_owned(),
        is_here: place == step,
        ..Chip::default()
    };
    Chips { label: String::new(), chips: all.into_iter().enumerate().map(chip).collect() }
}

/// In the language of the page.
pub(super) fn pick((zh, en): (String, String), lang: Lang) -> String {
    if lang == Lang::Zh { zh } else { en }
}

pub(super) fn busy(busy: UploadBusy, lang: Lang) -> State {
    let (zh, en) = match busy {
        UploadBusy::OwnMax(most) => (
            format!("您已有 {most} 个上传的文件。请先在下面删掉不用的。"),
            format!("You have {most} files here already. Delete one below first."),
        ),
        UploadBusy::AllMax => (
            "服务器上的上传已满，请稍后再试（一天后自动清理）。".to_owned(),
            "The server holds as many uploads as it may; try later, they are deleted after a day.".to_owned(),
        ),
        UploadBusy::Coming => (
            "正在上传的文件太多，请过一会儿再传。".to_owned(),
            "Too many files come in at once; try again in a moment.".to_owned(),
        ),
        UploadBusy::Another => (
            "您有一个文件正在处理，请等它完成。".to_owned(),
            "Another of your files is under way; wait until it is done.".to_owned(),
        ),
    };
    state("failed", lang.of("现在不行", "Not just now"), pick((zh, en), lang))
}

pub(super) fn refused(refusal: &UploadRefusal, mebibytes: u64, lang: Lang) -> State {
    let title = lang.of("没有收下", "Not taken");
    let text = match refusal {
        UploadRefusal::NoFile => ("没有选文件。".to_owned(), "No file was chosen.".to_owned()),
        UploadRefusal::Empty => ("文件是空的。".to_owned(), "The file is empty.".to_owned()),
        UploadRefusal::TooLarge => (
            format!(
                "文件超过 {mebibytes} MiB。请按月或按街镇分成几个文件，或压缩（.zip、.gz）后再传；上限在 page.upload_mb。"
            ),
            format!(
                "The file is larger than {mebibytes} MiB. Split it by months or towns, or pack it (.zip, .gz); page.upload_mb is the bound."
            ),
        ),
        UploadRefusal::NoStream(unclear) => (unclear.told(Lang::Zh.wording()), unclear.told(Lang::En.wording())),
        UploadRefusal::Busy(why) => return busy(*why, lang),
        UploadRefusal::Strange => (
            "这个表单不是从本页面发出的，没有执行。请回到页面重试。".to_owned(),
            "This form was not sent by a page of ours, and nothing was done.".to_owned(),
        ),
        UploadRefusal::Broken => (
            "文件没有传完就断了。请再传一次。".to_owned(),
            "It broke off before all of it had come. Upload it again.".to_owned(),
        ),
        UploadRefusal::Disk(_) => (
            "服务器存不下这个文件，详情在日志里。请联系运维。".to_owned(),
            "The server cannot keep the file; its log says why.".to_owned(),
        ),
    };
    state("failed", title, pick(text, lang))
}
