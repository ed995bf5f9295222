//! The cases behind a figure, by the predicate that counts them: the page says that as many are listed as were counted.

use std::sync::Arc;

use askama::Template;

use super::{
    account::{cell, list as link, number, of_all, signed},
    address::{Address, of_case},
    asked::{OF_LISTS, Wanted},
    cases_form::{self, shown_columns},
    figure::the_answer,
    frame::{Page as Frame, shown},
    part::{Cell, Chip, Chips, Paging, Row, State, Table},
    site::{Site, Took},
    words::{Lang, Words},
};
use crate::{
    ask::{NextPage, unclear::AskError},
    domain::{
        history::Standing,
        kpi::{Figure, catalogue::Shape},
        time::Millis,
    },
    http::list::CaseList,
    report::{case::words::standing, count::grouped, kpi_text::hours, listed::CaseCell, rate},
    store::kpi::{self, Answer, CaseBehind, ListedInAll, Question, Side},
};

#[derive(Debug, Template)]
#[template(path = "cases.html")]
pub(super) struct CasesPage {
    page: Frame,
    question: Vec<Behind>,
    parts: Vec<Chips>,
    pagings: Vec<Paging>,
    states: Vec<State>,
    tables: Vec<Table>,
    t: &'static Words,
}

/// The figure whose cases they are.
#[derive(Clone, Debug, Default)]
struct Behind {
    href: String,
    figure: String,
    code: String,
    part: String,
    value: String,
    nd: String,
}

/// What the address asks for.
pub(super) fn list(wanted: &Wanted) -> Result<CaseList, AskError> {
    CaseList::of(wanted.question()?, &wanted.list, &wanted.columns, &wanted.asked.zone)
}

pub(super) async fn page(site: &Arc<Site>, wanted: &Wanted) -> Result<CasesPage, AskError> {
    let took = Took::begin();
    let (list, lang) = (list(wanted)?, wanted.lang);
    let question = &list.question;
    let ((cases, next), in_all, answer, selects) = tokio::try_join!(
        list.page(site, wanted.limit()),
        async { Ok(kpi::listed_in_all(&site.store, question, list.side).await?) },
        the_answer(site, question),
        cases_form::selects(site, wanted),
    )?;
    let title = format!("{} {}", lang.of("案件", "Cases"), question.figure.id);
    let mut page = Frame::of_question(site, wanted, question, ("cases", title), &took);
    cases_form::complete(&mut page, wanted, question, selects);
    let is_empty = cases.is_empty();
    Ok(CasesPage {
        question: vec![behind(wanted, question, &answer)],
        parts: vec![sides(wanted, question), cases_form::columns(wanted)],
        pagings: vec![paging(wanted, question, &cases, next.as_ref(), (in_all, &answer))],
        states: if is_empty { vec![empty(lang)] } else { Vec::new() },
        tables: if is_empty { Vec::new() } else { vec![table(wanted, &cases)] },
        page,
        t: lang.words(),
    })
}

fn behind(wanted: &Wanted, question: &Question, answer: &Answer) -> Behind {
    let (lang, figure) = (wanted.lang, question.figure);
    let here = wanted.here.at(&format!("/figures/{}", figure.id)).without(OF_LISTS);
    let value = match answer.denominator {
        Some(_) => rate::of_figure(Some(figure), answer.numerator.unsigned_abs(), answer.denominator),
        None => signed(answer.numerator),
    };
    Behind {
        href: here.href(),
        figure: lang.of(&figure.title.zh, &figure.title.en).to_owned(),
        code: figure.id.clone(),
        part: side_name(lang, wanted.list.side).to_owned(),
        value,
        nd: of_all(answer.numerator, answer.denominator),
    }
}

fn side_name(lang: Lang, side: Side) -> &'static str {
    match side {
        Side::All => lang.of("全部", "all"),
        Side::Denominator => lang.of("分母", "denominator"),
        Side::Numerator => lang.of("分子", "numerator"),
        Side::NotMet => lang.of("未达标", "not met"),
    }
}

fn sides(wanted: &Wanted, question: &Question) -> Chips {
    let lang = wanted.lang;
    let offered = Side::ALL.iter().filter(|(side, _)| question.figure.is_rate() || *side == Side::All);
    let chip = |(side, _): &(Side, &str)| Chip {
        href: link(wanted, question.figure, *side),
        text: side_name(lang, *side).to_owned(),
        is_here: *side == wanted.list.side,
        ..Chip::default()
    };
    Chips { label: lang.of("部分：", "part: ").to_owned(), chips: offered.map(chip).collect() }
}

fn empty(lang: Lang) -> State {
    State {
        kind: "empty".to_owned(),
        sign: "∅".to_owned(),
        title: lang.of("没有案件", "No cases").to_owned(),
        text: lang.of("这一条件下没有案件。", "No case meets this question.").to_owned(),
        ..State::default()
    }
}

