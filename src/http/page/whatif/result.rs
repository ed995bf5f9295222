//! What came of a trial: figures and cases, as they are and as they would be.

use askama::Template;
use jiff::tz::TimeZone;

use super::{
    super::{
        account::{cell, head, number},
        address::{Address, of_case},
        frame::{Again, Fact, Link, Page, shown},
        part::{Cell, Panel, Row, State, Table},
        sheet::{self, twins},
        site::Site,
        words::{Lang, Words},
    },
    trials::Trial,
};
use crate::{
    domain::time::Millis,
    report::{
        count::grouped,
        rate::NO_RATE,
        whatif::{WhatifCase, WhatifCounts, WhatifPair, WhatifTold, verdict_words},
    },
};

#[derive(Debug, Template)]
#[template(path = "whatif_result.html")]
pub(super) struct WhatifResultPage {
    page: Page,
    what: String,
    states: Vec<State>,
    panels: Vec<Panel>,
    t: &'static Words,
}

/// Seconds until a page of a trial that is under way asks again.
const AGAIN_S: i64 = 2;

pub(super) fn page(site: &Site, here: &Address, trial: &Trial, lang: Lang) -> WhatifResultPage {
    let mut page = Page::of(site, lang, here, ("whatif", lang.of("试算", "What if").to_owned()));
    page.facts = facts(trial, lang);
    if trial.is_running() {
        page.again = vec![Again { seconds: AGAIN_S }];
    }
    let told = trial.told();
    if told.is_some() {
        page.twins = twins(here, &["json", "csv"]);
    }
    WhatifResultPage {
        what: trial.what.clone(),
        states: state(here, trial, lang).into_iter().collect(),
        panels: told
            .map_or_else(Vec::new, |told| vec![figures(trial, told, here, lang), cases(trial, told, here, lang)]),
        page,
        t: lang.words(),
    }
}

fn facts(trial: &Trial, lang: Lang) -> Vec<Fact> {
    let asked = &trial.asked;
    let (period, zone) = (asked.period, &asked.zone);
    let fact = |k: &str, v: String| Fact { k: k.to_owned(), v, cls: String::new() };
    let mut facts = vec![
        fact(lang.of("时段", "period"), format!("{} – {}", shown(period.from, zone), shown(period.to, zone))),
        fact(lang.of("截至", "as of"), shown(period.as_of, zone)),
        fact(lang.of("试用", "tried"), asked.policy.clone()),
        fact(lang.of("日历", "calendar"), asked.calendar.clone()),
    ];
    facts.extend(asked.stream.iter().map(|stream| fact(lang.of("业务流", "stream"), stream.clone())));
    facts
}

fn state(here: &Address, trial: &Trial, lang: Lang) -> Option<State> {
    let back = Link {
        href: here.at("/what-if").only(&["lang"]).href(),
        text: lang.of("再试一个", "try another").to_owned(),
    };
    if let Some(error) = trial.error() {
        let title = lang.of("试算没有完成", "The trial came to nothing").to_owned();
        let (kind, sign) = ("failed".to_owned(), "✕".to_owned());
        return Some(State { kind, sign, title, text: error.to_owned(), links: vec![back], is_busy: false });
    }
    if !trial.is_running() {
        return None;
    }
    let (cases, events) = (grouped(trial.progress.cases()), grouped(trial.progress.events()));
    let text = match lang {
        Lang::Zh => format!("已重新折叠 {cases} 件案件、{events} 条消息。每 {AGAIN_S} 秒自动刷新。"),
        Lang::En => {
            format!("{cases} cases and {events} messages folded so far. This page asks again every {AGAIN_S} s.")
        }
    };
    let again = Link { href: here.href(), text: lang.of("现在刷新", "ask now").to_owned() };
    Some(State {
        kind: "loading".to_owned(),
        sign: "…".to_owned(),
        title: lang.of("正在试算", "Being tried").to_owned(),
        text,
        links: vec![again],
        is_busy: true,
    })
}

