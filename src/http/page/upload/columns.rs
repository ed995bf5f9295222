//! What each column is: as proposed, as chosen, or as a mapping that is there already says.

use super::{
    desk::{Upload, UploadDesk},
    kept::{UploadAbout, UploadFrom, UploadMapping},
    masked,
    view::{UploadCodes, UploadColumns, UploadPage, UploadRow, UploadText, at, pick},
};
use crate::{
    feed::import::{
        ASKED, MEANINGS, Mapping, Proposal, ProposeChoices, ProposeColumn, ProposeLine, ProposeNote, ProposeTable,
        complete, propose_options, propose_title,
    },
    http::page::{
        account::{cell, head},
        address::Address,
        form::Fields,
        frame::{Fact, Link, Select},
        part::{Panel, Row, State, Table},
        sheet::{select, state},
        site::Site,
        words::Lang,
    },
    report::count::grouped,
};

/// Values of a column that are shown.
const VALUES_SHOWN: usize = 3;

/// What a form of columns says, of a table that is there.
pub(super) struct UploadChosen {
    pub(super) choices: ProposeChoices,
    /// Codes came up that the form did not show.
    pub(super) has_new_codes: bool,
}

/// Reads the form; what it does not say stays as it was.
pub(super) fn read(before: &ProposeChoices, table: &ProposeTable, fields: &Fields) -> UploadChosen {
    let mut choices = before.clone();
    let known = |id: &str| id.is_empty() || id == ASKED || MEANINGS.iter().any(|meaning| meaning.id == id);
    choices.columns = table.columns.iter().map(|column| (column.name.clone(), String::new())).collect();
    for (place, (_, meaning)) in choices.columns.iter_mut().enumerate() {
        let said = fields.get(&format!("c{place}"));
        if known(said) {
            said.clone_into(meaning);
        }
    }
    let text = |name: &str, old: &str| match fields.get(name).trim() {
        "" => old.to_owned(),
        said => said.to_owned(),
    };
    choices.timezone = text("timezone", &before.timezone);
    choices.source = text("source", &before.source);
    choices.order = text("order", &before.order);
    choices.values.retain(|meaning, _| choices.columns.iter().any(|(_, id)| id == meaning));
    for (meaning, codes) in &mut choices.values {
        for (code, becomes) in codes.iter_mut() {
            if let Some(said) = fields.find(&field_of(meaning, code)).filter(|said| is_option(meaning, said)) {
                said.clone_into(becomes);
            }
        }
    }
    let count = |choices: &ProposeChoices| choices.values.values().map(|codes| codes.len()).sum::<usize>();
    let shown = count(&choices);
    complete(table, &mut choices);
    UploadChosen { has_new_codes: count(&choices) > shown, choices }
}

fn is_option(meaning: &str, said: &str) -> bool {
    said == ASKED || propose_options(meaning).iter().any(|(value, ..)| *value == said)
}

fn field_of(meaning: &str, code: &str) -> String {
    format!("v:{meaning}:{code}")
}

/// The form, with what is asked and missing above it.
pub(super) fn of_choices(
    page: &mut UploadPage,
    proposal: &Proposal,
    table: &ProposeTable,
    (choices, notes): (&ProposeChoices, &[ProposeNote]),
    (here, id, lang): (&Address, &str, Lang),
) {
    let questions = notes.iter().filter(|note| note.is_question());
    page.states
        .extend(questions.map(|note| state("failed", lang.of("请您决定", "To be decided"), pick(note.told(), lang))));
    let needed = choices.lacks().into_iter().filter(|lack| {
        use crate::feed::import::ProposeLack::{NoCaseId, NoTime, Twice, Zone};
        matches!(lack, NoCaseId | NoTime | Twice(_) | Zone(_))
    });
    page.states.extend(needed.map(|lack| state("failed", lang.of("还缺", "Missing"), pick(lack.told(), lang))));
    let others: Vec<String> =
        notes.iter().filter(|note| !note.is_question()).map(|note| pick(note.told(), lang)).collect();
    if !others.is_empty() {
        let text = others.join(lang.of("；", "; "));
        page.states.push(state("info", lang.of("请知悉", "To be known"), text));
    }
    let lines = table.columns.iter().zip(&choices.columns).zip(&proposal.lines).enumerate();
    let rows = lines.map(|(place, ((column, (_, meaning)), line))| row(place, column, meaning, line, lang));
    let text = |zh, en| lang.of(zh, en).to_owned();
    page.columns.push(UploadColumns {
        action: at(here, id, "columns").href(),
        title: text("每一列是什么", "What each column is"),
        heads: [text("列", "column"), text("看到的取值", "values"), text("是什么", "is"), text("把握", "how sure")],
        rows: rows.collect(),
        codes: codes(choices, lang),
        others: order(choices, lang),
        others_title: text("时间和来源", "Times and source"),
        timezone: (text("时区", "time zone"), choices.timezone.clone()),
        source: (
            text("来源标识（同一平台不要改）", "source (never change it for one platform)"),
            choices.source.clone(),
        ),
        button: text("试一遍", "Try it"),
        again: text("刷新取值", "Refresh the codes"),
    });
}

