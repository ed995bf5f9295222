//! The form of a trial: the period, and either one limit of the policy in force or a rule file. What cannot be tried is told on the form, with
//! everything that had been filled in.

use std::sync::Arc;

use askama::Template;

use super::{
    super::{
        account::{cell, head},
        address::Address,
        asked::lang,
        frame::{Hidden, Input, Link, Page, Select},
        part::{Cell, Panel, Row, State, Table},
        problem,
        sheet::{self, only_takes},
        site::Site,
        words::{Lang, Words},
    },
    FILE_MAX,
    door::{Refusal, WhatifDoor, WhatifFault, WhatifOrder},
    trials::Trial,
};
use crate::{
    ask::{
        self, Asked, Terms, check_stream,
        unclear::{AskError, DAYS_END, PARAMETER, UNIT, Unclear, ensure, no_such},
    },
    domain::{
        calendar::{Convention, Limit, Unit},
        policy::{Policy, Rule, Stage},
        rules::Limits,
    },
    report::{case::words, count::grouped, whatif::WhatifAsked},
};

#[derive(Debug, Template)]
#[template(path = "whatif.html")]
pub(super) struct WhatifFormPage {
    page: Page,
    states: Vec<State>,
    /// The faults of the rule file.
    faults: Vec<Table>,
    hidden: Vec<Hidden>,
    inputs: Vec<Input>,
    streams: Vec<Select>,
    changes: Vec<Select>,
    count: String,
    file: String,
    kept: Vec<Panel>,
    t: &'static Words,
}

/// What is to be tried, and in words what that changes.
pub(super) struct Order {
    pub(super) order: WhatifOrder,
    pub(super) what: String,
}

/// What the form has besides the question.
const OWN: [&str; 6] = ["lang", "rule", "n", "unit", "day", "policy"];
const OF_QUESTION: [&str; 7] = ["from", "to", "month", "quarter", "year", "as-of", "stream"];

pub(super) fn read(site: &Site, door: &WhatifDoor, here: &Address) -> Result<Order, Refusal> {
    lang(here)?;
    let mut terms = Terms::default();
    for (name, text) in here.pairs() {
        let taken = if OF_QUESTION.contains(&name) { terms.take(name, text) } else { None };
        match taken {
            Some(taken) => taken?,
            None if OWN.contains(&name) => {}
            None => return Err(no_such(PARAMETER, name, &[&OF_QUESTION[..], &OWN].concat()).into()),
        }
    }
    let asked = Asked::read("K06a", &terms, &site.zone, (site.now)())?;
    check_stream(terms.stream.as_deref(), &site.streams)?;
    let (policy, what) = tried(door, here)?;
    let limits = Arc::new(Limits::new(policy, door.limits.calendar.clone()));
    let period = asked.only_question()?.period;
    let asked = WhatifAsked { stream: terms.stream, ..WhatifAsked::new(period, asked.zone, &limits) };
    Ok(Order { order: WhatifOrder { asked, limits }, what })
}

/// The policy to try: the file, or the one in force with one limit changed.
fn tried(door: &WhatifDoor, here: &Address) -> Result<(Policy, String), Refusal> {
    match (here.get("policy"), here.get("rule")) {
        (Some(text), None) => {
            ensure(text.len() <= FILE_MAX, too_long)?;
            let policy = (door.read)(text).map_err(Refusal::File)?;
            let what = format!("规则文件 rule file: {} {}", policy.id, policy.version);
            Ok((policy, what))
        }
        (None, Some(name)) => changed(&door.limits.policy, name, here),
        _ => Err(Unclear::NothingToTry.into()),
    }
}

pub(super) fn too_long() -> Unclear {
    Unclear::FileTooLong { most_kib: FILE_MAX as u64 / 1024 }
}

fn changed(policy: &Policy, name: &str, here: &Address) -> Result<(Policy, String), Refusal> {
    let all: Vec<String> = stages(policy).map(|(rule, stage)| name_of(rule, stage)).collect();
    let names: Vec<&str> = all.iter().map(String::as_str).collect();
    ensure(names.contains(&name), || no_such(("规则与环节", "rule"), name, &names))?;
    let limit = limit(here)?;
    let mut rules = policy.rules().to_vec();
    let mut what = String::new();
    for rule in &mut rules {
        let id = rule.id.clone();
        for stage in rule.stages.iter_mut().filter(|stage| format!("{id}/{}", stage.name.name()) == name) {
            what = format!("{name}: {} → {}", words::limit(stage.limit), words::limit(limit));
            stage.limit = limit;
        }
    }
    // Another text under a version that is in force would be two policies of one name.
    let version = format!("{}+what-if", policy.version);
    let policy = Policy::new(&policy.id, &version, policy.zone.clone(), rules);
    Ok((policy.map_err(|_| Unclear::Contradicts)?, what))
}

