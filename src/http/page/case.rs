//! A case: its verdict in a sentence, what happened, each clock with what counted, the rule that judged it, and every message with its
//! place. `tongguan case explain` as a page.

use std::sync::Arc;

use askama::Template;

use super::{
    account::{cell, head, number},
    address::Address,
    asked::lang,
    figure::Pair,
    frame::{Fact, Page, Twin},
    part::{Cell, Panel, Row, State, Table},
    site::Site,
    words::{Lang, Words},
};
use crate::{
    ask::{
        instant,
        unclear::{AskError, Unclear, no_such},
    },
    domain::{
        case::Case,
        clock::Segment,
        event::{Event, Place},
        fold::watch::{Role, TakenFact, WatchedMessage},
    },
    http::auth,
    report::case::{CaseAsked, CaseTold, ClockTold, Shown, facts, words as told_words},
    store::{case_row, kpi::Dimension, ledger_read},
};

#[derive(Debug, Template)]
#[template(path = "case.html")]
pub(super) struct CasePage {
    page: Page,
    one: One,
    figures: Vec<Panel>,
    messages: Vec<Panel>,
    t: &'static Words,
}

#[derive(Clone, Debug, Default)]
struct One {
    title: String,
    id: String,
    states: Vec<State>,
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
    is_open: bool,
}

#[derive(Clone, Debug, Default)]
struct Happened {
    id: String,
    no: usize,
    cls: String,
    at: String,
    name: String,
    what: String,
    has_place: bool,
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

/// What an answer is made from, with what borrows from it.
pub(super) async fn told<T>(
    site: &Arc<Site>,
    here: &Address,
    (stream, case_id): (&str, &str),
    show: impl FnOnce(&CaseTold<'_>, Lang) -> T,
) -> Result<Option<T>, AskError> {
    let lang = lang(here)?;
    let known = ["lang", "as-of"];
    if let Some((name, _)) = here.pairs().find(|(name, _)| !known.contains(name)) {
        return Err(no_such("parameter", name, &known).into());
    }
    let zone = crate::ask::zone(&site.zone)?;
    let as_of = here.get("as-of").map(|text| instant("--as-of", text, &zone)).transpose()?;
    let Some(rules) = site.rules.get(stream) else {
        let names: Vec<&str> = site.rules.keys().map(smol_str::SmolStr::as_str).collect();
        return Err(no_such("stream", stream, &names).into());
    };
    let ids = [case_id];
    let (events, stored) = tokio::try_join!(
        ledger_read::of_cases(&site.store, &ids, &[]),
        case_row::of_case(&site.store, stream, case_id)
    )?;
    let events: Vec<Event> = events.into_iter().collect();
    let rows: Vec<&Event> = events.iter().filter(|event| event.stream == stream).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let asked = CaseAsked { as_of, now: (site.now)(), zone };
    match CaseTold::of(rules, &rows, stored, &asked) {
        Some(told) => Ok(Some(show(&told, lang))),
        // That it is there at all is not told to who may not see it.
        None if auth::is_narrowed() => Ok(None),
        None => Err(Unclear(format!("nothing of the case `{case_id}` had happened by then: --as-of")).into()),
    }
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

pub(super) fn page(site: &Site, here: &Address, told: &CaseTold<'_>, lang: Lang) -> CasePage {
    let case = &told.watched.case;
    let id = case.case_id.to_string();
    let mut page = Page::of(site, lang, here, ("case", shortened(&id)));
    page.twins = vec![Twin {
        mime: "application/json".to_owned(),
        href: here.at(&format!("{}.json", here.path)).without(&["lang"]).href(),
        text: "JSON".to_owned(),
    }];
    page.facts =
        vec![Fact { k: lang.of("截至", "as of").to_owned(), v: told.shown().at(told.as_of), cls: String::new() }];
    CasePage { one: one(told, lang), figures: Vec::new(), messages: vec![messages(told, lang)], page, t: lang.words() }
}

/// A head of a page holds so much.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST - 1).chain(['…']).collect() }
}

fn one(told: &CaseTold<'_>, lang: Lang) -> One {
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
        attributes: attributes(case, lang),
        texts: long(case, lang),
        life: told
            .life
            .as_ref()
            .map_or(String::new(), |life| format!("{} – {}", shown.at(life.from), shown.at(life.until))),
        facts_sub: told.watched.facts.len().to_string(),
        facts: told.watched.facts.iter().enumerate().map(|(index, fact)| happened(index, fact, &shown, lang)).collect(),
        rule: rule(told, lang),
        clocks_sub: told.clocks.len().to_string(),
        clocks: told.clocks.iter().enumerate().map(|(index, one)| clock(index, one, told, lang)).collect(),
        ..One::default()
    }
}

/// What was said of it, and no free text.
fn attributes(case: &Case, lang: Lang) -> Vec<Attribute> {
    let of = &case.attributes;
    let all = [
        (lang.of("类型", "kind"), of.kind.as_str()),
        (lang.of("分类", "category"), if of.category_name.is_empty() { &of.category_code } else { &of.category_name }),
        (lang.of("来源", "channel"), &of.channel),
        (lang.of("紧急程度", "urgency"), &of.urgency),
        (lang.of("街镇", "town"), &of.town),
        (lang.of("村居", "community"), &of.community),
        (lang.of("责任单位", "unit"), if case.unit_name.is_empty() { &case.unit } else { &case.unit_name }),
        (lang.of("结案方式", "how closed"), &case.how),
        (lang.of("办理结果", "result"), &case.result),
        (lang.of("外部编号", "external no"), &of.external_no),
    ];
    let stated = all.into_iter().filter(|(_, value)| !value.is_empty());
    stated.map(|(k, v)| Attribute { k: k.to_owned(), v: v.to_owned(), ..Attribute::default() }).collect()
}

fn long(case: &Case, lang: Lang) -> Vec<LongText> {
    let title = LongText { k: lang.of("标题", "title").to_owned(), v: case.title.to_string(), is_open: false };
    if case.title.chars().count() > 60 { vec![title] } else { Vec::new() }
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
        has_place: true,
        href: "#messages".to_owned(),
        place: place(&event.place),
    }
}

