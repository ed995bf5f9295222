//! A case: its verdict in a sentence, what happened, each clock with what counted, the rule that judged it, and every message with its
//! place. `tongguan case explain` as a page.

mod about;
mod dues;
mod figures;
mod rule;

use std::iter;

use askama::Template;

use super::{
    account::{cell, head, number},
    address::Address,
    asked::lang,
    axis::{Axis, axis},
    figure::Pair,
    frame::{Fact, Page},
    part::{Cell, Panel, Row, Table},
    sheet::{abridged, more, only_takes, twins},
    site::Site,
    words::{Lang, Words},
};
use crate::{
    ask::{
        instant,
        unclear::{AskError, STREAM, Unclear, no_such},
    },
    domain::{
        case::Case,
        clock::Segment,
        event::{Event, Place},
        fold::watch::{Role, TakenFact, WatchedMessage},
        rules::Rules,
    },
    report::case::{CaseAsked, CaseTold, ClockTold, Shown, duration, facts, words as told_words},
    store::{
        case_row::{self, CaseRow},
        kpi::Dimension,
        ledger_read,
    },
};

#[derive(Debug, Template)]
#[template(path = "case.html")]
pub(super) struct CasePage {
    page: Page,
    one: One,
    axes: Vec<Axis>,
    figures: Vec<Panel>,
    messages: Vec<Panel>,
    t: &'static Words,
}

#[derive(Clone, Debug, Default)]
struct One {
    title: String,
    id: String,
    tone: String,
    mark: String,
    word: String,
    verdict: String,
    verdict_notes: Vec<String>,
    attributes: Vec<Attribute>,
    texts: Vec<LongText>,
    life: String,
    facts_sub: String,
    facts: Vec<Happened>,
    rule: Vec<Pair>,
    rules: Vec<Table>,
    dues: Vec<Table>,
    clocks_sub: String,
    clocks: Vec<Clock>,
}

#[derive(Clone, Debug, Default)]
struct Attribute {
    k: String,
    v: String,
    href: String,
    has_href: bool,
}

#[derive(Clone, Debug, Default)]
struct LongText {
    k: String,
    v: String,
}

#[derive(Clone, Debug, Default)]
struct Happened {
    id: String,
    no: usize,
    cls: String,
    at: String,
    name: String,
    what: String,
    href: String,
    place: String,
}

#[derive(Clone, Debug, Default)]
struct Clock {
    id: String,
    is_open: bool,
    name: String,
    verdict: String,
    tone: String,
    limit: String,
    tables: Vec<Table>,
}

/// A case as the ledger has it, and what is asked of it.
#[derive(Debug)]
pub(super) struct FoundCase<'a> {
    pub(super) lang: Lang,
    rules: &'a Rules,
    events: Vec<Event>,
    stored: Option<CaseRow>,
    asked: CaseAsked,
}

/// None: there is no such case.
pub(super) async fn found<'a>(
    site: &'a Site,
    here: &Address,
    (stream, case_id): (&str, &str),
) -> Result<Option<FoundCase<'a>>, AskError> {
    let lang = lang(here)?;
    only_takes(here, &["lang", "as-of"])?;
    let zone = crate::ask::zone(&site.zone)?;
    let as_of = here.get("as-of").map(|text| instant("as-of", text, &zone)).transpose()?;
    let Some(rules) = site.rules.get(stream) else {
        let names: Vec<&str> = site.rules.keys().map(smol_str::SmolStr::as_str).collect();
        return Err(no_such(STREAM, stream, &names).into());
    };
    let ids = [case_id];
    let (events, stored) = tokio::try_join!(
        ledger_read::of_cases(&site.store, &ids, &[]),
        case_row::of_case(&site.store, stream, case_id)
    )?;
    let events: Vec<Event> = events.into_iter().filter(|event| event.stream == stream).collect();
    let asked = CaseAsked { as_of, now: (site.now)(), zone };
    Ok((!events.is_empty()).then_some(FoundCase { lang, rules, events, stored, asked }))
}