fn row(place: usize, column: &ProposeColumn, meaning: &str, line: &ProposeLine, lang: Lang) -> UploadRow {
    let none = (String::new(), lang.of("不导入", "leave out").to_owned());
    let asked = (ASKED.to_owned(), lang.of("请选择", "choose").to_owned());
    let all = MEANINGS.iter().map(|one| (one.id.to_owned(), lang.of(one.zh, one.en).to_owned()));
    let first = if meaning == ASKED { vec![asked, none] } else { vec![none] };
    let sure = line.sure.filter(|_| line.could_be.contains(&meaning));
    UploadRow {
        name: column.name.clone(),
        values: values(column, meaning, lang),
        select: select(&format!("c{place}"), &column.name, meaning, first.into_iter().chain(all)),
        sure: sure.map_or("", |sure| pick_static(sure.told(), lang)).to_owned(),
        cls: match meaning {
            "" => "dim",
            ASKED => "asked",
            _ => "",
        }
        .to_owned(),
    }
}

fn pick_static((zh, en): (&'static str, &'static str), lang: Lang) -> &'static str {
    if lang == Lang::Zh { zh } else { en }
}

fn values(column: &ProposeColumn, meaning: &str, lang: Lang) -> String {
    if column.filled == 0 {
        return lang.of("（全空）", "(empty)").to_owned();
    }
    if masked::is_hidden(&column.name, meaning) {
        return masked::HIDDEN.to_owned();
    }
    let all = column.values.all();
    let shown: Vec<String> =
        all.iter().take(VALUES_SHOWN).map(|(text, _)| masked::shown(text, &column.name, meaning)).collect();
    let rows = grouped(column.filled);
    match shown.is_empty() {
        true => lang.of(&format!("{rows} 行，各不相同"), &format!("{rows} rows, all different")).to_owned(),
        false if all.len() > VALUES_SHOWN => format!("{} …", shown.join("、")),
        false => shown.join("、"),
    }
}

fn codes(choices: &ProposeChoices, lang: Lang) -> Vec<UploadCodes> {
    let shown = choices.values.iter().filter(|(_, codes)| !codes.is_empty());
    let of = |(meaning, codes): (&String, &std::collections::BTreeMap<String, String>)| {
        let options = |becomes: &str| {
            let asked = (becomes == ASKED).then(|| (ASKED.to_owned(), lang.of("请选择", "choose").to_owned()));
            let all = propose_options(meaning).iter();
            let all = all.map(|(value, zh, en)| ((*value).to_owned(), lang.of(zh, en).to_owned()));
            asked.into_iter().chain(all).collect::<Vec<_>>()
        };
        let one =
            |(code, becomes): (&String, &String)| select(&field_of(meaning, code), code, becomes, options(becomes));
        let title = pick_static(propose_title(meaning), lang);
        UploadCodes {
            id: format!("codes-{}", meaning.replace('.', "-")),
            title: lang
                .of(&format!("“{title}”里的取值各是什么意思"), &format!("What the codes of {title} mean"))
                .to_owned(),
            selects: codes.iter().map(one).collect(),
        }
    };
    shown.map(of).collect()
}

fn order(choices: &ProposeChoices, lang: Lang) -> Vec<Select> {
    if choices.either.is_empty() {
        return Vec::new();
    }
    let option = |value: &str, zh, en| (value.to_owned(), lang.of(zh, en).to_owned());
    let mut options = vec![
        option("day", "日/月/年（03/04 是 4 月 3 日）", "day first (03/04 is 3 April)"),
        option("month", "月/日/年（03/04 是 3 月 4 日）", "month first (03/04 is 4 March)"),
    ];
    if choices.order == ASKED {
        options.insert(0, option(ASKED, "请选择", "choose"));
    }
    vec![select("order", lang.of("日期的写法", "dates are written"), &choices.order, options)]
}

