//! What was chosen for each column, and the mapping that it makes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    codes::{ASKED, propose_options},
    dates::twin,
    meaning::{MEANINGS, ProposeKind, propose_meaning},
    toml_text::{quoted, take, texts},
};

/// As a form sends it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposeChoices {
    pub stream: String,
    pub source: String,
    pub timezone: String,
    pub sheet: Option<String>,
    pub delimiter: Option<char>,
    pub null_values: Vec<String>,
    pub formats: Vec<String>,
    /// Formats with the month first, of which it is not known whether it is.
    pub either: Vec<String>,
    /// What was said of that: `day`, `month`, or asked.
    pub order: String,
    /// Name and meaning of each column; empty: none.
    pub columns: Vec<(String, String)>,
    /// By the meaning, what each code becomes.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// Why no mapping can be made of it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposeLack {
    NoCaseId,
    NoTime,
    /// A column of which it was not said what it is.
    Column(String),
    /// A code of which it was not said what it means.
    Code {
        meaning: &'static str,
        code: String,
    },
    /// Day or month first.
    Order,
    /// Two columns of one name, of which one is chosen.
    Twice(String),
    Zone(String),
}

impl ProposeChoices {
    fn of(&self, id: &str) -> Vec<&str> {
        self.columns.iter().filter(|(_, meaning)| meaning == id).map(|(name, _)| name.as_str()).collect()
    }

    fn has(&self, id: &str) -> bool {
        self.columns.iter().any(|(_, meaning)| meaning == id)
    }

    /// Codes that become this.
    fn codes(&self, meaning: &str, becomes: &str) -> Vec<&str> {
        let all = self.values.get(meaning).into_iter().flatten();
        all.filter(|(_, to)| *to == becomes).map(|(code, _)| code.as_str()).collect()
    }

    pub fn lacks(&self) -> Vec<ProposeLack> {
        let mut lacks = Vec::new();
        if !self.has("case_id") {
            lacks.push(ProposeLack::NoCaseId);
        }
        if !["reported", "accepted", "filed"].iter().any(|id| self.has(id)) {
            lacks.push(ProposeLack::NoTime);
        }
        let mut names = BTreeSet::new();
        let repeated: Vec<&str> =
            self.columns.iter().map(|(name, _)| name.as_str()).filter(|name| !names.insert(*name)).collect();
        for (name, meaning) in &self.columns {
            if meaning == ASKED {
                lacks.push(ProposeLack::Column(name.clone()));
            } else if !meaning.is_empty() && repeated.contains(&name.as_str()) {
                lacks.push(ProposeLack::Twice(name.clone()));
            }
        }
        for meaning in MEANINGS.iter().filter(|meaning| self.has(meaning.id)) {
            let asked = self.codes(meaning.id, ASKED);
            lacks.extend(asked.iter().map(|code| ProposeLack::Code { meaning: meaning.id, code: (*code).to_owned() }));
        }
        if !self.either.is_empty() && !["day", "month"].contains(&self.order.as_str()) {
            lacks.push(ProposeLack::Order);
        }
        if jiff::tz::TimeZone::get(&self.timezone).is_err() {
            lacks.push(ProposeLack::Zone(self.timezone.clone()));
        }
        lacks
    }

    /// The mapping, as a text. What is lacking is left out of it.
    pub fn mapping(&self) -> String {
        let mut text = format!(
            "stream = {}\nsource = {}\ntimezone = {}\n",
            quoted(&self.stream),
            quoted(&self.source),
            quoted(&self.timezone)
        );
        if let Some(sheet) = &self.sheet {
            text.push_str(&format!("sheet = {}\n", quoted(sheet)));
        }
        if self.delimiter.is_some() || !self.null_values.is_empty() {
            text.push_str("\n[csv]\n");
            if let Some(delimiter) = self.delimiter {
                text.push_str(&format!("delimiter = {}\n", quoted(&delimiter.to_string())));
            }
            if !self.null_values.is_empty() {
                text.push_str(&format!("null_values = {}\n", texts(&self.null_values)));
            }
        }
        text.push_str(&format!("\n[time]\nformats = {}\n", texts(&self.all_formats())));
        text.push_str(&format!("\n[case]\nid = {}\n", take(&self.of("case_id"))));
        self.write_filter(&mut text);
        self.write_fields(&mut text);
        self.write_events(&mut text);
        self.write_values(&mut text);
        text
    }

    fn all_formats(&self) -> Vec<String> {
        let day_first = |format: &String| twin(format).map_or_else(|| format.clone(), str::to_owned);
        let either =
            self.either.iter().map(|format| if self.order == "day" { day_first(format) } else { format.clone() });
        let mut formats: Vec<String> = self.formats.iter().cloned().chain(either).collect();
        if formats.is_empty() {
            // Dates of a workbook need none, and a mapping has one.
            formats.push("%Y-%m-%d %H:%M:%S".to_owned());
        }
        formats
    }

    fn write_filter(&self, text: &mut String) {
        let skipped = self.codes("status", "skip");
        if let (Some(column), false) = (self.of("status").first(), skipped.is_empty()) {
            text.push_str(&format!("\n[[filter]]\ncolumn = {}\nnot_in = {}\n", quoted(column), texts(&skipped)));
        }
    }

