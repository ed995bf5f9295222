//! An edition: its figures as they were published, and what they rest on.

use std::sync::Arc;

use axum::response::Response;

use super::{
    Form,
    asked::{EditionPath, edition_path, figure_address, group_chips, grouped_by, titled},
    lang,
    list::{list_of, seal},
    making::in_turn,
    shown,
    trouble::ReportTrouble,
};
use crate::{
    domain::kpi::Figure,
    http::page::{
        account::{cell, number, of_all},
        address::Address,
        frame::{Fact, Link, Page, shown as at},
        part::{Cell, Chip, Chips, Panel, Row, State, Table},
        rows,
        sheet::{
            Sheet, SheetPage, elsewhere, fields, head_link, lines, link, only_takes, panel, row, state, table, twins,
        },
        site::Site,
        words::Lang,
    },
    report::{
        count::grouped,
        json as plain, kpi_catalogue, kpi_csv, kpi_text,
        publish::{
            self, Chain, Verified, Wanted, checked, json,
            problem::PublishProblem,
            text::zone,
            value::{Defined, counted, rate_text},
        },
    },
    store::published::{Edition, Frozen, figures},
};

const COLUMNS: [&str; 11] = [
    "kpi",
    "grouped_by",
    "group",
    "numerator",
    "denominator",
    "rate",
    "median_s",
    "p90_s",
    "mean_s",
    "max_s",
    "definition_sha256",
];

pub(super) async fn answer(
    site: &Arc<Site>,
    here: &Address,
    form: Form,
    path: EditionPath,
) -> Result<Response, ReportTrouble> {
    only_takes(here, &["lang", "group-by", "verify"])?;
    let (lang, by) = (lang(here)?, grouped_by(here)?);
    let turn = site.turns.acquire().await;
    let chain = Chain::read(&site.store).await?;
    let edition = path.find(&chain, path.number)?;
    let is_verified = here.get("verify").is_some();
    if form == Form::Json && is_verified {
        drop(turn);
        let verified = verified(site, edition).await?;
        return Ok(rows(form, |out| plain::write(&json::verified(&verified), out)));
    }
    let all = figures::of(&site.store, &edition.attempt).await?;
    drop(turn);
    let verified = if is_verified { Some(verified(site, edition).await?) } else { None };
    Ok(match form {
        Form::Json => rows(form, |out| {
            let mut value = json::edition(edition);
            value["figures"] = all.iter().map(json::figure).collect::<Vec<_>>().into();
            plain::write(&value, out)
        }),
        Form::Csv => {
            rows(form, |out| kpi_csv::write(all.iter().map(|one| fields(&json::figure(one), &COLUMNS)).collect(), out))
        }
        Form::Page => {
            let asked = EditionAsked { here, lang, path: &path, edition, chain: &chain };
            shown(&page(site, &asked, by, &all, verified.as_ref()))
        }
    })
}

/// What a page of an edition is about.
struct EditionAsked<'a> {
    here: &'a Address,
    lang: Lang,
    path: &'a EditionPath,
    edition: &'a Edition,
    chain: &'a Chain,
}

/// Everything of it hashed and counted anew.
async fn verified(site: &Site, edition: &Edition) -> Result<Verified, ReportTrouble> {
    let wanted = Wanted { report: Some(edition.report.clone()), edition: Some(edition.edition), hash: None };
    in_turn(site, async { Ok(publish::verify(&site.store, &wanted).await?) }).await
}

/// 2021 年 6 月 第 1 版.
pub(super) fn name(lang: Lang, edition: &Edition) -> String {
    let report = titled(&edition.report);
    match lang {
        Lang::Zh => format!("{} 第 {} 版", report.zh, edition.edition),
        Lang::En => format!("{}, edition {}", report.en, edition.edition),
    }
}

/// Period, as-of and when it was published.
pub(super) fn facts(lang: Lang, edition: &Edition) -> Vec<Fact> {
    let zone = zone(edition);
    let fact = |k: &str, v: String| Fact { k: k.to_owned(), v, cls: String::new() };
    vec![
        fact(lang.of("时段", "period"), format!("{} – {}", at(edition.from, &zone), at(edition.to, &zone))),
        fact(lang.of("截至", "as of"), at(edition.as_of, &zone)),
        fact(lang.of("发布", "published"), at(edition.published_at, &zone)),
    ]
}

