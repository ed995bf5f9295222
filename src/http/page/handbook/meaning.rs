//! What a figure means, in full, without asking it: as `tongguan kpi show` says it.

use axum::response::Response;
use jiff::tz::TimeZone;

use super::{Form, glossary, parts, shown};
use crate::{
    ask::{
        figures,
        span::{CalendarSpan, SpanKind},
        unclear::AskError,
    },
    domain::kpi::{
        Figure,
        catalogue::Text,
        example::{Example, ExampleCase},
    },
    http::page::{
        account::{cell, number},
        address::{Address, segment},
        asked::lang,
        frame::Page,
        part::{Cell, CellLink, Chip, Chips, Panel, Table},
        rows,
        sheet::{Sheet, SheetPage, elsewhere, lines, link, only_takes, panel, row, table, twins},
        site::Site,
        words::Lang,
    },
    report::{
        kpi_catalogue::{adds_up, definition, grain, write_json},
        kpi_csv,
        notice::population,
    },
};

pub(super) fn answer(site: &Site, here: &Address, form: Form, word: &str) -> Result<Response, AskError> {
    only_takes(here, &["lang"])?;
    let lang = lang(here)?;
    let found = figures(word, None)?;
    Ok(match form {
        Form::Page => shown(&page(site, here, lang, &found)),
        Form::Json => rows(form, |out| write_json(found.iter().copied(), out)),
        Form::Csv => rows(form, |out| {
            let row = |figure: &&Figure| {
                let said = definition(figure);
                said.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
            };
            kpi_csv::write(found.iter().map(row).collect(), out)
        }),
    })
}

/// Of an id one, of a name all its conventions.
fn page(site: &Site, here: &Address, lang: Lang, found: &[&'static Figure]) -> SheetPage {
    let first = found[0];
    let title = match found {
        [one] => format!("{} {}", lang.of(&one.title.zh, &one.title.en), one.id),
        _ => first.name.clone(),
    };
    let mut page = Page::of(site, lang, here, ("words", title));
    page.twins = twins(here, &["json", "csv"]);
    let panels = found.iter().flat_map(|figure| panels(site, here, lang, figure)).collect();
    let sheet = Sheet { chips: vec![parts(lang, here), beside(here, lang, first)], panels, ..Sheet::default() };
    SheetPage { page, sheet, t: lang.words() }
}

/// Its other conventions.
fn beside(here: &Address, lang: Lang, figure: &Figure) -> Chips {
    let chip = |one: &'static Figure| Chip {
        href: elsewhere(here, &format!("/words/figures/{}", one.id)).href(),
        text: format!("{} {}", one.convention, one.id),
        is_here: here.path.ends_with(&format!("/{}", one.id)),
        ..Chip::default()
    };
    let all = Figure::named(&figure.name).into_iter().map(chip).collect();
    Chips { label: lang.of("口径：", "conventions: ").to_owned(), chips: all }
}

fn panels(site: &Site, here: &Address, lang: Lang, figure: &Figure) -> Vec<Panel> {
    let title = format!("{} {}", lang.of(&figure.title.zh, &figure.title.en), figure.id);
    let mut all = vec![Panel {
        sub: figure.convention.clone(),
        ..panel(&format!("figure-{}", figure.id), &title, vec![definition_of(site, here, lang, figure)])
    }];
    if !figure.example.is_empty() {
        let title = lang.of("算例", "Worked examples");
        all.push(panel(&format!("examples-{}", figure.id), title, examples(lang, figure)));
    }
    all
}

fn definition_of(site: &Site, here: &Address, lang: Lang, figure: &Figure) -> Table {
    let of = |text: &Text| cell(lang.of(&text.zh, &text.en));
    let pair = |(zh, en): (&str, &str)| cell(lang.of(zh, en));
    let ask = here_asked(site, here, figure);
    let code = |text: &Option<String>| Cell { cls: "m".to_owned(), ..cell(text.as_deref().unwrap_or_default()) };
    let population = population::of(figure.cohort);
    let rows = vec![
        (lang.of("问题", "question"), of(&figure.question)),
        (lang.of("算法", "formula"), of(&figure.formula)),
        (lang.of("计入", "counts"), of(&figure.counts)),
        (lang.of("不计入", "leaves out"), of(&figure.leaves_out)),
        (
            lang.of("统计范围", "population"),
            Cell { has_sub: true, sub: figure.cohort.name().to_owned(), ..of(&population) },
        ),
        (lang.of("计数", "counted"), pair(grain(figure.grain))),
        (lang.of("何时定", "final"), pair(figure.settles.text())),
        (lang.of("可加", "adds up"), pair(adds_up(figure))),
        (lang.of("版本", "version"), cell(figure.version.as_deref().unwrap_or_default())),
        (lang.of("分母", "denominator"), code(&figure.denominator)),
        (lang.of("分子", "numerator"), code(&figure.numerator)),
        (lang.of("名词", "terms"), Cell { links: terms(here, figure), ..Cell::default() }),
        (lang.of("查询", "ask it"), link(lang.of("上个月", "last month"), ask)),
    ];
    let is_said = |(_, cell): &(&str, Cell)| !cell.text.is_empty() || !cell.links.is_empty();
    lines(lang.of("定义", "Definition"), rows.into_iter().filter(is_said).collect())
}

/// The terms of the glossary that its definition uses.
fn terms(here: &Address, figure: &Figure) -> Vec<CellLink> {
    let said = [&figure.title, &figure.question, &figure.formula, &figure.counts, &figure.leaves_out];
    let said: String = said.map(|text| text.zh.as_str()).join("\n");
    let link = |(word, anchor): (&str, &str)| CellLink {
        before: String::new(),
        href: format!("{}#{}", elsewhere(here, "/words/glossary").href(), segment(anchor)),
        text: word.to_owned(),
    };
    glossary::found_in(&said).into_iter().map(link).collect()
}

/// Of the month before this one.
fn here_asked(site: &Site, here: &Address, figure: &Figure) -> String {
    let zone = TimeZone::get(&site.zone).unwrap_or(TimeZone::UTC);
    let now = jiff::Timestamp::from_millisecond((site.now)().0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let today = now.to_zoned(zone).date();
    let last = today.first_of_month().yesterday().unwrap_or(today);
    let month = CalendarSpan::of(SpanKind::Month, last).map_or_else(String::new, |month| month.name());
    elsewhere(here, &format!("/figures/{}", figure.id)).with("month", &month).href()
}

fn examples(lang: Lang, figure: &Figure) -> Vec<Table> {
    let heads = [(lang.of("计数", "counts"), "n"), (lang.of("生平", "life"), ""), (lang.of("为什么", "why"), "")];
    let one = |example: &Example| {
        let of = |case: &ExampleCase| row(vec![number(&case.counts), cell(&case.life), cell(&case.why)]);
        let caption = format!(
            "[{}, {}) {} {} {}",
            example.from,
            example.to,
            lang.of("截至", "as of"),
            example.as_of,
            example.because
        );
        let mut found = table(&caption, &heads, example.cases.iter().map(of).collect());
        found.is_caption_hidden = false;
        found
    };
    figure.example.iter().map(one).collect()
}
