//! The cases behind a figure, by the predicate that counts them: the page says that as many are listed as were counted.

use std::sync::Arc;

use askama::Template;

use super::{
    account::{cell, head, of_all},
    address::{Address, of_case},
    asked::Wanted,
    figure::{list, signed, the_answer},
    frame::{Page as Frame, shown},
    part::{Cell, Chip, Chips, Paging, Row, State, Table},
    site::{Site, Took},
    words::{Lang, Words},
};
use crate::{
    ask::{can_list, unclear::AskError},
    domain::{history::Standing, time::Millis},
    report::{case::words::standing, count::grouped, rate},
    store::kpi::{self, Answer, CaseBehind, ListedInAll, Page, Question, Side},
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

/// A page of the list, for every format.
pub(super) async fn listed(site: &Site, wanted: &Wanted) -> Result<Vec<CaseBehind>, AskError> {
    let question = wanted.question()?;
    can_list(question, wanted.side == Side::NotMet)?;
    let after = (!wanted.after.is_empty()).then(|| kpi::LastCase::numbered(&wanted.after));
    let page = Page { limit: wanted.limit, side: wanted.side, after: after.as_ref(), ..Page::default() };
    Ok(kpi::cases_behind(&site.store, question, page).await?)
}

pub(super) async fn page(site: &Arc<Site>, wanted: &Wanted) -> Result<CasesPage, AskError> {
    let took = Took::begin();
    let question = &Question { group_by: Vec::new(), ..wanted.question()?.clone() };
    let (cases, in_all, answer) = tokio::try_join!(
        listed(site, wanted),
        async { Ok(kpi::listed_in_all(&site.store, question, wanted.side).await?) },
        the_answer(site, question),
    )?;
    let lang = wanted.lang;
    let title = format!("{} {}", lang.of("案件", "Cases"), question.figure.id);
    let page = Frame::of_question(site, wanted, question, ("cases", title), &took);
    let is_empty = cases.is_empty();
    Ok(CasesPage {
        question: vec![behind(wanted, question, &answer)],
        parts: vec![sides(wanted, question)],
        pagings: vec![paging(wanted, question, &cases, (in_all, &answer))],
        states: if is_empty { vec![empty(lang)] } else { Vec::new() },
        tables: if is_empty { Vec::new() } else { vec![table(wanted, &cases)] },
        page,
        t: lang.words(),
    })
}

fn behind(wanted: &Wanted, question: &Question, answer: &Answer) -> Behind {
    let (lang, figure) = (wanted.lang, question.figure);
    let here = wanted.here.at(&format!("/figures/{}", figure.id)).without(&["part", "after", "limit"]);
    let value = match answer.denominator {
        Some(_) => rate::of_figure(Some(figure), answer.numerator.unsigned_abs(), answer.denominator),
        None => signed(answer.numerator),
    };
    Behind {
        href: here.href(),
        figure: lang.of(&figure.title.zh, &figure.title.en).to_owned(),
        code: figure.id.clone(),
        part: side_name(lang, wanted.side).to_owned(),
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
        href: list(wanted, question.figure, *side),
        text: side_name(lang, *side).to_owned(),
        is_here: *side == wanted.side,
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
    (in_all, answer): (ListedInAll, &Answer),
) -> Paging {
    let lang = wanted.lang;
    let (n, d) = (answer.numerator.unsigned_abs(), answer.denominator.unwrap_or_default());
    let (listed, counted) = match wanted.side {
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
        "{} {} {sign} {} {}",
        lang.of("清单", "list"),
        grouped(listed),
        lang.of("指标", "figure"),
        grouped(counted)
    );
    // Where a case counts for more than one, what does not meet the figure is no difference of its counts.
    let sums = question.figure.numerator_sums.is_some() || question.figure.denominator_sums.is_some();
    let check = if sums && wanted.side == Side::NotMet { String::new() } else { check };
    let last = cases.last().filter(|_| cases.len() as u64 >= wanted.limit);
    Paging {
        line,
        tone: if listed == counted || check.is_empty() { String::new() } else { "worse".to_owned() },
        check,
        has_first: !wanted.after.is_empty(),
        first: wanted.here.without(&["after"]).href(),
        has_next: last.is_some(),
        next: last.map_or(String::new(), |case| wanted.here.with("after", &case.case_id).href()),
    }
}

fn table(wanted: &Wanted, cases: &[CaseBehind]) -> Table {
    let lang = wanted.lang;
    let heads = [
        lang.of("案件编号", "case"),
        lang.of("业务流", "stream"),
        lang.of("类别", "category"),
        lang.of("责任单位", "unit"),
        lang.of("村居", "community"),
        lang.of("状态", "standing"),
        lang.of("受理", "received"),
        lang.of("时限", "due"),
        lang.of("结案", "closed"),
        lang.of("达标", "met"),
    ];
    let time = |at: Option<i64>| cell(&at.map(|at| shown(Millis(at), &wanted.asked.zone)).unwrap_or_default());
    let row = |case: &CaseBehind| {
        let met = match (case.numerator, case.denominator) {
            (true, _) => lang.of("是", "yes"),
            (false, true) => lang.of("否", "no"),
            (false, false) => "",
        };
        Row {
            cells: vec![
                Cell { is_head: true, has_href: true, href: case_page(wanted, case), ..cell(&case.case_id) },
                cell(&case.stream),
                cell(either(&case.category_name, &case.category_code)),
                cell(either(&case.unit_name, &case.unit)),
                cell(&case.community),
                cell(standing_of(&case.standing, lang)),
                time(case.received_at),
                time(case.due_at),
                time(case.closed_at),
                cell(met),
            ],
            ..Row::default()
        }
    };
    let mut rows: Vec<Row> = cases.iter().map(row).collect();
    for row in &mut rows {
        row.cells.iter_mut().zip(heads).for_each(|(cell, head)| head.clone_into(&mut cell.label));
    }
    Table {
        caption: lang.of("案件", "Cases").to_owned(),
        is_caption_hidden: true,
        cls: "list stackable".to_owned(),
        cols: heads.map(|text| head(text, "")).into(),
        rows,
        ..Table::default()
    }
}

/// As of the instant of the list.
pub(super) fn case_page(wanted: &Wanted, case: &CaseBehind) -> String {
    let here = Address::new(&of_case(&case.stream, &case.case_id), Vec::new());
    let of_list = |name: &str| wanted.here.get(name).unwrap_or_default().to_owned();
    here.with("as-of", &of_list("as-of")).with("lang", &of_list("lang")).href()
}

fn standing_of(name: &str, lang: Lang) -> &str {
    match Standing::ALL.iter().find(|(_, known)| *known == name) {
        Some((known, _)) => lang.of(standing(*known), name),
        None => name,
    }
}

pub(super) fn either<'a>(name: &'a str, code: &'a str) -> &'a str {
    if name.is_empty() { code } else { name }
}
