//! When a limit that begins at a time is due: the form, and the answer of `tongguan calendar due`.

use axum::response::Response;

use super::{Form, parts, policy::limit, shown};
use crate::{
    ask::{
        Moment,
        unclear::{AskError, DAYS_END, UNIT, Unclear, no_such},
    },
    domain::{
        calendar::{Convention, Unit, civil::Wall},
        time::Millis,
    },
    http::page::{
        account::cell,
        address::Address,
        asked::lang,
        frame::Page,
        part::Panel,
        rows,
        sheet::{Sheet, SheetPage, WebForm, lines, only_takes, panel, said, state, twins},
        site::Site,
        words::Lang,
    },
    report::{
        calendar::{
            due::{DueOrder, LimitDue, hours_on, told},
            provisional, weekday,
        },
        json,
    },
};

const TAKEN: [&str; 6] = ["start", "limit", "unit", "convention", "windows", "lang"];

pub(super) fn answer(site: &Site, here: &Address, form: Form) -> Result<Response, AskError> {
    only_takes(here, &TAKEN)?;
    let lang = lang(here)?;
    let is_asked = TAKEN[..5].iter().any(|name| here.get(name).is_some());
    if form == Form::Page && !is_asked {
        return Ok(shown(&page(site, here, lang, None)));
    }
    let order = order(here)?;
    let told = told(&site.sources.limits.calendar, &order)?;
    Ok(match form {
        Form::Page => shown(&page(site, here, lang, Some(&told))),
        Form::Json | Form::Csv => rows(Form::Json, |out| json::write(&told.json(), out)),
    })
}

fn order(here: &Address) -> Result<DueOrder, Unclear> {
    let given = |name| here.get(name).ok_or(Unclear::DueWithout { parameter: name });
    let (start, count) = (given("start")?, given("limit")?);
    let names = Unit::ALL.map(Unit::name);
    let name = given("unit")?.to_uppercase();
    let unit = Unit::from_name(&name).ok_or_else(|| no_such(UNIT, &name, &names))?;
    let convention = here.get("convention").map(|name| {
        let names = Convention::ALL.map(Convention::name);
        Convention::from_name(&name.to_uppercase()).ok_or_else(|| no_such(DAYS_END, name, &names))
    });
    Ok(DueOrder {
        start: start.parse::<Moment>()?,
        limit: count.parse().map_err(|_| Unclear::NotWhole { parameter: "limit", text: count.to_owned() })?,
        unit,
        convention: convention.transpose()?,
        windows: here.get("windows").map(str::to_owned),
    })
}

fn page(site: &Site, here: &Address, lang: Lang, told: Option<&LimitDue<'_>>) -> SheetPage {
    let title = lang.of("推算时限", "When is it due?");
    let mut page = Page::of(site, lang, here, ("words", title.to_owned()));
    let mut sheet = Sheet { chips: vec![parts(lang, here)], first: vec![form(here, lang)], ..Sheet::default() };
    if let Some(told) = told {
        page.twins = twins(here, &["json"]);
        if told.found.is_provisional {
            let text = said(lang, &provisional()).to_owned();
            sheet.states.push(state("stale", lang.of("暂定", "Provisional"), text));
        }
        sheet.panels.push(answer_panel(lang, told));
    }
    SheetPage { page, sheet, t: lang.words() }
}

fn answer_panel(lang: Lang, told: &LimitDue<'_>) -> Panel {
    let calendar = told.calendar;
    let time = |at: Millis| {
        let day = Wall::at(at, &calendar.zone).day.date();
        format!("{} {}", at.rfc3339(&calendar.zone), said(lang, &weekday(day)))
    };
    let due = match (told.through(), lang) {
        (Some(last), Lang::Zh) => format!("{}，即 {last} 结束前", time(told.found.due.at)),
        (Some(last), Lang::En) => format!("{}, that is through {last}", time(told.found.due.at)),
        (None, _) => time(told.found.due.at),
    };
    let rows = vec![
        (lang.of("起算", "start"), cell(&time(told.start))),
        (lang.of("时限", "limit"), cell(&limit(lang, told.limit))),
        (lang.of("作息", "hours"), cell(&hours_on(calendar, &told.schedule, told.start))),
        (lang.of("到期", "due"), cell(&due)),
        (lang.of("日历", "calendar"), cell(&calendar.version.id)),
    ];
    let title = lang.of("到期时间", "Due");
    panel("due", title, vec![lines(title, rows)])
}

pub(super) fn form(here: &Address, lang: Lang) -> WebForm {
    let value = |name: &str| here.get(name).unwrap_or_default();
    let or =
        |name: &str, usual: &str| if value(name).is_empty() { usual.to_owned() } else { value(name).to_uppercase() };
    let unit = |unit: Unit| (unit.name().to_owned(), lang.of(unit.title_zh(), unit.name()).to_owned());
    let way = |how: Convention| (how.name().to_owned(), lang.of(how.title_zh(), how.name()).to_owned());
    let usual = (String::new(), lang.of("通常（至当日24时）", "the usual (END_OF_DAY)").to_owned());
    let title = lang.of("推算时限", "When is it due?");
    WebForm::get("ask-due", title, "/words/due", lang.of("推算", "Reckon"))
        .hide("lang", value("lang"))
        .input("datetime-local", "start", lang.of("起算", "start"), value("start"), "2021-03-06T10:00")
        .input("number", "limit", lang.of("时限", "limit"), value("limit"), "5")
        .select("unit", lang.of("单位", "unit"), &or("unit", "WORK_DAY"), Unit::ALL.map(unit))
        .select(
            "convention",
            lang.of("日的算法", "convention of days"),
            &or("convention", ""),
            std::iter::once(usual).chain(Convention::ALL.map(way)),
        )
        .input("text", "windows", lang.of("作息", "hours"), value("windows"), "default")
}
