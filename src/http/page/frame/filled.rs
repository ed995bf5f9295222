//! The frame filled in: with what every page has, and with the question that one is about.

use jiff::tz::TimeZone;

use super::{Basis, Check, Fact, Filter, Hidden, Input, Nav, Page, Select, SelectOption, Twin, User, shown};
use crate::{
    ask,
    domain::{kpi::Period, time::Millis},
    http::{
        auth::{self, Visitor, VisitorKind},
        page::{
            address::Address,
            asked::{OF_LISTS, Wanted},
            assets, period,
            running::{banners, facts},
            site::{Site, Took},
            words::Lang,
        },
    },
    store::kpi::{Dimension, Question},
};

/// The views that the head of every page leads to: path, title, and whether the question is taken along to it.
#[rustfmt::skip]
const VIEWS: &[(&str, (&str, &str), bool)] = &[
    ("/overview", ("总览", "Overview"), true),
    ("/figures", ("指标", "Figures"), true),
    ("/running", ("运行", "Running"), false),
    ("/what-if", ("试算", "What if"), false),
    ("/upload", ("上传", "Upload"), false),
    ("/reports", ("报表", "Reports"), false),
    ("/words", ("释义", "Words"), false),
];

impl User {
    fn of(site: &Site, who: &Visitor, lang: Lang) -> Option<Self> {
        let VisitorKind::Person(role) = who.kind else { return None };
        let own = |path: &str| if site.auth.has_log_in() { path.to_owned() } else { String::new() };
        Some(Self {
            name: who.name.clone(),
            role: lang.of(role.title_zh(), role.name()).to_owned(),
            account: own("/account"),
            logout: own("/logout"),
            csrf: who.csrf.clone(),
        })
    }
}

impl Page {
    /// What every page has, of an address.
    pub(in crate::http::page) fn of(site: &Site, lang: Lang, here: &Address, (view, title): (&str, String)) -> Self {
        let question = here.without(OF_LISTS);
        let visitor = auth::visitor();
        let who = visitor.as_deref();
        // Strangers at the log-in are told nothing of the service.
        let is_known = who.is_none_or(|who| who.kind != VisitorKind::Nobody);
        let lang_only = Address::new("", Vec::new()).with("lang", here.get("lang").unwrap_or_default());
        let is_there = |(path, ..): &&(&str, (&str, &str), bool)| *path != "/upload" || site.uploads.is_some();
        let to = |(path, (zh, en), is_asked): &(&str, (&str, &str), bool)| Nav {
            href: if *is_asked { question.at(path).href() } else { lang_only.at(path).href() },
            text: lang.of(zh, en).to_owned(),
            is_here: here.path == *path || here.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')),
        };
        Self {
            lang: lang.of("zh-CN", "en").to_owned(),
            lang_other: lang.of("en", "zh-CN").to_owned(),
            lang_text: lang.of("English", "中文").to_owned(),
            lang_href: here.with("lang", lang.of("en", "")).href(),
            view: view.to_owned(),
            title,
            town: site.town.clone(),
            home: question.at("/").href(),
            icon: assets::ICON.href(),
            css: assets::CSS.href(),
            js: assets::JS.href(),
            address: here.href(),
            facts: if is_known { facts(site, lang) } else { Vec::new() },
            banners: if is_known { banners(site, lang) } else { Vec::new() },
            nav: VIEWS.iter().filter(is_there).filter(|(path, ..)| auth::may_get(path)).map(to).collect(),
            user: who.and_then(|who| User::of(site, who, lang)).into_iter().collect(),
            csrf: who.map(|who| who.csrf.clone()).unwrap_or_default(),
            basis: vec![
                Basis {
                    text: if is_known {
                        format!("Tongguan {}", env!("CARGO_PKG_VERSION"))
                    } else {
                        "Tongguan".to_owned()
                    },
                    ..Basis::default()
                },
                Basis { text: format!("{} {}", lang.of("时区", "zone"), site.zone), ..Basis::default() },
            ],
            ..Self::default()
        }
    }

    /// Of a question and its answer.
    pub(in crate::http::page) fn of_question(
        site: &Site,
        wanted: &Wanted,
        question: &Question,
        head: (&str, String),
        took: &Took,
    ) -> Self {
        let (lang, here) = (wanted.lang, &wanted.here);
        let mut page = Self::of(site, lang, here, head);
        page.narrowed(lang, question, &wanted.asked.zone);
        page.twins(here);
        page.asks(site, lang, here);
        page.turns(wanted, question.period, (site.now)());
        page.took = format!("{} {} {}", lang.of("用时", "took"), took.ms(), lang.of("毫秒", "ms"));
        page
    }

