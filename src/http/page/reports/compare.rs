//! Two editions of a report beside each other: the figures that differ.

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    Form,
    asked::{EditionPath, group_chips, grouped_by},
    edition::{back, facts, name},
    lang, shown,
    trouble::ReportTrouble,
};
use crate::{
    ask::unclear::Unclear,
    domain::kpi::Figure,
    http::page::{
        account::{cell, number},
        address::Address,
        frame::Page,
        part::{Cell, Panel, Row, Table},
        rows,
        sheet::{Sheet, SheetPage, fields, only_takes, panel, row, state, table, twins},
        site::Site,
        words::Lang,
    },
    report::{
        count::grouped,
        drift::text::signed,
        json as plain, kpi_csv,
        publish::{
            Chain, json as published,
            recount::Counted,
            value::{counted, value},
        },
    },
    store::published::{Edition, Frozen, figures},
};

const COLUMNS: [&str; 5] = ["kpi", "grouped_by", "group", "first", "second"];

/// A figure, by what it is grouped, and of which group.
type Place<'a> = (&'a str, &'a [String], &'a [String]);

/// A figure in both.
struct Beside<'a> {
    place: Place<'a>,
    first: Option<Counted>,
    second: Option<Counted>,
    is_redefined: bool,
}

pub(super) async fn answer(
    site: &Site,
    here: &Address,
    form: Form,
    path: EditionPath,
) -> Result<Response, ReportTrouble> {
    only_takes(here, &["lang", "with", "group-by"])?;
    let (lang, by) = (lang(here)?, grouped_by(here)?);
    let with = here.get("with").unwrap_or_default();
    let with: u32 = with.parse().map_err(|_| Unclear::NotOtherEdition { text: with.to_owned() })?;
    let _turn = site.turns.acquire().await;
    let chain = Chain::read(&site.store).await?;
    let (first, second) = (path.find(&chain, with)?, path.find(&chain, path.number)?);
    let (old, new) =
        tokio::try_join!(figures::of(&site.store, &first.attempt), figures::of(&site.store, &second.attempt))?;
    let all = beside(&old, &new);
    let values = || {
        json!({
            "first": published::edition(first),
            "second": published::edition(second),
            "same": all.len() - all.iter().filter(|one| one.differs()).count(),
            "figures": all.iter().filter(|one| one.differs()).map(Beside::json).collect::<Vec<_>>(),
        })
    };
    Ok(match form {
        Form::Json => rows(form, |out| plain::write(&values(), out)),
        Form::Csv => rows(form, |out| {
            let differing = all.iter().filter(|one| one.differs());
            kpi_csv::write(differing.map(|one| fields(&one.json(), &COLUMNS)).collect(), out)
        }),
        Form::Page => shown(&page(site, here, lang, by, [first, second], &all)),
    })
}

fn beside<'a>(old: &'a [Frozen], new: &'a [Frozen]) -> Vec<Beside<'a>> {
    let mut all: BTreeMap<Place<'a>, [Option<&'a Frozen>; 2]> = BTreeMap::new();
    for (side, figures) in [old, new].into_iter().enumerate() {
        for one in figures {
            all.entry((one.figure.as_str(), &one.grouped_by, &one.groups)).or_default()[side] = Some(one);
        }
    }
    let one = |(place, [first, second]): (Place<'a>, [Option<&'a Frozen>; 2])| Beside {
        place,
        first: first.map(counted),
        second: second.map(counted),
        is_redefined: first.zip(second).is_some_and(|(old, new)| old.definition_sha256 != new.definition_sha256),
    };
    all.into_iter().map(one).collect()
}

impl Beside<'_> {
    fn differs(&self) -> bool {
        self.first != self.second || self.is_redefined
    }

    fn json(&self) -> Value {
        let side = |side: Option<Counted>| {
            side.map(|one| json!({ "numerator": one.numerator, "denominator": one.denominator }))
        };
        json!({
            "kpi": self.place.0,
            "grouped_by": self.place.1,
            "group": self.place.2,
            "first": side(self.first),
            "second": side(self.second),
            "is_redefined": self.is_redefined,
        })
    }
}

