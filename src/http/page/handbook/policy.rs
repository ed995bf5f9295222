//! The policy that judges: its rules in the order in which they are asked, and its worked examples, tried as the page is made.

use axum::response::Response;
use serde_json::{Value, json};

use super::{Form, parts, shown};
use crate::{
    ask::unclear::AskError,
    domain::{
        calendar::Limit,
        fact::FactKind,
        policy::{Criterion, Extension, ExtensionMode, Policy, PolicyExample, Rework, Rule, Stage},
        rules::Rules,
    },
    http::page::{
        account::{cell, number},
        address::Address,
        asked::lang,
        frame::{Fact, Page, shown as at},
        part::{Cell, Panel, Row, Table},
        rows,
        sheet::{Sheet, SheetPage, lines, only_takes, panel, row, table, twins},
        site::Site,
        words::Lang,
    },
    report::{case::words::fact, json as plain, kpi_csv, policy::policy_json, rule_miss::wanted},
};

pub(super) fn answer(site: &Site, here: &Address, form: Form) -> Result<Response, AskError> {
    only_takes(here, &["lang"])?;
    let lang = lang(here)?;
    let policy = &site.sources.limits.policy;
    let tried = || -> Vec<Tried<'_>> { site.sources.examples.iter().map(Tried::of).collect() };
    Ok(match form {
        Form::Page => shown(&page(site, here, lang, policy, &tried())),
        Form::Json => rows(form, |out| {
            let mut value = policy_json(policy);
            value["examples"] = tried().iter().map(Tried::json).collect::<Vec<_>>().into();
            plain::write(&value, out)
        }),
        Form::Csv => rows(form, |out| kpi_csv::write(policy.rules().iter().flat_map(stages).collect(), out)),
    })
}

/// A rule by its stages, for a table.
fn stages(rule: &Rule) -> Vec<Vec<(String, Value)>> {
    let stage = |stage: &Stage| {
        let pair = |name: &str, value: Value| (name.to_owned(), value);
        vec![
            pair("rule", rule.id.as_str().into()),
            pair("stage", stage.name.name().into()),
            pair("limit", stage.limit.count().into()),
            pair("unit", stage.limit.unit().name().into()),
            pair("convention", stage.limit.convention().map(|how| how.name()).into()),
            pair("start", stage.start.name().into()),
            pair("stop", stage.stop.name().into()),
            pair("yellow_at", stage.yellow_at.into()),
            pair("source", rule.source.as_str().into()),
        ]
    };
    rule.stages.iter().map(stage).collect()
}

/// A worked example, and what came of it.
struct Tried<'a> {
    example: &'a PolicyExample,
    /// What does not hold; none: it holds.
    differs: Vec<String>,
}

impl<'a> Tried<'a> {
    fn of((example, rules): &'a (PolicyExample, Option<Rules>)) -> Self {
        let differs = match rules {
            None => vec![format!("there is no stream {:?}", example.stream)],
            Some(rules) => match example.differences(rules) {
                Ok(all) => all.iter().map(ToString::to_string).collect(),
                Err(error) => vec![error.to_string()],
            },
        };
        Self { example, differs }
    }

    fn json(&self) -> Value {
        let expected = &self.example.expected;
        json!({
            "stream": self.example.stream,
            "life": self.example.life,
            "as_of": self.example.as_of,
            "rule": expected.rule,
            "due": expected.due,
            "standing": expected.standing,
            "because": self.example.because,
            "holds": self.differs.is_empty(),
            "differs": self.differs,
        })
    }
}

