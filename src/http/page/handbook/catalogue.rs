//! Every figure: those of one name beside each other, which differ by the convention alone.

use axum::response::Response;

use super::{Form, parts, shown};
use crate::{
    ask::unclear::AskError,
    domain::kpi::{Figure, catalogue},
    http::page::{
        account::cell,
        address::Address,
        asked::lang,
        frame::Page,
        part::{Cell, CellLink, Panel, Row},
        rows,
        sheet::{Sheet, SheetPage, elsewhere, fields, only_takes, panel, row, table, twins},
        site::Site,
        words::Lang,
    },
    report::{
        kpi_catalogue::{definition, grain, write_json},
        kpi_csv,
        notice::population,
    },
};

const COLUMNS: [&str; 8] = ["kpi", "name", "convention", "cohort", "counted", "is_rate", "title", "version"];

pub(super) fn answer(site: &Site, here: &Address, form: Form) -> Result<Response, AskError> {
    only_takes(here, &["lang"])?;
    let lang = lang(here)?;
    Ok(match form {
        Form::Page => shown(&page(site, here, lang)),
        Form::Json => rows(form, |out| write_json(catalogue::figures(), out)),
        Form::Csv => rows(form, |out| {
            let all = catalogue::figures().map(|figure| {
                let mut row = fields(&definition(figure), &COLUMNS);
                row.iter_mut().filter(|(name, _)| name == "title").for_each(|(_, title)| *title = title["zh"].take());
                row
            });
            kpi_csv::write(all.collect(), out)
        }),
    })
}

fn page(site: &Site, here: &Address, lang: Lang) -> SheetPage {
    let title = lang.of("指标目录", "Catalogue of figures");
    let mut page = Page::of(site, lang, here, ("words", title.to_owned()));
    page.twins = twins(here, &["json", "csv"]);
    let lead = lang.of(
        "同一名称下口径不同的指标并列；每个指标只有一个定义，页面、命令行、报表和分析库都用它。",
        "Figures of one name stand beside each other and differ by the convention; each has one definition, which page, command line, reports \
         and mart all use.",
    );
    let mut panels = vec![of_figures(here, lang, "figures", title, catalogue::CATALOGUE.iter().collect())];
    let own: Vec<&'static Figure> = catalogue::own().collect();
    if !own.is_empty() {
        panels.push(of_figures(here, lang, "own", lang.of("自定指标", "Figures of the town's own"), own));
    }
    let sheet = Sheet { leads: vec![lead.to_owned()], chips: vec![parts(lang, here)], panels, ..Sheet::default() };
    SheetPage { page, sheet, t: lang.words() }
}

fn of_figures(here: &Address, lang: Lang, id: &str, title: &str, figures: Vec<&'static Figure>) -> Panel {
    let heads = [
        (lang.of("名称", "name"), ""),
        (lang.of("口径：指标", "conventions: figures"), ""),
        (lang.of("问题", "question"), ""),
        (lang.of("统计范围", "population"), ""),
        (lang.of("计数", "counted"), ""),
    ];
    let mut names: Vec<&str> = Vec::new();
    for figure in &figures {
        if !names.contains(&figure.name.as_str()) {
            names.push(&figure.name);
        }
    }
    let of_name =
        |name: &&str| line(here, lang, figures.iter().copied().filter(|figure| figure.name == *name).collect());
    panel(id, title, vec![table(title, &heads, names.iter().map(of_name).collect())])
}

/// Of several the title without what is said of the first one's convention.
fn title<'a>(lang: Lang, figures: &[&'a Figure]) -> &'a str {
    let title = lang.of(&figures[0].title.zh, &figures[0].title.en);
    match figures {
        [_] => title,
        _ => title.split(['（', ',', '(']).next().unwrap_or(title).trim_end(),
    }
}

/// The figures of one name.
fn line(here: &Address, lang: Lang, figures: Vec<&'static Figure>) -> Row {
    let first = figures[0];
    let link = |figure: &&'static Figure| CellLink {
        before: format!("{} ", figure.convention),
        href: elsewhere(here, &format!("/words/figures/{}", figure.id)).href(),
        text: match &figure.version {
            Some(version) => format!("{} {version}", figure.id),
            None => figure.id.clone(),
        },
    };
    let mut cohorts: Vec<&str> = Vec::new();
    let all: Vec<_> = figures.iter().map(|figure| population::of(figure.cohort)).collect();
    for text in &all {
        let text = lang.of(&text.zh, &text.en);
        if !cohorts.contains(&text) {
            cohorts.push(text);
        }
    }
    let (zh, en) = grain(first.grain);
    row(vec![
        Cell { is_head: true, cls: "t".to_owned(), ..cell(title(lang, &figures)) },
        Cell { links: figures.iter().map(link).collect(), ..Cell::default() },
        cell(lang.of(&first.question.zh, &first.question.en)),
        cell(&cohorts.join(lang.of("；", "; "))),
        cell(lang.of(zh, en)),
    ])
}