fn page(
    site: &Site,
    asked: &EditionAsked<'_>,
    by: Option<&'static str>,
    all: &[Frozen],
    verified: Option<&Verified>,
) -> SheetPage {
    let EditionAsked { here, lang, edition, .. } = *asked;
    let mut page = Page::of(site, lang, here, ("reports", name(lang, edition)));
    page.twins = twins(&here.without(&["group-by", "verify"]), &["json", "csv"]);
    page.facts = facts(lang, edition);
    let wanted: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
    let some: Vec<&Frozen> = all.iter().filter(|one| one.grouped_by == wanted).collect();
    let published = Panel { chips: vec![group_chips(here, lang, by)], ..figures_panel(asked, by, &some) };
    let sheet = Sheet {
        chips: vec![ways_on(asked)],
        states: verified.map(|verified| verdict(lang, verified)).unwrap_or_default(),
        panels: vec![published, rests_on(asked)],
        ..Sheet::default()
    };
    SheetPage { page, sheet, t: lang.words() }
}

/// What can be done with it.
fn ways_on(asked: &EditionAsked<'_>) -> Chips {
    let EditionAsked { here, lang, path, edition, chain } = *asked;
    let own = edition_path(&edition.report, edition.edition);
    let chip = |text: &str, href: String| Chip { href, text: text.to_owned(), ..Chip::default() };
    let as_of = edition.as_of.rfc3339(&zone(edition));
    let made = figure_address(here, &path.span, &as_of).with("timezone", &edition.zone);
    let mut chips = vec![
        chip(lang.of("此后变动", "What has moved since"), elsewhere(here, &format!("{own}/drift")).href()),
        chip(lang.of("逐案重算核验", "Verify by recounting"), here.with("verify", "1").href()),
        chip(
            lang.of("同一时段和截至时刻的报表", "The report of this period and as-of"),
            made.at("/reports/made").href(),
        ),
        chip("Excel", made.at("/reports/made.xlsx").href()),
        chip("HTML", made.at("/reports/made.html").href()),
    ];
    for other in chain.of_report(&edition.report).filter(|other| other.edition != edition.edition) {
        let href = elsewhere(here, &format!("{own}/compare")).with("with", &other.edition.to_string()).href();
        let text = match lang {
            Lang::Zh => format!("与第 {} 版比较", other.edition),
            Lang::En => format!("Compare with edition {}", other.edition),
        };
        chips.push(chip(&text, href));
    }
    Chips { label: String::new(), chips }
}

fn verdict(lang: Lang, verified: &Verified) -> Vec<State> {
    if verified.problems.is_empty() {
        let text = lang.of(
            "全部判定与数字重新计算了 SHA-256，逐案重数的数字与发布的相同。",
            "Verdicts and figures were hashed anew, and the figures counted from the verdicts are those that were published.",
        );
        return vec![state("ok", lang.of("核验无误", "Verified, as published"), text.to_owned())];
    }
    let told = |problem: &PublishProblem| {
        let name = format!("{} {} {}", lang.of("有误：", "Wrong: "), problem.report, problem.edition);
        state("failed", &name, lang.of(&problem.zh, &problem.en).to_owned())
    };
    verified.problems.iter().map(told).collect()
}

fn figures_panel(asked: &EditionAsked<'_>, by: Option<&str>, some: &[&Frozen]) -> Panel {
    let lang = asked.lang;
    let mut heads =
        vec![(lang.of("指标", "figure"), ""), (lang.of("编号", "id"), ""), (lang.of("口径", "convention"), "")];
    heads.extend(by.map(|name| (name, "")));
    heads.extend([
        (lang.of("分子/分母", "n/d"), "n"),
        (lang.of("率", "rate"), "n"),
        (lang.of("中位（小时）", "median (h)"), "n"),
        (lang.of("P90（小时）", "p90 (h)"), "n"),
    ]);
    let rows = some.iter().map(|one| figure_row(asked, by, one)).collect();
    let title = lang.of("发布的数字", "Figures as they were published");
    let sub = lang.of(
        "定义是发布当日的；点开是同一时段、同一截至时刻的今日算法",
        "by the definitions of that day; each opens the same period and as-of as it is counted now",
    );
    Panel { sub: sub.to_owned(), ..panel("figures", title, vec![table(title, &heads, rows)]) }
}