fn page(site: &Site, here: &Address, lang: Lang, policy: &Policy, tried: &[Tried<'_>]) -> SheetPage {
    let title = lang.of("时限规则", "Policy");
    let mut page = Page::of(site, lang, here, ("words", title.to_owned()));
    page.twins = twins(here, &["json", "csv"]);
    page.facts = vec![Fact {
        k: lang.of("版本", "version").to_owned(),
        v: format!("{} {}", policy.id, policy.version),
        cls: String::new(),
    }];
    let lead = lang.of(
        "越具体的规则越靠前，先相符的判定案件。案件没有写明时限时用它。",
        "The more specific rule comes first, and the first that fits judges the case, where no event states a due.",
    );
    let mut panels: Vec<Panel> = policy.rules().iter().map(|rule| of_rule(lang, policy, rule)).collect();
    if !tried.is_empty() {
        panels.push(examples(lang, tried));
    }
    let sheet = Sheet { leads: vec![lead.to_owned()], chips: vec![parts(lang, here)], panels, ..Sheet::default() };
    SheetPage { page, sheet, t: lang.words() }
}

fn of_rule(lang: Lang, policy: &Policy, rule: &Rule) -> Panel {
    let mut says: Vec<(&str, Cell)> = Criterion::ALL
        .into_iter()
        .filter_map(|criterion| {
            let value = wanted(&rule.criteria, criterion)?;
            Some((lang.of(criterion.title_zh(), criterion.name()), cell(&value)))
        })
        .collect();
    if says.is_empty() {
        says.push((lang.of("适用", "applies to"), cell(lang.of("所有案件", "every case"))));
    }
    let time = |instant| cell(&at(instant, &policy.zone));
    says.extend(rule.validity.from.map(|from| (lang.of("自", "valid from"), time(from))));
    says.extend(rule.validity.until.map(|until| (lang.of("至（不含）", "valid before"), time(until))));
    if !rule.source.is_empty() {
        says.push((lang.of("出处", "source"), cell(&rule.source)));
    }
    let title = if rule.title.is_empty() { rule.id.to_string() } else { format!("{} {}", rule.title, rule.id) };
    let tables = vec![lines(&title, says), stage_table(lang, &title, &rule.stages)];
    panel(&format!("rule-{}", rule.id), &title, tables)
}

fn stage_table(lang: Lang, title: &str, stages: &[Stage]) -> Table {
    let heads = [
        (lang.of("环节", "stage"), ""),
        (lang.of("时限", "limit"), ""),
        (lang.of("起 – 止", "from – to"), ""),
        (lang.of("挂账时", "during a pause"), ""),
        (lang.of("延期", "extension"), ""),
        (lang.of("返工", "rework"), ""),
        (lang.of("退单", "return"), ""),
        (lang.of("黄灯", "yellow from"), "n"),
    ];
    let event = |kind: FactKind| lang.of(fact(kind), kind.name()).to_owned();
    let line = |stage: &Stage| -> Row {
        row(vec![
            Cell { is_head: true, ..cell(lang.of(stage.name.title_zh(), stage.name.name())) },
            cell(&limit(lang, stage.limit)),
            cell(&format!("{} – {}", event(stage.start), event(stage.stop))),
            cell(if stage.is_pausable { lang.of("停表", "stops") } else { lang.of("不停", "runs on") }),
            cell(&stage.extension.map_or_else(|| "–".to_owned(), |one| extension(lang, one))),
            cell(&rework(lang, stage.rework)),
            cell(if stage.return_stops_clock { lang.of("停表", "stops") } else { lang.of("不停", "runs on") }),
            number(&format!("{} %", stage.yellow_at)),
        ])
    };
    table(title, &heads, stages.iter().map(line).collect())
}

/// `5 工作日，至当日24时`.
pub(super) fn limit(lang: Lang, limit: Limit) -> String {
    let unit = lang.of(limit.unit().title_zh(), limit.unit().name());
    match limit.convention() {
        Some(how) => format!("{} {unit}{}{}", limit.count(), lang.of("，", ", "), lang.of(how.title_zh(), how.name())),
        None => format!("{} {unit}", limit.count()),
    }
}

fn extension(lang: Lang, one: Extension) -> String {
    let mode = match one.mode {
        ExtensionMode::AddOriginal => lang.of("再加原时限", "the limit once more").to_owned(),
        ExtensionMode::AddN(more) => format!("+ {}", limit(lang, more)),
        ExtensionMode::SetDue(None) => lang.of("按批准的时限", "the due that is approved").to_owned(),
        ExtensionMode::SetDue(Some(else_limit)) => {
            let words = lang.of("按批准的时限，未写明的为", "the due that is approved, or from the approval");
            format!("{words} {}", limit(lang, else_limit))
        }
    };
    let cures = if one.cures_lateness { lang.of("，可补救超时", ", cures lateness") } else { "" };
    format!("{mode} ×{}{cures}", one.max_times)
}

fn rework(lang: Lang, one: Rework) -> String {
    match one {
        Rework::Continue => lang.of("到原时限", "to the same due").to_owned(),
        Rework::Restart => lang.of("重新计时", "the limit anew").to_owned(),
        Rework::Fixed(own) => limit(lang, own),
    }
}

fn examples(lang: Lang, tried: &[Tried<'_>]) -> Panel {
    let heads = [
        (lang.of("业务流", "stream"), ""),
        (lang.of("生平", "life"), ""),
        (lang.of("截至", "as of"), ""),
        (lang.of("规则", "rule"), ""),
        (lang.of("时限", "due"), ""),
        (lang.of("状态", "standing"), ""),
        (lang.of("依据", "because"), ""),
        (lang.of("结果", "result"), ""),
    ];
    let whole = |text: &str| Cell { cls: "t".to_owned(), ..cell(text) };
    let or_dash = |text: &Option<String>| whole(text.as_deref().filter(|text| !text.is_empty()).unwrap_or("–"));
    let line = |one: &Tried<'_>| -> Row {
        let result = match one.differs.is_empty() {
            true => whole(lang.of("✓ 成立", "✓ holds")),
            false => Cell {
                cls: "worse".to_owned(),
                ..cell(&format!("✕ {} {}", lang.of("不成立：", "does not hold:"), one.differs.join("; ")))
            },
        };
        row(vec![
            whole(&one.example.stream),
            cell(&one.example.life),
            whole(&one.example.as_of),
            or_dash(&one.example.expected.rule),
            or_dash(&one.example.expected.due),
            or_dash(&one.example.expected.standing),
            cell(&one.example.because),
            result,
        ])
    };
    let title = lang.of("算例", "Worked examples");
    let sub = lang.of("出此页时逐个算过", "each was worked out as this page was made");
    Panel {
        sub: sub.to_owned(),
        ..panel("examples", title, vec![table(title, &heads, tried.iter().map(line).collect())])
    }
}