fn figures(trial: &Trial, told: &WhatifTold, here: &Address, lang: Lang) -> Panel {
    let heads = [
        (lang.of("指标", "figure"), ""),
        (lang.of("编号", "id"), ""),
        (lang.of("口径", "convention"), ""),
        (lang.of("现 n/d", "now n/d"), "n"),
        (lang.of("率", "rate"), "n"),
        (lang.of("试 n/d", "then n/d"), "n"),
        (lang.of("率", "rate"), "n"),
        (lang.of("差", "difference"), "n"),
    ];
    Panel {
        id: "figures".to_owned(),
        title: lang.of("指标会怎样", "What the figures would be").to_owned(),
        sub: lang
            .of(
                "现：按案件记得的规则；试：按试用的规则",
                "now: by the rules that the cases remember; then: by those tried",
            )
            .to_owned(),
        tables: vec![Table {
            caption: lang.of("指标，现与试", "figures, now and then").to_owned(),
            is_caption_hidden: true,
            cols: heads.map(|(text, cls)| head(text, cls)).into(),
            rows: told.figures.iter().map(|pair| figure(trial, pair, here, lang)).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    }
}

fn figure(trial: &Trial, pair: &WhatifPair, here: &Address, lang: Lang) -> Row {
    let (asked, of) = (&trial.asked, pair.figure);
    let at = |at: Millis| at.rfc3339(&asked.zone);
    let href = here
        .at(&format!("/figures/{}", of.id))
        .with("from", &at(asked.period.from))
        .with("to", &at(asked.period.to))
        .with("as-of", &at(asked.period.as_of))
        .with("stream", asked.stream.as_deref().unwrap_or_default());
    let counts =
        |counts: WhatifCounts| number(&format!("{}/{}", grouped(counts.numerator), grouped(counts.denominator)));
    let change = pair.hundredths().unwrap_or(0);
    let (mark, cls) = match change {
        ..0 => ("▼ ", "n worse"),
        0 => ("", "n"),
        1.. => ("▲ ", "n"),
    };
    Row {
        cells: vec![
            Cell { is_head: true, has_href: true, href: href.href(), ..cell(lang.of(&of.title.zh, &of.title.en)) },
            cell(&of.id),
            cell(&of.convention),
            counts(pair.before),
            number(&pair.before.percent()),
            counts(pair.after),
            number(&pair.after.percent()),
            Cell { cls: cls.to_owned(), ..cell(&format!("{mark}{}", pair.shown_difference())) },
        ],
        ..Row::default()
    }
}

fn cases(trial: &Trial, told: &WhatifTold, here: &Address, lang: Lang) -> Panel {
    let heads = [
        lang.of("案件编号", "case"),
        lang.of("业务流", "stream"),
        lang.of("现", "now"),
        lang.of("试", "then"),
        lang.of("现时限", "due now"),
        lang.of("试时限", "due then"),
        lang.of("现规则", "rule now"),
        lang.of("试规则", "rule then"),
    ];
    let count = grouped(told.cases.len() as u64);
    // Those whose verdict would be another before those of which only the due moves.
    let has_another = |one: &&WhatifCase| one.change.verdict_before != one.change.verdict_after;
    let (turned, moved): (Vec<&WhatifCase>, Vec<&WhatifCase>) = told.cases.iter().partition(has_another);
    let verdicts = turned.len();
    let more = lang.of(
        "只列出前面的，其余用 tongguan whatif --cases --dues 逐页看。",
        "Only the first are listed; tongguan whatif --cases --dues shows the others page by page.",
    );
    let unchanged = lang.of("时段内案件的结论和时限都不变。", "Neither verdict nor due of any case of the period.");
    let none = sheet::state("empty", lang.of("没有案件会变", "No case would change"), unchanged.to_owned());
    let table = Table {
        caption: lang.of("会变的案件", "cases that would change").to_owned(),
        is_caption_hidden: true,
        cols: heads.map(|text| head(text, "")).into(),
        rows: turned.into_iter().chain(moved).map(|one| case(trial, one, here, lang)).collect(),
        notes: if told.has_more { vec![more.to_owned()] } else { Vec::new() },
        ..Table::default()
    };
    Panel {
        id: "cases".to_owned(),
        title: lang.of("会变的案件", "Cases that would change").to_owned(),
        sub: match lang {
            Lang::Zh => format!("{count} 件，其中结论不同的 {verdicts} 件"),
            Lang::En => format!("{count}, of which {verdicts} would have another verdict"),
        },
        states: if told.cases.is_empty() { vec![none] } else { Vec::new() },
        tables: if told.cases.is_empty() { Vec::new() } else { vec![table] },
        ..Panel::default()
    }
}

/// A due at midnight is through the day before.
fn due_text(at: Millis, zone: &TimeZone) -> String {
    match at.is_midnight(zone) {
        true => format!("{} 24:00", shown(at.plus(-1), zone).chars().take("2021-06-09".len()).collect::<String>()),
        false => shown(at, zone),
    }
}

fn case(trial: &Trial, one: &WhatifCase, here: &Address, lang: Lang) -> Row {
    let (change, asked) = (&one.change, &trial.asked);
    let href = here.at(&of_case(&change.stream, &change.case_id)).only(&["lang"]);
    let href = href.with("as-of", &asked.period.as_of.rfc3339(&asked.zone)).href();
    let due = |at: Option<i64>| cell(&at.map_or(NO_RATE.to_owned(), |at| due_text(Millis(at), &asked.zone)));
    let verdict = |name: &str| {
        let (zh, en) = verdict_words(name);
        lang.of(zh, en).to_owned()
    };
    let is_worse = |name: &str| matches!(name, "late" | "overdue");
    let turned = is_worse(&change.verdict_after) && !is_worse(&change.verdict_before);
    let then = if turned { format!("▲ {}", verdict(&change.verdict_after)) } else { verdict(&change.verdict_after) };
    Row {
        cells: vec![
            Cell { is_head: true, has_href: true, href, ..cell(&change.case_id) },
            cell(&change.stream),
            cell(&verdict(&change.verdict_before)),
            Cell { cls: if turned { "worse" } else { "" }.to_owned(), ..cell(&then) },
            due(change.due_before),
            due(change.due_after),
            cell(&one.before.policy_rule),
            cell(&one.after.policy_rule),
        ],
        ..Row::default()
    }
}
