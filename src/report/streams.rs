//! What a stream takes, and what its events mean for the figures.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Value, json};

use super::paper::Text;

/// As its file tells.
#[derive(Clone, Debug)]
pub struct StreamTold {
    /// As the file and figures call it.
    pub name: String,
    /// 主题.
    pub topic: String,
    /// 名称.
    pub title: Text,
    /// It takes tallies, not cases.
    pub is_tally: bool,
    /// What counts as received, closed and so on: event types, or results.
    pub means: Vec<StreamMeaning>,
    /// The dimensions that its file names, each with the values that it knows.
    pub dimensions: Vec<StreamDimension>,
    /// Which cases, and what finishes them.
    pub base: StreamBase,
    /// Figures under the names that they have in it.
    pub rates: Vec<StreamRate>,
}

#[derive(Clone, Debug)]
pub struct StreamMeaning {
    /// For programs: `received`.
    pub key: &'static str,
    pub title: Text,
    /// Event types, or results, by name.
    pub words: Vec<String>,
}

/// What cases of the stream may be told apart by.
#[derive(Clone, Debug)]
pub struct StreamDimension {
    pub name: String,
    pub title: Text,
    /// Empty: any.
    pub values: Vec<String>,
}

/// Which cases closure and timeliness are about, and what a due is compared with.
#[derive(Clone, Debug)]
pub struct StreamBase {
    /// 重复工单 count each.
    pub duplicates: bool,
    /// 直接答复 count.
    pub direct_answers: bool,
    /// What a due is compared with, in words.
    pub finish: String,
}

#[derive(Clone, Debug)]
pub struct StreamRate {
    /// As `tongguan kpi` takes it.
    pub figure: String,
    pub title: Text,
    /// Of which cases: values by dimension.
    pub only: BTreeMap<String, String>,
}

impl StreamTold {
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}: {} {}", self.name, self.title.zh, self.title.en)?;
        if self.is_tally {
            writeln!(out, "计数 counts: case.tallied.v1")?;
        }
        for one in self.means.iter().filter(|one| !one.words.is_empty()) {
            writeln!(out, "{} {}: {}", one.title.zh, one.title.en, one.words.join(", "))?;
        }
        for one in &self.dimensions {
            let values = if one.values.is_empty() { String::new() } else { format!(": {}", one.values.join(", ")) };
            writeln!(out, "维度 dimension {}: {} {}{values}", one.name, one.title.zh, one.title.en)?;
        }
        Ok(())
    }

    pub fn json(&self) -> Value {
        let text = |text: &Text| json!({ "zh": text.zh, "en": text.en });
        let means: serde_json::Map<String, Value> =
            self.means.iter().map(|one| (one.key.to_owned(), json!(one.words))).collect();
        json!({
            "stream": self.name,
            "topic": self.topic,
            "title": text(&self.title),
            "is_tally": self.is_tally,
            "means": means,
            "base": {
                "duplicates": self.base.duplicates,
                "direct_answers": self.base.direct_answers,
                "finish": self.base.finish,
            },
            "dimensions": self.dimensions.iter().map(|one| json!({
                "name": one.name, "title": text(&one.title), "values": one.values,
            })).collect::<Vec<_>>(),
            "rates": self.rates.iter().map(|one| json!({
                "kpi": one.figure, "title": text(&one.title), "only": one.only,
            })).collect::<Vec<_>>(),
        })
    }
}