    /// The period of the form: what turns it, and the days that it begins with and ends before.
    fn turns(&mut self, wanted: &Wanted, asked: Period, now: Millis) {
        let zone = &wanted.asked.zone;
        for filter in &mut self.filters {
            if let Some((from, to)) = period::days(asked, zone) {
                let day = |name: &str| if name == "from" { from } else { to };
                let dates = filter.inputs.iter_mut().filter(|input| input.kind == "date");
                dates.for_each(|input| input.value = day(&input.name).to_string());
            }
            filter.steps = period::steps(&wanted.here, asked, zone, now, wanted.lang).into_iter().collect();
        }
    }

    /// The same answer for programs, at the same address.
    fn twins(&mut self, here: &Address) {
        let twin = |(mime, ending, text): (&str, &str, &str)| Twin {
            mime: mime.to_owned(),
            href: here.at(&format!("{}.{ending}", here.path)).without(&["lang"]).href(),
            text: text.to_owned(),
        };
        let all = [("application/json", "json", "JSON"), ("text/csv", "csv", "CSV")];
        let may = |(_, ending, _): &(&str, &str, &str)| auth::may_get(&format!("{}.{ending}", here.path));
        self.twins = all.into_iter().filter(may).map(twin).collect();
    }

    /// Period, as-of and what else narrows the question: the head of the page, also of a printed one.
    fn narrowed(&mut self, lang: Lang, question: &Question, zone: &TimeZone) {
        let mut fact = |k: &str, v: String| self.facts.push(Fact { k: k.to_owned(), v, cls: String::new() });
        let Period { from, to, as_of } = question.period;
        fact(lang.of("时段", "period"), format!("{} – {}", shown(from, zone), shown(to, zone)));
        fact(lang.of("截至", "as of"), shown(as_of, zone));
        if let Some(stream) = &question.stream {
            fact(lang.of("业务流", "stream"), stream.clone());
        }
        for (dimension, value) in &question.only {
            fact(dimension.name(), value.clone());
        }
        if let Some(due_by) = question.due_by {
            fact(lang.of("时限不晚于", "due by"), shown(due_by, zone));
        }
        for (dimension, values) in &question.own {
            let own = match dimension {
                Dimension::Town => lang.of("仅限本人街镇", "only own towns"),
                _ => lang.of("仅限本人单位", "only own units"),
            };
            fact(own, values.join("、"));
        }
        if question.is_assessed {
            fact(lang.of("只看考核", "assessed only"), String::new());
        }
    }

    /// The form by which the question is changed.
    pub(in crate::http::page) fn asks(&mut self, site: &Site, lang: Lang, here: &Address) {
        let value = |name: &str| here.get(name).unwrap_or_default().to_owned();
        let input = |kind: &str, name: &str, label: &str| Input {
            kind: kind.to_owned(),
            name: name.to_owned(),
            label: label.to_owned(),
            value: if name == "as-of" {
                local(&value(name), here.get("timezone").unwrap_or(&site.zone))
            } else {
                value(name)
            },
            ..Input::default()
        };
        let inputs = [
            ("date", "from", lang.of("从", "from")),
            ("date", "to", lang.of("到（不含）", "to")),
            ("datetime-local", "as-of", lang.of("截至", "as of")),
        ];
        let is_asked =
            |name: &str| inputs.iter().any(|(_, asked, _)| *asked == name) || name == "stream" || name == "assessed";
        let hidden = period::without(here);
        let hidden = hidden.pairs().filter(|(name, _)| !is_asked(name));
        let option = |name: &str, text: &str| SelectOption {
            value: name.to_owned(),
            text: text.to_owned(),
            is_on: value("stream") == name,
        };
        let all = std::iter::once(option("", lang.of("全部", "all")));
        self.filters = vec![Filter {
            action: here.path.clone(),
            hidden: hidden.map(|(name, value)| Hidden { name: name.to_owned(), value: value.to_owned() }).collect(),
            inputs: inputs.map(|(kind, name, label)| input(kind, name, label)).into(),
            selects: vec![Select {
                name: "stream".to_owned(),
                label: lang.of("业务流", "stream").to_owned(),
                options: all.chain(site.streams.iter().map(|stream| option(&stream.name, &stream.name))).collect(),
            }],
            checks: vec![Check {
                name: "assessed".to_owned(),
                value: "1".to_owned(),
                label: lang.of("只看考核", "assessed only").to_owned(),
                is_on: here.get("assessed").is_some(),
            }],
            ..Filter::default()
        }];
    }
}

/// A time as a field of a form takes it: a browser shows nothing for any other form of it, and would then send none.
fn local(text: &str, zone: &str) -> String {
    let at = ask::zone(zone).and_then(|zone| Ok(ask::instant("as-of", text, &zone)?.rfc3339(&zone)));
    at.ok().and_then(|text| text.get(..19).map(str::to_owned)).unwrap_or_default()
}
