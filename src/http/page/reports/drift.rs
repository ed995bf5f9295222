//! What has become of an edition: the figures that are others now, and the cases that moved, each with what moved it.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::{
    Form,
    asked::{EditionPath, as_of, figure_address, group_chips, grouped_by},
    edition::{back, facts, name},
    lang,
    making::{by_itself, until},
    shown,
    trouble::ReportTrouble,
};
use crate::{
    ask::row_limit,
    domain::kpi::Figure,
    http::page::{
        account::{cell, number},
        address::{Address, of_case},
        frame::{Fact, Link, Page, shown as at},
        part::{Chip, Chips, Panel, Row, State},
        rows,
        sheet::{fields, head_link, only_takes, panel, row, said, state, table, twins},
        site::Site,
        words::{Lang, Words},
    },
    report::{
        count::grouped,
        drift::{self, Cause, Drift, DriftOrder, Moved, json, text, words},
        json as plain, kpi_csv,
        kpi_text::hours,
        publish::{Chain, publishing::FigureDifference, recount::Counted, text::zone, value::value},
    },
};

#[derive(Debug, Template)]
#[template(path = "drift.html")]
struct DriftPage {
    page: Page,
    chips: Vec<Chips>,
    states: Vec<State>,
    panels: Vec<Panel>,
    cases: Vec<MovedCase>,
    t: &'static Words,
}

#[derive(Debug, Default)]
struct MovedCase {
    href: String,
    id: String,
    stream: String,
    says: Vec<MovedLine>,
}

#[derive(Debug, Default)]
struct MovedLine {
    k: String,
    v: String,
    links: Vec<Link>,
}

const COLUMNS: [&str; 9] = [
    "kpi",
    "grouped_by",
    "group",
    "published",
    "now",
    "into_numerator",
    "out_of_numerator",
    "into_denominator",
    "out_of_denominator",
];

/// Cases that are listed, as the command has it.
const LIMIT: u64 = 100;
const LIMIT_MAX: u64 = 1_000;

pub(super) async fn answer(
    site: &Arc<Site>,
    here: &Address,
    form: Form,
    path: EditionPath,
) -> Result<Response, ReportTrouble> {
    only_takes(here, &["lang", "group-by", "as-of", "limit"])?;
    let (lang, by, limit) = (lang(here)?, grouped_by(here)?, row_limit(here.get("limit"), LIMIT, LIMIT_MAX)? as usize);
    let chain = Chain::read(&site.store).await?;
    let edition = path.find(&chain, path.number)?.clone();
    let now = (site.now)();
    let order = DriftOrder { as_of: as_of(here, &edition, now)?, now, id: rand::random(), limit };
    let drift = by_itself(site, move |site, deadline| async move {
        Ok(drift::drift(&site.store, &edition, &order, until(deadline)).await?)
    })
    .await?;
    Ok(match form {
        Form::Json => rows(form, |out| plain::write(&json::drift(&drift), out)),
        Form::Csv => rows(form, |out| {
            let all = json::drift(&drift);
            let figures = all["figures"].as_array().into_iter().flatten();
            kpi_csv::write(figures.map(|one| fields(one, &COLUMNS)).collect(), out)
        }),
        Form::Page => shown(&page(site, &DriftAsked { here, lang, path: &path, drift: &drift }, by)),
    })
}

struct DriftAsked<'a> {
    here: &'a Address,
    lang: Lang,
    path: &'a EditionPath,
    drift: &'a Drift,
}

fn page(site: &Site, asked: &DriftAsked<'_>, by: Option<&'static str>) -> DriftPage {
    let DriftAsked { here, lang, drift, .. } = *asked;
    let edition = &drift.edition;
    let zone = zone(edition);
    let title = format!("{} {}", name(lang, edition), lang.of("此后变动", "what has moved since"));
    let mut page = Page::of(site, lang, here, ("reports", title));
    page.twins = twins(&here.without(&["group-by"]), &["json", "csv"]);
    page.facts = facts(lang, edition);
    let now_as_of = at(drift.as_of, &zone);
    page.facts.push(Fact { k: lang.of("现截至", "now as of").to_owned(), v: now_as_of, cls: String::new() });
    let mut states = Vec::new();
    if !drift.redefined.is_empty() {
        let title = lang.of("定义已改，变化可能由此而来", "Redefined since, which may be why they moved");
        states.push(state("stale", title, drift.redefined.join(", ")));
    }
    let mut panels = Vec::new();
    if drift.figures.is_empty() && drift.moved == 0 {
        states.push(state("empty", lang.of("没有变化", "Nothing differs"), touched(lang, drift)));
    } else {
        panels.push(Panel { chips: vec![group_chips(here, lang, by)], ..figures(asked, by) });
        panels.push(count_of_cases(asked));
    }
    DriftPage {
        page,
        chips: vec![back(lang, here, edition), as_ofs(asked)],
        states,
        panels,
        cases: drift.cases.iter().map(|(moved, cause)| case(asked, moved, cause, &zone)).collect(),
        t: lang.words(),
    }
}

/// The same as-of, or now.
fn as_ofs(asked: &DriftAsked<'_>) -> Chips {
    let DriftAsked { here, lang, .. } = *asked;
    let chip = |text: &str, as_of: &str| Chip {
        href: here.with("as-of", as_of).href(),
        text: text.to_owned(),
        is_here: here.get("as-of").unwrap_or_default() == as_of,
        ..Chip::default()
    };
    Chips {
        label: lang.of("与之比较：", "against: ").to_owned(),
        chips: vec![chip(lang.of("同一截至时刻", "the same as-of"), ""), chip(lang.of("此刻", "now"), "now")],
    }
}

