//! By what a list of cases is narrowed, sorted, shown and taken away: the form's choices, the heads that sort, the columns, and the
//! exports.

use std::sync::Arc;

use super::{
    asked::Wanted,
    figure::the_answer,
    frame::{Page, Select, SelectOption, Twin, shown},
    part::{Chip, Chips, Col},
    site::Site,
    words::Lang,
};
use crate::{
    ask::{GroupNames, unclear::AskError},
    http::{auth, list::CaseList},
    report::{
        count::counts,
        listed::{CASE_COLUMNS, CaseColumn, usual},
    },
    store::kpi::{self, CaseSort, Dimension, Question},
};

const NARROWED_BY: [(Dimension, (&str, &str)); 5] = [
    (Dimension::Town, ("街镇", "town")),
    (Dimension::Unit, ("责任单位", "unit")),
    (Dimension::Kind, ("类型", "kind")),
    (Dimension::Channel, ("来源渠道", "channel")),
    (Dimension::Category, ("类别", "category")),
];

/// More would be a list that nobody finds anything in; the address takes any.
const OPTIONS_MAX: usize = 500;

/// For each dimension its values in the cases, with their names.
pub(super) async fn selects(site: &Arc<Site>, wanted: &Wanted) -> Result<Vec<Select>, AskError> {
    let dimensions = NARROWED_BY.map(|(dimension, _)| dimension);
    let (names, all) = tokio::try_join!(
        GroupNames::read(&dimensions, &site.store, &site.names),
        kpi::values_of(&site.store, &dimensions)
    )?;
    let select = |place: usize, mut values: Vec<String>| {
        values.sort_unstable();
        select(wanted, place, &values, &names)
    };
    Ok(all.into_iter().enumerate().map(|(place, values)| select(place, values)).collect())
}

fn select(wanted: &Wanted, place: usize, values: &[String], names: &GroupNames) -> Select {
    let (dimension, (zh, en)) = NARROWED_BY[place];
    let chosen = chosen(wanted, dimension);
    let option = |value: &str| {
        let mut labels = vec![String::new(); NARROWED_BY.len()];
        value.clone_into(&mut labels[place]);
        names.name(&mut labels);
        SelectOption {
            value: format!("{}={value}", dimension.name()),
            text: labels.swap_remove(place),
            is_on: chosen == Some(value),
        }
    };
    let all = SelectOption { text: wanted.lang.of("全部", "all").to_owned(), ..SelectOption::default() };
    let unlisted = chosen.filter(|value| !values.iter().take(OPTIONS_MAX).any(|one| one == value));
    let listed = values.iter().take(OPTIONS_MAX).map(String::as_str);
    Select {
        name: "only".to_owned(),
        label: wanted.lang.of(zh, en).to_owned(),
        options: std::iter::once(all).chain(unlisted.into_iter().chain(listed).map(option)).collect(),
    }
}

/// The value that the address gives this dimension: the first, where it gives several.
fn chosen(wanted: &Wanted, dimension: Dimension) -> Option<&str> {
    let only = wanted.asked.questions.first().map(|question| &question.only)?;
    only.iter().find(|(known, _)| *known == dimension).map(|(_, value)| value.as_str())
}

/// The head of the page, with what a list has besides.
pub(super) fn complete(page: &mut Page, wanted: &Wanted, question: &Question, selects: Vec<Select>) {
    if let Some(filter) = page.filters.first_mut() {
        let is_on =
            |value: &str| selects.iter().flat_map(|select| &select.options).any(|one| one.is_on && one.value == value);
        filter.hidden.retain(|hidden| hidden.name != "only" || !is_on(&hidden.value));
        filter.selects.extend(selects);
    }
    // The same list: all of it, as of the instant that is shown.
    let as_of = question.period.as_of.rfc3339(&wanted.asked.zone);
    let whole = wanted.here.without(&["after", "limit"]).with("as-of", &as_of);
    let may = |(_, ending, _): &(&str, &str, &str)| auth::may_get(&format!("{}.{ending}", wanted.here.path));
    let twin = |(mime, ending, text): (&str, &str, &str)| Twin {
        mime: mime.to_owned(),
        href: whole.at(&format!("{}.{ending}", wanted.here.path)).href(),
        text: text.to_owned(),
    };
    page.twins.retain(|twin| twin.text != "CSV");
    let all = [("text/csv", "csv", "CSV"), (super::XLSX, "xlsx", "Excel")];
    page.twins.extend(all.into_iter().filter(may).map(twin));
}