/// By a mapping that is there: which columns it takes, and how to do without it.
pub(super) fn of_text(
    page: &mut UploadPage,
    (from, text): (&UploadFrom, &str),
    (about, table): (&UploadAbout, &ProposeTable),
    parsed: &Result<Mapping, Vec<String>>,
    (here, lang): (&Address, Lang),
) {
    let from = match from {
        UploadFrom::Last => lang
            .of("上次用同样表头的文件送出时的映射", "the mapping by which a file with this header was sent last")
            .to_owned(),
        UploadFrom::Named(name) => format!("{} {name}", lang.of("存过的映射", "the kept mapping")),
        UploadFrom::Known(name) => format!("{} {name}", lang.of("认得的平台：", "a known platform:")),
        UploadFrom::Own => lang.of("您写的映射", "the mapping that you wrote").to_owned(),
    };
    page.page.facts.push(Fact { k: lang.of("按", "by").to_owned(), v: from, cls: String::new() });
    let by_hand = Link {
        href: at(here, &about.id, "columns").with("by", "names").href(),
        text: lang.of("不用它，一列一列地选", "not by it: choose column by column").to_owned(),
    };
    match parsed {
        Ok(mapping) => page.panels.push(taken(mapping, table, by_hand, lang)),
        Err(problems) => {
            let title = lang.of("这个映射用不了", "This mapping cannot be used");
            let mut broken = state("failed", title, lang.of("见下面的说明", "as said below").to_owned());
            broken.links = vec![by_hand];
            page.states.push(broken);
            let problems = problems.clone();
            page.texts.push(UploadText { problems, ..text_form(text, about, here, lang, true) });
            return;
        }
    }
    page.texts.push(text_form(text, about, here, lang, false));
}

fn taken(mapping: &Mapping, table: &ProposeTable, by_hand: Link, lang: Lang) -> Panel {
    let names: Vec<&str> = mapping.column_names().collect();
    let (yes, no) = (lang.of("导入", "taken"), lang.of("不导入", "left out"));
    let row = |column: &ProposeColumn| {
        let is_taken = names.contains(&column.name.as_str());
        let mut name = cell(&column.name);
        name.is_head = true;
        let values = values(column, "", lang);
        let cls = if is_taken { "" } else { "dim" }.to_owned();
        Row { cls, cells: vec![name, cell(&values), cell(if is_taken { yes } else { no })] }
    };
    let heads = [lang.of("列", "column"), lang.of("看到的取值", "values"), lang.of("怎么办", "is")];
    let title = lang.of("哪些列会导入", "Which columns are taken");
    Panel {
        id: "taken".to_owned(),
        title: title.to_owned(),
        links: vec![by_hand],
        tables: vec![Table {
            caption: title.to_owned(),
            is_caption_hidden: true,
            is_linkless: true,
            cols: heads.map(|text| head(text, "")).into(),
            rows: table.columns.iter().map(row).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    }
}

/// The mapping itself, for who can read it.
pub(super) fn text_form(text: &str, about: &UploadAbout, here: &Address, lang: Lang, is_open: bool) -> UploadText {
    UploadText {
        action: at(here, &about.id, "mapping").href(),
        title: lang.of("映射原文（TOML，给懂的人改）", "The mapping itself (TOML, for who can read it)").to_owned(),
        note: lang.of("写法见 docs/import.md。", "docs/import.md says how it is written.").to_owned(),
        problems: Vec::new(),
        text: text.to_owned(),
        button: lang.of("按这个映射试一遍", "Try it by this mapping").to_owned(),
        is_open,
    }
}

/// By hand where that is asked for, else by what fits. `faults`: of a mapping that was just read, and cannot be used.
pub(super) fn page(
    site: &Site,
    desk: &UploadDesk,
    (here, lang): (&Address, Lang),
    (upload, table): (&Upload, &ProposeTable),
    (states, faults): (Vec<State>, Option<Vec<String>>),
) -> UploadPage {
    let about = upload.about();
    let mut page = UploadPage::new(site, lang, here, &about.id, 2);
    page.json_twin(here, &about.id);
    page.lead.clone_from(&about.file_name);
    page.states = states;
    let proposal = desk.proposal(&about, table, &site.zone);
    let by_names = here.get("by") == Some("names");
    match desk.mapping(&about, table, &site.zone) {
        UploadMapping::Text { from, text } if !by_names => {
            let parsed = faults.map_or_else(|| desk.parsed(&about, &text), Err);
            of_text(&mut page, (&from, &text), (&about, table), &parsed, (here, lang));
        }
        UploadMapping::Chosen(mut choices) => {
            // What was asked of the names is still asked.
            let mut notes: Vec<ProposeNote> =
                proposal.notes.iter().filter(|note| is_open(note, &choices)).cloned().collect();
            notes.extend(complete(table, &mut choices));
            notes.dedup();
            of_choices(&mut page, &proposal, table, (&choices, &notes), (here, &about.id, lang));
            page.texts.push(text_form(&choices.mapping(), &about, here, lang, false));
        }
        UploadMapping::Text { .. } => {
            let (choices, notes) = (&proposal.choices, &proposal.notes[..]);
            of_choices(&mut page, &proposal, table, (choices, notes), (here, &about.id, lang));
        }
    }
    page
}

/// A question about columns of which something is still to be chosen.
fn is_open(note: &ProposeNote, choices: &ProposeChoices) -> bool {
    let is_asked = |name: &String| choices.columns.iter().any(|(column, id)| column == name && id == ASKED);
    match note {
        ProposeNote::SameAs { columns, .. } => columns.iter().any(is_asked),
        ProposeNote::Either { column, .. } => is_asked(column),
        ProposeNote::NotTimes { .. } => true,
        _ => false,
    }
}