/// How a case stands towards what a case worker's cases are told by, as the lists have it.
pub(super) fn stands(case: &Case, dimension: Dimension) -> String {
    let text = match dimension {
        Dimension::Unit if case.unit.is_empty() => &case.unit_name,
        Dimension::Unit => &case.unit,
        Dimension::Town => &case.attributes.town,
        _ => return String::new(),
    };
    text.to_string()
}

impl FoundCase<'_> {
    pub(super) fn told(&self) -> Result<CaseTold<'_>, Unclear> {
        let rows: Vec<&Event> = self.events.iter().collect();
        let told = CaseTold::of(self.rules, &rows, self.stored.clone(), &self.asked);
        told.ok_or(Unclear::NotYet)
    }
}

pub(super) fn page(site: &Site, here: &Address, told: &CaseTold<'_>, lang: Lang) -> CasePage {
    let case = &told.watched.case;
    let id = case.case_id.to_string();
    let mut page = Page::of(site, lang, here, ("case", shortened(&id)));
    page.twins = twins(here, &["json"]);
    page.facts =
        vec![Fact { k: lang.of("截至", "as of").to_owned(), v: told.shown().at(told.as_of), cls: String::new() }];
    CasePage {
        one: one(told, here, lang),
        axes: vec![axis(told, lang)],
        figures: figures::panel(here, told, lang).into_iter().collect(),
        messages: vec![messages(told, lang)],
        page,
        t: lang.words(),
    }
}

/// A head of a page holds so much.
fn shortened(text: &str) -> String {
    const MOST: usize = about::TITLE_MAX;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST - 1).chain(['…']).collect() }
}

fn one(told: &CaseTold<'_>, here: &Address, lang: Lang) -> One {
    let (case, shown) = (&told.watched.case, told.shown());
    let verdict = &told.verdict;
    let is_worse = matches!(verdict.word, "late" | "overdue");
    One {
        title: shortened(&case.title),
        id: case.case_id.to_string(),
        tone: if is_worse { "worse".to_owned() } else { String::new() },
        mark: if is_worse { "▲".to_owned() } else { "●".to_owned() },
        word: case
            .standing()
            .map_or(String::new(), |standing| lang.of(told_words::standing(standing), standing.name()).to_owned()),
        verdict: lang.of(&verdict.zh, &verdict.en).to_owned(),
        verdict_notes: verdict.notes.iter().map(|(zh, en)| lang.of(zh, en).to_owned()).collect(),
        attributes: about::attributes(told, here, lang),
        texts: about::texts(told, lang),
        life: told
            .life
            .as_ref()
            .map_or(String::new(), |life| format!("{} – {}", shown.at(life.from), shown.at(life.until))),
        facts_sub: told.watched.facts.len().to_string(),
        facts: told.watched.facts.iter().enumerate().map(|(index, fact)| happened(index, fact, &shown, lang)).collect(),
        rule: rule::pairs(told, lang),
        rules: rule::others(told, lang).into_iter().collect(),
        dues: dues::of_case(told, lang).into_iter().collect(),
        clocks_sub: told.clocks.len().to_string(),
        clocks: told.clocks.iter().enumerate().map(|(index, one)| clock(index, one, told, lang)).collect(),
    }
}

fn happened(index: usize, taken: &TakenFact, shown: &Shown<'_>, lang: Lang) -> Happened {
    let event = &taken.event;
    let kind = event.fact.kind();
    Happened {
        id: format!("f{}", index + 1),
        no: index + 1,
        cls: if taken.is_irregular { "bad".to_owned() } else { String::new() },
        at: shown.at(event.occurred_at),
        name: lang.of(told_words::fact(kind), kind.name()).to_owned(),
        what: facts::detail(&event.fact, shown),
        href: "#messages".to_owned(),
        place: place(&event.place),
    }
}

fn place(place: &Place) -> String {
    format!("{}[{}]@{}", place.topic, place.partition, place.offset)
}

