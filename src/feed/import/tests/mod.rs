//! The import without Kafka: files in, events into a list.

mod boston;
mod citygrid;
mod documents;
mod faults;
mod mappings;
mod meaning;
mod packed;
mod reading;
mod types;
mod workbooks;
mod written;

use std::{convert::Infallible, io::Cursor};

use serde_json::Value;

use super::{ImportError, Importer, Mapping, Streams, Summary};

const STREAMS: Streams<'static> = Streams::Known(&["hotline", "grid", "verdicts"]);

/// A small mapping that most tests vary; sections may follow it.
const BASIC: &str = r#"
stream = "hotline"
source = "urn:test"
timezone = "Asia/Shanghai"
[time]
formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"]
[case]
id = "id"
[[event]]
type = "case.accepted.v1"
time = "opened"
"#;

struct Ran {
    summary: Summary,
    events: Vec<Value>,
    bytes: Vec<u8>,
    rejects: String,
}

impl Ran {
    fn ids(&self) -> Vec<&str> {
        self.events.iter().map(|event| event["id"].as_str().unwrap()).collect()
    }

    /// `accepted 2021-03-01T08:30:00+08:00`
    fn times(&self) -> Vec<String> {
        let of = |event: &Value, field: &str| event[field].as_str().unwrap().to_owned();
        let name = |event: &Value| of(event, "type").replace("case.", "").replace(".v1", "");
        self.events.iter().map(|event| format!("{} {}", name(event), of(event, "time"))).collect()
    }

    /// (line, column, start of the reason)
    fn reasons(&self) -> Vec<(String, String, String)> {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.flexible(true).from_reader(self.rejects.trim_start_matches('\u{feff}').as_bytes());
        let cell = |record: &csv::StringRecord, index: usize| record[index].to_owned();
        reader.records().map(|record| record.unwrap()).map(|r| (cell(&r, 0), cell(&r, 1), cell(&r, 2))).collect()
    }
}

fn mapping(text: &str) -> Mapping {
    Mapping::parse("test.toml", text, STREAMS).unwrap_or_else(|error| panic!("{error}"))
}

fn try_import(mapping: &Mapping, data: &[u8]) -> Result<Ran, ImportError<Infallible>> {
    let (mut bytes, mut events, mut rejects) = (Vec::new(), Vec::new(), Vec::new());
    let mut sink = |event: super::Outgoing<'_>| {
        let value: Value = serde_json::from_slice(event.payload).unwrap();
        assert_eq!(value["subject"], event.case_id);
        events.push(value);
        bytes.extend_from_slice(event.payload);
        bytes.push(b'\n');
        Ok(())
    };
    let mut quiet = |_| {};
    let summary = Importer::run(Cursor::new(data), mapping, &mut sink, &mut rejects, &mut quiet)?;
    Ok(Ran { summary, events, bytes, rejects: String::from_utf8(rejects).unwrap() })
}

fn import(mapping_text: &str, data: impl AsRef<[u8]>) -> Ran {
    try_import(&mapping(mapping_text), data.as_ref()).unwrap_or_else(|error| panic!("{error}"))
}

/// Why a mapping, or a mapping with this file, is refused.
fn refusal(mapping_text: &str, data: &str) -> String {
    match Mapping::parse("test.toml", mapping_text, STREAMS) {
        Err(error) => error.to_string(),
        Ok(mapping) => match try_import(&mapping, data.as_bytes()) {
            Err(error) => error.to_string(),
            Ok(ran) => panic!("accepted: {:?}", ran.summary),
        },
    }
}

/// The data of the event of one row with this cell in the column `x`, or why the row was rejected.
fn data_of(mapping: &str, cell: &str) -> Result<String, String> {
    let ran = import(mapping, format!("id,opened,x\n1,2021-03-01,{cell}\n"));
    match ran.events.first() {
        Some(event) => Ok(event["data"].to_string()),
        None => Err(ran.reasons()[0].2.clone()),
    }
}