/// What the list adds up to, beside what the figure counts.
fn paging(
    wanted: &Wanted,
    question: &Question,
    cases: &[CaseBehind],
    next: Option<&NextPage>,
    (in_all, answer): (ListedInAll, &Answer),
) -> Paging {
    let lang = wanted.lang;
    let (n, d) = (answer.numerator.unsigned_abs(), answer.denominator.unwrap_or_default());
    let (listed, counted) = match wanted.list.side {
        Side::Numerator => (in_all.n, n),
        Side::Denominator => (in_all.d, d),
        Side::NotMet => (in_all.d, d.saturating_sub(n)),
        Side::All if answer.denominator.is_some() => (in_all.d, d),
        Side::All => (in_all.n, n),
    };
    let line = match lang {
        Lang::Zh => format!("列出 {} 件，共 {} 件", grouped(cases.len() as u64), grouped(in_all.rows)),
        Lang::En => format!("{} of {} listed", grouped(cases.len() as u64), grouped(in_all.rows)),
    };
    let sign = if listed == counted { "=" } else { "≠" };
    let check = format!(
        "{} {} {sign} {} {}{}",
        lang.of("清单", "list"),
        grouped(listed),
        lang.of("指标", "figure"),
        grouped(counted),
        counts(lang, question.figure, wanted.list.side)
    );
    // Where a case counts for more than one, what does not meet the figure is no difference of its counts.
    let sums = question.figure.numerator_sums.is_some() || question.figure.denominator_sums.is_some();
    let check = if sums && wanted.list.side == Side::NotMet { String::new() } else { check };
    Paging {
        line,
        tone: if listed == counted || check.is_empty() { String::new() } else { "worse".to_owned() },
        check,
        has_first: wanted.list.after.is_some(),
        first: wanted.here.without(&["after"]).href(),
        has_next: next.is_some(),
        next: next.map_or(String::new(), |next| wanted.here.with("after", &next.text()).href()),
    }
}

/// What the two numbers count, where it is not cases.
fn counts(lang: Lang, figure: &Figure, side: Side) -> String {
    let is_numerator = side == Side::Numerator || figure.denominator.is_none();
    let sums = if is_numerator { &figure.numerator_sums } else { &figure.denominator_sums };
    match (sums, figure.shape, lang) {
        (None, ..) => String::new(),
        (Some(_), Shape::Points, Lang::Zh) => "（百分之一分，不是件数）".to_owned(),
        (Some(_), Shape::Points, Lang::En) => " (hundredths of a point, not cases)".to_owned(),
        (Some(sums), _, Lang::Zh) => format!("（各案 {sums} 之和，不是件数）"),
        (Some(sums), _, Lang::En) => format!(" (sum of {sums}, not cases)"),
    }
}

fn table(wanted: &Wanted, cases: &[CaseBehind]) -> Table {
    let (lang, columns) = (wanted.lang, shown_columns(wanted));
    let row = |case: &CaseBehind| {
        let cells = columns.iter().map(|column| Cell {
            label: lang.of(column.zh, column.en).to_owned(),
            ..shown_cell(wanted, case, (column.cell)(case))
        });
        Row { cells: cells.collect(), ..Row::default() }
    };
    Table {
        caption: lang.of("案件", "Cases").to_owned(),
        is_caption_hidden: true,
        cls: "list stackable".to_owned(),
        cols: columns.iter().map(|column| cases_form::head(wanted, column)).collect(),
        rows: cases.iter().map(row).collect(),
        ..Table::default()
    }
}

fn shown_cell(wanted: &Wanted, case: &CaseBehind, shows: CaseCell<'_>) -> Cell {
    let lang = wanted.lang;
    match shows {
        CaseCell::Number(text) => Cell { is_head: true, has_href: true, href: case_page(wanted, case), ..cell(text) },
        CaseCell::Text(text) => cell(text),
        CaseCell::Standing(name) => cell(standing_of(name, lang)),
        CaseCell::Time(at) => cell(&at.map(|at| shown(Millis(at), &wanted.asked.zone)).unwrap_or_default()),
        CaseCell::Lasted(ms) => number(&ms.map(hours).unwrap_or_default()),
        CaseCell::Met(Some(true)) => cell(lang.of("是", "yes")),
        CaseCell::Met(Some(false)) => cell(lang.of("否", "no")),
        CaseCell::Met(None) => cell(""),
        CaseCell::Count(count) => number(&grouped(count)),
    }
}

/// As of the instant of the list.
pub(super) fn case_page(wanted: &Wanted, case: &CaseBehind) -> String {
    let here = Address::new(&of_case(&case.stream, &case.case_id), Vec::new());
    let of_list = |name: &str| wanted.here.get(name).unwrap_or_default().to_owned();
    here.with("as-of", &of_list("as-of")).with("lang", &of_list("lang")).href()
}

fn standing_of(name: &str, lang: Lang) -> &str {
    Standing::from_name(name).map_or(name, |known| lang.of(standing(known), name))
}