fn clock(index: usize, one: &ClockTold, told: &CaseTold<'_>, lang: Lang) -> Clock {
    let shown = told.shown();
    let trail = &one.trail;
    let whose = one.whose.as_ref().map(|(unit, name)| if name.is_empty() { unit } else { name });
    let sentence = one.sentence(told.as_of, &shown);
    let is_worse = trail.last().is_some_and(|last| last.reading.ever_red) && sentence.is_some();
    let none = lang.of("不评判", "without a verdict").to_owned();
    Clock {
        id: format!("clock-{index}"),
        is_open: trail.is_main,
        name: format!(
            "{} {}",
            lang.of(trail.name.title_zh(), trail.name.name()),
            whose.map_or("", |whose| whose.as_str())
        ),
        verdict: sentence.map_or(none, |(zh, en)| lang.of(&zh, &en).to_owned()),
        tone: if is_worse { "worse".to_owned() } else { String::new() },
        limit: one.hours.clone(),
        tables: iter::once(segments(one, &shown, lang)).chain(dues::of_clock(one, told, lang)).collect(),
    }
}

fn segments(one: &ClockTold, shown: &Shown<'_>, lang: Lang) -> Table {
    let row = |segment: &Segment| {
        let (_, zh, en) = told_words::segment(&segment.kind);
        Row {
            cells: vec![
                cell(&shown.on_day(segment.from)),
                cell(&shown.on_day(segment.until)),
                cell(lang.of(&zh, &en)),
                number(&duration::work(segment.worked)),
            ],
            ..Row::default()
        }
    };
    let others = |between: &[Segment]| {
        let ends = [between.first().map(|one| one.from), between.last().map(|one| one.until)];
        let [from, until] = ends.map(|at| at.map_or(String::new(), |at| shown.on_day(at)));
        let worked = between.iter().map(|one| one.worked).sum();
        let texts = [from, until, more(between.len(), lang)].map(|text| cell(&text));
        Row { cells: texts.into_iter().chain([number(&duration::work(worked))]).collect(), ..Row::default() }
    };
    let heads = [
        (lang.of("从", "from"), ""),
        (lang.of("到", "to"), ""),
        (lang.of("分段", "segment"), ""),
        (lang.of("工作时间", "worked"), "n"),
    ];
    Table {
        caption: lang.of("分段", "segments").to_owned(),
        is_caption_hidden: true,
        is_linkless: true,
        cols: heads.map(|(text, cls)| head(text, cls)).into(),
        rows: abridged(&one.segments, row, others),
        ..Table::default()
    }
}

fn messages(told: &CaseTold<'_>, lang: Lang) -> Panel {
    let shown = told.shown();
    let row = |message: &WatchedMessage<'_>| {
        let event = message.event;
        let role = match message.role {
            Role::First => "",
            Role::Duplicate => lang.of("重复", "duplicate"),
            Role::Conflict => lang.of("冲突，不计", "conflict"),
        };
        let kind = event.fact.kind();
        Row {
            cells: vec![
                Cell { is_head: true, ..cell(lang.of(told_words::fact(kind), kind.name())) },
                cell(&shown.at(event.occurred_at)),
                cell(&event.recorded_at.map(|at| shown.at(at)).unwrap_or_default()),
                cell(&shown.at(event.ingested_at)),
                cell(&place(&event.place)),
                cell(&event.source),
                cell(role),
            ],
            ..Row::default()
        }
    };
    let others = |between: &[WatchedMessage<'_>]| {
        let text = Cell { is_head: true, ..cell(&more(between.len(), lang)) };
        Row { cells: iter::once(text).chain((0..6).map(|_| cell(""))).collect(), ..Row::default() }
    };
    let heads = [
        lang.of("事件", "event"),
        lang.of("发生", "occurred"),
        lang.of("记录", "recorded"),
        lang.of("接收", "taken in"),
        lang.of("位置", "place"),
        lang.of("来源系统", "source"),
        "",
    ];
    Panel {
        id: "messages".to_owned(),
        title: lang.of("消息", "Messages").to_owned(),
        sub: told.messages.len().to_string(),
        tables: vec![Table {
            caption: lang.of("消息", "Messages").to_owned(),
            is_caption_hidden: true,
            is_linkless: true,
            cols: heads.map(|text| head(text, "")).into(),
            rows: abridged(&told.messages, row, others),
            ..Table::default()
        }],
        ..Panel::default()
    }
}