fn page(
    site: &Site,
    here: &Address,
    lang: Lang,
    by: Option<&'static str>,
    [first, second]: [&Edition; 2],
    all: &[Beside<'_>],
) -> SheetPage {
    let title = match lang {
        Lang::Zh => format!("{} 与第 {} 版比较", name(lang, second), first.edition),
        Lang::En => format!("{} compared with edition {}", name(lang, second), first.edition),
    };
    let mut page = Page::of(site, lang, here, ("reports", title));
    page.twins = twins(&here.without(&["group-by"]), &["json", "csv"]);
    page.facts = facts(lang, second);
    let wanted: Vec<&str> = by.into_iter().collect();
    let some: Vec<&Beside<'_>> = all.iter().filter(|one| one.place.1.iter().eq(wanted.iter())).collect();
    let (differing, same): (Vec<&Beside<'_>>, Vec<&Beside<'_>>) = some.into_iter().partition(|one| one.differs());
    let mut sheet = Sheet { chips: vec![back(lang, here, first), back(lang, here, second)], ..Sheet::default() };
    if differing.is_empty() {
        let text = match lang {
            Lang::Zh => format!("{} 个数字都相同。", grouped(same.len() as u64)),
            Lang::En => format!("All {} figures are the same.", grouped(same.len() as u64)),
        };
        sheet.states.push(state("empty", lang.of("没有不同", "Nothing differs"), text));
    }
    let sub = match lang {
        Lang::Zh => format!("{} 个不同，其余 {} 个相同", differing.len(), same.len()),
        Lang::En => format!("{} differ, {} are the same", differing.len(), same.len()),
    };
    let title = lang.of("不同的数字", "Figures that differ");
    let tables =
        if differing.is_empty() { Vec::new() } else { vec![differences(lang, by, [first, second], &differing)] };
    sheet.panels.push(Panel { sub, chips: vec![group_chips(here, lang, by)], ..panel("figures", title, tables) });
    SheetPage { page, sheet, t: lang.words() }
}

fn differences(lang: Lang, by: Option<&'static str>, [first, second]: [&Edition; 2], all: &[&Beside<'_>]) -> Table {
    let edition = |one: &Edition| match lang {
        Lang::Zh => format!("第 {} 版", one.edition),
        Lang::En => format!("edition {}", one.edition),
    };
    let (first, second) = (edition(first), edition(second));
    let mut heads = vec![(lang.of("指标", "figure"), ""), (lang.of("编号", "id"), "")];
    heads.extend(by.map(|name| (name, "")));
    heads.extend([
        (first.as_str(), "n"),
        (second.as_str(), "n"),
        (lang.of("分子", "n"), "n"),
        (lang.of("分母", "d"), "n"),
        (lang.of("定义", "definition"), ""),
    ]);
    let line = |one: &&Beside<'_>| -> Row {
        let figure = Figure::by_id(one.place.0);
        let difference = |of: fn(&Counted) -> i64| {
            let side = |side: Option<Counted>| side.as_ref().map_or(0, of);
            number(&signed(side(one.second) - side(one.first)))
        };
        let title = figure.map_or("", |figure| lang.of(&figure.title.zh, &figure.title.en));
        let mut cells = vec![Cell { is_head: true, ..cell(title) }, cell(one.place.0)];
        cells.extend(by.map(|_| cell(&one.place.2.join(","))));
        cells.extend([
            number(&value(figure, one.first.as_ref())),
            number(&value(figure, one.second.as_ref())),
            difference(|counted| counted.numerator),
            difference(|counted| counted.denominator.unwrap_or(0)),
            cell(if one.is_redefined { lang.of("已改", "another") } else { "" }),
        ]);
        row(cells)
    };
    table(lang.of("不同的数字", "Figures that differ"), &heads, all.iter().map(line).collect())
}