fn touched(lang: Lang, drift: &Drift) -> String {
    match (drift.touched, lang) {
        (0, _) => String::new(),
        (count, Lang::Zh) => format!("另有 {} 件有变动而不影响数字。", grouped(count)),
        (count, Lang::En) => format!("{} others changed without moving a figure.", grouped(count)),
    }
}

fn figures(asked: &DriftAsked<'_>, by: Option<&'static str>) -> Panel {
    let lang = asked.lang;
    let mut heads = vec![(lang.of("指标", "figure"), ""), (lang.of("编号", "id"), "")];
    heads.extend(by.map(|name| (name, "")));
    heads.extend([
        (lang.of("发布", "published"), "n"),
        (lang.of("现在", "now"), "n"),
        (lang.of("分子", "n"), "n"),
        (lang.of("分母", "d"), "n"),
    ]);
    if by.is_none() {
        heads.push((lang.of("进出分子（件）", "cases in/out of n"), "n"));
        heads.push((lang.of("进出分母（件）", "in/out of d"), "n"));
    }
    let some = asked.drift.figures.iter().filter(|one| one.cell.grouped_by == by);
    let rows = some.map(|one| figure_row(asked, by, one)).collect();
    let title = lang.of("变动的数字", "Figures that are others now");
    panel("figures", title, vec![table(title, &heads, rows)])
}

fn figure_row(asked: &DriftAsked<'_>, by: Option<&str>, one: &FigureDifference) -> Row {
    let DriftAsked { here, lang, path, drift } = *asked;
    let figure = Figure::by_id(&one.cell.figure);
    let as_of = drift.as_of.rfc3339(&zone(&drift.edition));
    let question = figure_address(here, &path.span, &as_of).with("timezone", &drift.edition.zone);
    let question = match by {
        Some("stream") => question.with("stream", &one.cell.group),
        Some(by) => question.with("group-by", by),
        None => question,
    };
    let title = figure.map_or("", |figure| lang.of(&figure.title.zh, &figure.title.en));
    let difference = |of: fn(&Counted) -> i64| {
        let side = |side: &Option<Counted>| side.as_ref().map_or(0, of);
        number(&text::signed(side(&one.counted) - side(&one.frozen)))
    };
    let mut cells =
        vec![head_link(title, question.at(&format!("/figures/{}", one.cell.figure)).href()), cell(&one.cell.figure)];
    cells.extend(by.map(|_| cell(&one.cell.group)));
    cells.extend([
        number(&value(figure, one.frozen.as_ref())),
        number(&value(figure, one.counted.as_ref())),
        difference(|counted| counted.numerator),
        difference(|counted| counted.denominator.unwrap_or(0)),
    ]);
    if by.is_none() {
        cells.extend(text::flows_of(drift, &one.cell.figure).map(|flow| number(&flow)));
    }
    row(cells)
}

fn count_of_cases(asked: &DriftAsked<'_>) -> Panel {
    let DriftAsked { here, lang, drift, .. } = *asked;
    let listed = drift.cases.len() as u64;
    let mut sub = match lang {
        Lang::Zh => format!("{} 件变动，列出 {} 件。", grouped(drift.moved), grouped(listed)),
        Lang::En => format!("{} cases moved, {} are listed. ", grouped(drift.moved), grouped(listed)),
    };
    sub.push_str(&touched(lang, drift));
    let more = Link {
        href: here.with("limit", &LIMIT_MAX.to_string()).href(),
        text: lang.of("多列一些", "list more").to_owned(),
    };
    let has_more = listed < drift.moved && listed < LIMIT_MAX;
    let links = if has_more { vec![more] } else { Vec::new() };
    Panel { sub, links, ..panel("moved", lang.of("变动的案件", "Cases that moved"), Vec::new()) }
}

fn case(asked: &DriftAsked<'_>, moved: &Moved, cause: &Cause, zone: &TimeZone) -> MovedCase {
    let DriftAsked { here, lang, path, drift } = *asked;
    let (stream, case_id) = moved.key();
    let as_of = drift.as_of.rfc3339(zone);
    let question = figure_address(here, &path.span, &as_of).with("timezone", &drift.edition.zone);
    let line = |k: &str, v: String| MovedLine { k: k.to_owned(), v, links: Vec::new() };
    let mut says: Vec<MovedLine> = Vec::new();
    for reason in words::reasons(cause, zone) {
        let details = reason.details.iter().map(|(name, value)| match lang {
            Lang::Zh => format!("，{} {value}", name.zh),
            Lang::En => format!(", {} {value}", name.en),
        });
        let text = format!("{}{}", said(lang, &reason.said), details.collect::<String>());
        says.push(line(lang.of("起因", "cause"), text));
    }
    for state in words::states(moved, zone) {
        let text = format!("{} → {}", said(lang, &state.before), said(lang, &state.after));
        says.push(line(said(lang, &state.name), text));
    }
    for (way, figures) in words::ways(moved) {
        let link = |id: &&str| Link { href: question.at(&format!("/figures/{id}")).href(), text: (*id).to_owned() };
        says.push(MovedLine { links: figures.iter().map(link).collect(), ..line(said(lang, &way), String::new()) });
    }
    for change in &moved.changes {
        if let [Some(before), Some(after)] = change.duration
            && before != after
        {
            let text = format!("{}: {} → {}", change.figure.id, hours(before), hours(after));
            says.push(line(lang.of("时长", "duration"), text));
        }
    }
    let page = Address::new(&of_case(stream, case_id), Vec::new()).with("as-of", &as_of);
    MovedCase {
        href: page.with("lang", here.get("lang").unwrap_or_default()).href(),
        id: case_id.to_owned(),
        stream: stream.to_owned(),
        says,
    }
}