fn limit(here: &Address) -> Result<Limit, Unclear> {
    let (Some(count), Some(unit)) = (here.get("n"), here.get("unit")) else {
        return Err(Unclear::NoLimit);
    };
    let count = count.parse().map_err(|_| Unclear::NotWhole { parameter: "n", text: count.to_owned() })?;
    let unit = Unit::from_name(unit).ok_or_else(|| no_such(UNIT, unit, &Unit::ALL.map(Unit::name)))?;
    let how = here.get("day").map(|name| {
        let known = Convention::ALL.map(Convention::name);
        Convention::from_name(name).ok_or_else(|| no_such(DAYS_END, name, &known))
    });
    // Hours have none, whatever the form says.
    let how = how.transpose()?.filter(|_| unit.is_days());
    ask::limit(count, unit, how)
}

fn stages(policy: &Policy) -> impl Iterator<Item = (&Rule, &Stage)> {
    policy.rules().iter().flat_map(|rule| rule.stages.iter().map(move |stage| (rule, stage)))
}

/// `grid/DISPOSE`.
fn name_of(rule: &Rule, stage: &Stage) -> String {
    format!("{}/{}", rule.id, stage.name.name())
}

pub(super) fn page(
    site: &Site,
    door: &WhatifDoor,
    here: &Address,
    refusal: Option<&Refusal>,
) -> Result<WhatifFormPage, AskError> {
    let lang = lang(here)?;
    if refusal.is_none() {
        only_takes(here, &[&OF_QUESTION[..], &OWN].concat())?;
    }
    let title = lang.of("试算", "What if").to_owned();
    let mut page = Page::of(site, lang, &here.without(&["policy"]), ("whatif", title));
    page.again.clear();
    Ok(WhatifFormPage {
        states: refusal.into_iter().flat_map(|refusal| told(refusal, lang)).collect(),
        faults: refusal.into_iter().filter_map(|refusal| faults(refusal, lang)).collect(),
        hidden: here
            .get("lang")
            .map(|name| Hidden { name: "lang".to_owned(), value: name.to_owned() })
            .into_iter()
            .collect(),
        inputs: inputs(here, lang),
        streams: vec![streams(site, here, lang)],
        changes: changes(door, here, lang),
        count: here.get("n").unwrap_or_default().to_owned(),
        file: here.get("policy").unwrap_or_default().to_owned(),
        kept: kept(&door.kept((site.now)()), here, lang).into_iter().collect(),
        page,
        t: lang.words(),
    })
}

fn told(refusal: &Refusal, lang: Lang) -> Option<State> {
    let mut links = Vec::new();
    let (title, text) = match refusal {
        Refusal::Ask(error) => (lang.of("没有开始试算", "Nothing was begun"), problem::told(error, lang.wording()).1),
        Refusal::File(found) => {
            let text = match lang {
                Lang::Zh => format!("{} 处错误，逐条列在下面。", found.len()),
                Lang::En => format!("{} faults, one by one below.", found.len()),
            };
            (lang.of("规则文件不能使用", "The rule file cannot be used"), text)
        }
        Refusal::TooMany { cases, most } => {
            let (cases, most) = (grouped(*cases), grouped(*most));
            let text = match lang {
                Lang::Zh => format!(
                    "这一时段要重新折叠 {cases} 件案件，网页最多 {most} 件（page.whatif_cases_max）。请缩短时段、选一个业务流，或用命令 tongguan whatif。"
                ),
                Lang::En => format!(
                    "This period means {cases} cases to fold again, and a page folds {most} at most (page.whatif_cases_max). Ask for a shorter period or for one stream, or use the command tongguan whatif."
                ),
            };
            (lang.of("案件太多", "Too many cases"), text)
        }
        Refusal::Busy(id) => {
            let href = id.iter().map(|id| format!("/what-if/{id}"));
            links =
                href.map(|href| Link { href, text: lang.of("看它的进度", "see how far it is").to_owned() }).collect();
            let text = lang.of("同时只做一个，请稍后再试。", "One at a time; try again when it has ended.");
            (lang.of("另一个试算正在进行", "Another trial is under way"), text.to_owned())
        }
    };
    let state =
        State {
            kind: "failed".to_owned(), sign: "✕".to_owned(), title: title.to_owned(), text, links, is_busy: false
        };
    Some(state)
}