    /// What is known of the case as a whole.
    fn write_fields(&self, text: &mut String) {
        const OF_EVENTS: [&str; 5] = ["unit", "result", "satisfaction", "solved", "status"];
        let is_field = |kind: ProposeKind| !matches!(kind, ProposeKind::CaseId | ProposeKind::Time);
        let fields = MEANINGS.iter().filter(|one| is_field(one.kind) && !OF_EVENTS.contains(&one.id));
        let mut lines = String::new();
        for field in fields.filter(|field| self.has(field.id)) {
            lines.push_str(&format!("{} = {}\n", field.id, self.value(field.id)));
        }
        if !lines.is_empty() {
            text.push_str("\n[fields]\n");
            text.push_str(&lines);
        }
    }

    /// Where a field's value comes from, by the map of its codes where it has one.
    fn value(&self, id: &str) -> String {
        let take = take(&self.of(id));
        match self.has_map(id) {
            true => format!("{}, map = {} }}", take.trim_end_matches(" }"), quoted(id)),
            false => take,
        }
    }

    fn has_map(&self, id: &str) -> bool {
        id != "status" && !propose_options(id).is_empty() && self.values.get(id).is_some_and(|all| !all.is_empty())
    }

    fn write_values(&self, text: &mut String) {
        for id in self.values.keys().filter(|id| self.has_map(id) && self.has(id)) {
            let keeps = id == "channel";
            let all = self.values[id].iter().filter(|(_, to)| *to != ASKED && !(keeps && to.is_empty()));
            let pairs: Vec<String> = all.map(|(code, to)| format!("{} = {}", quoted(code), quoted(to))).collect();
            text.push_str(&format!("\n[values.{}]\nmap = {{ {} }}\n", quoted(id), pairs.join(", ")));
            if keeps {
                text.push_str("keep = true\n");
            }
        }
    }

    fn write_events(&self, text: &mut String) {
        let mut event = |kind: &str, times: &[&str], lines: &[String]| {
            let columns: Vec<&str> = times.iter().flat_map(|id| self.of(id)).collect();
            if !columns.is_empty() {
                text.push_str(&format!("\n[[event]]\ntype = \"case.{kind}.v1\"\ntime = {}\n", take(&columns)));
                lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
            }
        };
        let reject = || vec!["missing_time = \"reject\"".to_owned()];
        let skip = || "missing_time = \"skip\"".to_owned();
        let data = |id: &str| self.has(id).then(|| format!("data.{id} = {}", self.value(id)));
        event("reported", &["reported"], &[]);
        // Every case is opened by its acceptance; without one, by what is known instead.
        match (self.has("accepted"), self.has("reported")) {
            (true, true) => event("accepted", &["accepted"], &[]),
            (true, false) => event("accepted", &["accepted"], &reject()),
            (false, _) => event("accepted", &["reported", "filed"], &reject()),
        }
        event("filed", &["filed"], &[]);
        if let Some(unit) = self.of("unit").first() {
            let when = format!("when = {{ column = {}, not_empty = true }}", quoted(unit));
            let times: &[&str] =
                if self.has("dispatched") { &["dispatched"] } else { &["accepted", "filed", "reported"] };
            event("dispatched", times, &[vec![when, skip()], data("unit").into_iter().collect()].concat());
        }
        event("signed", &["signed"], &data("unit").into_iter().collect::<Vec<_>>());
        event("contacted", &["contacted"], &["data.contacted = { value = true }".to_owned()]);
        event("submitted", &["submitted"], &data("unit").into_iter().collect::<Vec<_>>());
        let when = |becomes: &str| {
            let column = quoted(self.of("status").first()?);
            let (codes, open) = (self.codes("status", becomes), self.codes("status", "open"));
            let is = format!("{{ column = {column}, in = {} }}", texts(&codes));
            // What is open was thought of, and is not asked about.
            let is_not = format!("{{ column = {column}, not_in = {} }}", texts(&open));
            match (codes.is_empty(), open.is_empty()) {
                (true, _) => None,
                (false, true) => Some(format!("when = {is}")),
                (false, false) => Some(format!("when = [{is}, {is_not}]")),
            }
        };
        let status = when("closed");
        // Where a status is there and none means closed, nothing is.
        if status.is_some() || !self.has("status") {
            event("closed", &["closed"], &[status, data("result")].into_iter().flatten().collect::<Vec<_>>());
        }
        let answers: Vec<String> = ["solved", "satisfaction"].into_iter().filter_map(data).collect();
        let reached = "data.reached = { value = true }".to_owned();
        if self.has("revisited") {
            event("revisited", &["revisited"], &[vec![reached], answers].concat());
        } else if let Some(column) = self.of("satisfaction").first().or(self.of("solved").first()) {
            let when = format!("when = {{ column = {}, not_empty = true }}", quoted(column));
            event("revisited", &["closed"], &[vec![when, skip(), reached], answers].concat());
        }
        if let Some(when) = when("void") {
            let known = ["closed", "submitted", "dispatched", "filed", "accepted", "reported"];
            event("voided", &known, &[when]);
        }
    }
}

/// By the id, what a meaning is called.
pub fn propose_title(id: &str) -> (&'static str, &'static str) {
    propose_meaning(id).map_or(("", ""), |meaning| (meaning.zh, meaning.en))
}