fn figure_row(asked: &EditionAsked<'_>, by: Option<&str>, one: &Frozen) -> Row {
    let EditionAsked { here, lang, path, edition, .. } = *asked;
    let (defined, counted, known) = (Defined::of(&one.definition), counted(one), Figure::by_id(&one.figure));
    let as_of = edition.as_of.rfc3339(&zone(edition));
    let question = figure_address(here, &path.span, &as_of).with("timezone", &edition.zone);
    let question = match by {
        Some("stream") => question.with("stream", &one.groups.concat()),
        Some(by) => question.with("group-by", by),
        None => question,
    };
    let title = lang.of(&defined.title_zh, &defined.title_en).to_owned();
    let title = match known {
        Some(figure) => head_link(&title, question.at(&format!("/figures/{}", figure.id)).href()),
        None => Cell { is_head: true, ..cell(&title) },
    };
    let version = kpi_catalogue::version(&one.definition);
    let mut cells = vec![title, versioned(&one.figure, version.as_deref()), cell(&defined.convention)];
    if by.is_some() {
        let group = one.groups.join(",");
        cells.push(cell(if group.is_empty() { lang.of("（未填）", "(none)") } else { &group }));
    }
    let hours = |ms: Option<i64>| number(&ms.map(kpi_text::hours).unwrap_or_default());
    cells.extend([
        number(&of_all(counted.numerator, counted.denominator.map(i64::unsigned_abs))),
        number(if counted.denominator.is_some() { rate_text(known, &counted) } else { String::new() }.as_str()),
        hours(one.spread.map(|spread| spread.median)),
        hours(one.spread.map(|spread| spread.p90)),
    ]);
    row(cells)
}

fn versioned(id: &str, version: Option<&str>) -> Cell {
    Cell { has_sub: version.is_some(), sub: version.unwrap_or_default().to_owned(), ..cell(id) }
}

fn rests_on(asked: &EditionAsked<'_>) -> Panel {
    let EditionAsked { here, lang, edition, chain, .. } = *asked;
    let zone = zone(edition);
    let text = |text: &str| cell(text);
    let hash = |text: &str| Cell { cls: "m".to_owned(), ..cell(if text.is_empty() { "—" } else { text }) };
    let before = chain.editions.iter().rfind(|one| one.serial < edition.serial);
    let previous = before.filter(|one| one.sha256 == edition.previous).map_or_else(
        || hash(&edition.previous),
        |one| {
            let href = elsewhere(here, &edition_path(&one.report, one.edition)).href();
            Cell { sub: one.sha256.clone(), has_sub: true, ..link(&name(lang, one), href) }
        },
    );
    let by = if edition.published_by.is_empty() { String::new() } else { format!(" {}", edition.published_by) };
    let mut rows = vec![
        (lang.of("报告", "report"), list_of(lang, here, &edition.report)),
        (lang.of("发布", "published"), text(&format!("{}{by}", edition.published_at.rfc3339(&zone)))),
        (lang.of("截至", "as of"), text(&format!("{} {}", edition.as_of.rfc3339(&zone), edition.zone))),
        (lang.of("备注", "note"), text(&edition.note)),
        (lang.of("程序", "program"), text(&edition.program)),
        (lang.of("代次", "generation"), text(&edition.generation.to_string())),
        (lang.of("判定的案件", "cases with a verdict"), text(&grouped(edition.cases))),
    ];
    for one in &edition.judged {
        let judged = format!("{} / {}: {}", stated(lang, &one.policy), stated(lang, &one.calendar), grouped(one.cases));
        rows.push((lang.of("时限规则 / 日历：件", "policy / calendar: cases"), text(&judged)));
    }
    for one in &edition.positions {
        rows.push((lang.of("账本位置", "ledger"), text(&format!("{}[{}] < {}", one.topic, one.partition, one.next))));
    }
    rows.extend([
        (lang.of("判定的 SHA-256", "SHA-256 of the verdicts"), hash(&edition.verdicts_sha256)),
        (lang.of("数字的 SHA-256", "SHA-256 of the figures"), hash(&edition.figures_sha256)),
        (lang.of("上一份", "the one before"), previous),
        (lang.of("发布序号", "serial"), text(&edition.serial.to_string())),
        (lang.of("本版 SHA-256", "SHA-256 of this edition"), hash(&edition.sha256)),
        (lang.of("链与留底", "chain and seal"), seal(lang, &checked(chain), edition)),
    ]);
    let title = lang.of("依据与留底", "What it rests on");
    let tables: Vec<Table> = vec![lines(title, rows)];
    let more =
        Link { href: elsewhere(here, "/reports").href(), text: lang.of("所有版次", "every edition").to_owned() };
    Panel { links: vec![more], ..panel("head", title, tables) }
}

fn stated(lang: Lang, text: &str) -> &str {
    if text.is_empty() { lang.of("（无）", "(none)") } else { text }
}

/// For the pages that are about an edition: back to it.
pub(super) fn back(lang: Lang, here: &Address, edition: &Edition) -> Chips {
    let href = elsewhere(here, &edition_path(&edition.report, edition.edition)).href();
    let text = format!("‹ {}", name(lang, edition));
    let chips = vec![Chip { href, text, ..Chip::default() }];
    Chips { label: lang.of("版次：", "edition: ").to_owned(), chips }
}