fn faults(refusal: &Refusal, lang: Lang) -> Option<Table> {
    let Refusal::File(found) = refusal else { return None };
    let row = |fault: &WhatifFault| Row {
        cells: vec![Cell { is_head: true, ..cell(&fault.place) }, cell(&fault.what), cell(&fault.remedy)],
        ..Row::default()
    };
    let heads = [lang.of("位置", "where"), lang.of("错误", "what"), lang.of("怎么改", "what to do")];
    Some(Table {
        caption: lang.of("规则文件的错误", "faults of the rule file").to_owned(),
        is_linkless: true,
        cols: heads.map(|text| head(text, "")).into(),
        rows: found.iter().map(row).collect(),
        ..Table::default()
    })
}

fn inputs(here: &Address, lang: Lang) -> Vec<Input> {
    let input = |(kind, name, label): (&str, &str, &str)| Input {
        kind: kind.to_owned(),
        name: name.to_owned(),
        label: label.to_owned(),
        value: here.get(name).unwrap_or_default().to_owned(),
        ..Input::default()
    };
    [
        ("month", "month", lang.of("月份", "month")),
        ("date", "from", lang.of("或从", "or from")),
        ("date", "to", lang.of("到（不含）", "to")),
        ("datetime-local", "as-of", lang.of("截至", "as of")),
    ]
    .map(input)
    .into()
}

fn select(here: &Address, name: &str, label: &str, options: Vec<(String, String)>) -> Select {
    let usual = if name == "unit" { Unit::WorkDay.name() } else { "" };
    sheet::select(name, label, here.get(name).unwrap_or(usual), options)
}

fn streams(site: &Site, here: &Address, lang: Lang) -> Select {
    let all = (String::new(), lang.of("全部", "all").to_owned());
    let names = site.streams.iter().map(|stream| (stream.name.to_string(), stream.name.to_string()));
    select(here, "stream", lang.of("业务流", "stream"), std::iter::once(all).chain(names).collect())
}

/// Which limit, and to what.
fn changes(door: &WhatifDoor, here: &Address, lang: Lang) -> Vec<Select> {
    let policy = &door.limits.policy;
    let rule = |(rule, stage): (&Rule, &Stage)| {
        let stage_name = lang.of(stage.name.title_zh(), stage.name.name());
        (name_of(rule, stage), format!("{} {} {stage_name}: {}", rule.id, rule.title, words::limit(stage.limit)))
    };
    let none = (String::new(), lang.of("（不改）", "(none)").to_owned());
    let unit = |unit: Unit| (unit.name().to_owned(), lang.of(unit.title_zh(), unit.name()).to_owned());
    let day = |how: Convention| (how.name().to_owned(), lang.of(how.title_zh(), how.name()).to_owned());
    let rules = std::iter::once(none).chain(stages(policy).map(rule)).collect();
    vec![
        select(here, "rule", lang.of("规则与环节（现行时限）", "rule and stage (limit in force)"), rules),
        select(here, "unit", lang.of("单位", "unit"), Unit::ALL.map(unit).into()),
        select(here, "day", lang.of("日的算法", "days end"), Convention::ALL.map(day).into()),
    ]
}

/// What was tried within the hour.
fn kept(trials: &[Arc<Trial>], here: &Address, lang: Lang) -> Option<Panel> {
    let row = |trial: &Arc<Trial>| {
        let href = here.at(&format!("/what-if/{}", trial.id)).only(&["lang"]).href();
        let word = match (trial.is_running(), trial.error()) {
            (true, _) => lang.of("进行中", "under way"),
            (_, Some(_)) => lang.of("未完成", "failed"),
            _ => lang.of("完成", "done"),
        };
        Row {
            cells: vec![Cell { is_head: true, has_href: true, href, ..cell(&trial.what) }, cell(word)],
            ..Row::default()
        }
    };
    let heads = [lang.of("改了什么", "what is changed"), lang.of("状态", "state")];
    (!trials.is_empty()).then(|| Panel {
        id: "kept".to_owned(),
        title: lang.of("一小时内的试算", "Trials of the last hour").to_owned(),
        tables: vec![Table {
            caption: lang.of("一小时内的试算", "Trials of the last hour").to_owned(),
            is_caption_hidden: true,
            cols: heads.map(|text| head(text, "")).into(),
            rows: trials.iter().rev().map(row).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    })
}