fn place(place: &Place) -> String {
    format!("{}[{}]@{}", place.topic, place.partition, place.offset)
}

fn rule(told: &CaseTold<'_>, lang: Lang) -> Vec<Pair> {
    let judged = &told.watched.case.judged_by;
    let rule =
        told.rules.limits.as_ref().and_then(|limits| limits.policy.rules().iter().find(|one| one.id == judged.rule));
    let pair = |k: &str, v: String| Pair { k: k.to_owned(), v };
    let mut all = vec![
        pair(lang.of("规则", "rule"), format!("{} {}", judged.rule, rule.map_or("", |rule| &rule.title))),
        pair(lang.of("时限规则", "policy"), judged.policy.to_string()),
        pair(lang.of("日历", "calendar"), judged.calendar.to_string()),
    ];
    all.extend(rule.map(|rule| pair(lang.of("出处", "source"), rule.source.to_string())));
    all.retain(|pair| !pair.v.trim().is_empty());
    if let Some(agreement) = &told.agreement {
        let (zh, en) = agreement.words();
        all.push(pair(lang.of("已存行", "stored row"), lang.of(zh, en).to_owned()));
    }
    all
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
        tables: vec![segments(one, &shown, lang)],
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
                number(&hours(segment.worked)),
            ],
            ..Row::default()
        }
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
        rows: one.segments.iter().map(row).collect(),
        ..Table::default()
    }
}

/// `1:31:42`.
fn hours(ms: i64) -> String {
    let seconds = ms / 1000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
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
            rows: told.messages.iter().map(row).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    }
}