pub(super) fn shown_columns(wanted: &Wanted) -> Vec<&'static CaseColumn> {
    if wanted.columns.is_empty() { usual() } else { wanted.columns.clone() }
}

/// Each adds its column, or takes it away.
pub(super) fn columns(wanted: &Wanted) -> Chips {
    let now = shown_columns(wanted);
    let chip = |column: &'static CaseColumn| {
        let is_here = now.iter().any(|one| one.name == column.name);
        let names = now.iter().map(|one| one.name).filter(|name| *name != column.name);
        let names: Vec<&str> = names.chain((!is_here).then_some(column.name)).collect();
        Chip {
            href: wanted.here.with("columns", &names.join(",")).href(),
            text: wanted.lang.of(column.zh, column.en).to_owned(),
            is_here,
            ..Chip::default()
        }
    };
    Chips { label: wanted.lang.of("列：", "columns: ").to_owned(), chips: CASE_COLUMNS.iter().map(chip).collect() }
}

/// Sorts by it; once more, the other way round.
pub(super) fn head(wanted: &Wanted, column: &CaseColumn) -> Col {
    let order = wanted.list.order;
    let text = wanted.lang.of(column.zh, column.en).to_owned();
    let cls = if matches!(column.name, "duration" | "n" | "d") { "n".to_owned() } else { String::new() };
    let Some(sort) = column.sort else { return Col { text, has_text: true, cls, ..Col::default() } };
    let is_sorted = sort == order.sort;
    let is_down = is_sorted && order.is_descending;
    let here = wanted.here.without(&["after", "desc"]);
    let here = here.with("sort", if sort == CaseSort::Case { "" } else { sort.name() });
    Col {
        text,
        has_text: true,
        cls,
        href: if is_sorted && !is_down { here.with("desc", "1") } else { here }.href(),
        has_href: true,
        is_sorted,
        order: if is_down { "descending" } else { "ascending" }.to_owned(),
        mark: match (is_sorted, is_down) {
            (false, _) => String::new(),
            (true, false) => "▲".to_owned(),
            (true, true) => "▼".to_owned(),
        },
    }
}

/// What the second sheet of a workbook says: what was asked, what it means, what it counts.
pub(super) async fn about(
    site: &Arc<Site>,
    wanted: &Wanted,
    list: &CaseList,
) -> Result<Vec<(String, String)>, AskError> {
    let (lang, question, zone) = (wanted.lang, &list.question, &list.zone);
    let (figure, period) = (question.figure, question.period);
    let (answer, in_all) = {
        let _turn = site.turns.acquire().await;
        let in_all = async { Ok(kpi::listed_in_all(&site.store, question, list.side).await?) };
        tokio::try_join!(the_answer(site, question), in_all)?
    };
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |(zh, en): (&str, &str), value: String| {
        if !value.is_empty() {
            all.push((lang.of(zh, en).to_owned(), value));
        }
    };
    add(("指标", "figure"), format!("{} {}", figure.id, lang.of(&figure.title.zh, &figure.title.en)));
    add(("口径", "convention"), format!("{}, {}", figure.convention, figure.cohort.name()));
    add(("算法", "formula"), lang.of(&figure.formula.zh, &figure.formula.en).to_owned());
    add(("计入", "counts"), lang.of(&figure.counts.zh, &figure.counts.en).to_owned());
    add(("不计入", "leaves out"), lang.of(&figure.leaves_out.zh, &figure.leaves_out.en).to_owned());
    add(("时段", "period"), format!("{} – {}", shown(period.from, zone), shown(period.to, zone)));
    add(("截至", "as of"), period.as_of.rfc3339(zone));
    add(("时区", "zone"), question.zone.clone());
    add(("业务流", "stream"), question.stream.clone().unwrap_or_default());
    for (dimension, value) in &question.only {
        add((dimension.name(), dimension.name()), value.clone());
    }
    add(("时限不晚于", "due by"), question.due_by.map(|at| shown(at, zone)).unwrap_or_default());
    add(("只看考核", "assessed only"), if question.is_assessed { yes(lang).to_owned() } else { String::new() });
    add(("部分", "part"), list.side.name().to_owned());
    add(("分子/分母", "numerator/denominator"), counts(answer.numerator, answer.denominator));
    add(("清单件数", "rows of the list"), in_all.rows.to_string());
    let address = wanted.here.without(&["after", "limit"]).with("as-of", &period.as_of.rfc3339(zone));
    add(("地址", "address"), address.href());
    Ok(all)
}

fn yes(lang: Lang) -> &'static str {
    lang.of("是", "yes")
}
