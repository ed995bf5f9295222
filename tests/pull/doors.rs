//! Every door by which an event may come in, open side by side before one town; and one thing brought to each of them.

use std::{fs, path::PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::{
    clerk::everybody,
    client::{Answer, Ask},
    database::{Database, Kind},
    events::{SOURCE, attributes, bare},
    imported::read,
    inlet::Inlet,
    messages::{Message, raw},
    served::Served,
    task::Task,
    town::Town,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    Kafka,
    Structured,
    Binary,
    Batch,
    Bare,
    Send,
    Csv,
    Xlsx,
    Watch,
    Upload,
    Pull,
    Debezium,
}

impl Door {
    /// As docs/mistakes.md calls them.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Kafka, "Kafka"),
        (Self::Structured, "POST structured"),
        (Self::Binary, "POST binary"),
        (Self::Batch, "POST batch"),
        (Self::Bare, "POST bare"),
        (Self::Send, "send"),
        (Self::Csv, "import CSV"),
        (Self::Xlsx, "import XLSX"),
        (Self::Watch, "watch"),
        (Self::Upload, "upload"),
        (Self::Pull, "pull"),
        (Self::Debezium, "Debezium"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Of tables: where the mapping stands in them, and by which changes are read.
pub const TABLE_SOURCE: &str = "urn:example:12345";
pub const STREAM: &str = "hotline";
/// The same, of a stream that only the centre may speak on.
pub const BOUND: &str = "grid";

/// The mapping of docs/import.md for a row a case; columns that it does not name are not looked at.
pub fn mapping() -> String {
    read("tests/fixtures/import/columns/mapping.toml")
}

/// The same row as a snapshot, since a change is one event.
pub const CHANGES: &str = r#"stream = "hotline"
source = "urn:example:12345"
timezone = "Asia/Shanghai"

[time]
formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"]

[case]
id = "MH-{工单编号}"

[values.channels]
map = { "电话" = "HOTLINE", "微信" = "WECHAT" }

[values.status]
map = { "办理中" = "open", "已办结" = "closed" }

[fields]
kind = "诉求类型"
channel = { column = "诉求来源", map = "channels" }
place.community = "村居代码"
due_at = "应办结日期"

[[event]]
type = "case.snapshot.v1"
time = "更新时间"

[event.data]
status = { column = "状态", map = "status" }
unit = "承办单位"
accepted_at = "受理时间"
dispatched_at = "派单时间"
closed_at = "办结时间"
how = { value = "normal", when = { column = "状态", equals = "已办结" } }
"#;

pub const HEADER: [&str; 11] = [
    "工单编号",
    "诉求类型",
    "诉求来源",
    "村居代码",
    "受理时间",
    "派单时间",
    "承办单位",
    "应办结日期",
    "办结时间",
    "状态",
    "更新时间",
];

pub type Row = [String; 11];

/// The whole life of a case, as a platform's table has it.
pub fn row(number: &str) -> Row {
    [
        number,
        "投诉",
        "电话",
        "310113112204",
        "2021-03-01 08:30:00",
        "2021-03-01 09:05:00",
        "市容所",
        "2021-03-08",
        "2021-03-05 16:20:00",
        "已办结",
        "2021-03-05 16:20:00",
    ]
    .map(str::to_owned)
}

pub fn with(mut row: Row, column: &str, cell: &str) -> Row {
    cell.clone_into(&mut row[HEADER.iter().position(|name| *name == column).unwrap()]);
    row
}

/// What whoever brings it is told, and what he finds beside his file.
#[derive(Debug, Default)]
pub struct Told {
    pub said: String,
    pub kept: String,
}

/// Events to be brought; `in_gbk` says that their Chinese was written by somebody who knows no UTF-8.
#[derive(Clone, Debug)]
pub struct Brought {
    pub events: Vec<Value>,
    pub in_gbk: bool,
}

impl Brought {
    pub fn new(events: impl Into<Vec<Value>>) -> Self {
        Self { events: events.into(), in_gbk: false }
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        if self.in_gbk { encoding_rs::GBK.encode(text).0.into_owned() } else { text.as_bytes().to_vec() }
    }
}

pub struct Doors {
    inlet: Inlet,
    served: Served,
    database: Database,
    key: String,
    pub streams: String,
    pub town: Town,
}

impl Doors {
    pub fn new() -> Self {
        let town = Town::new();
        let path = |name: &str| town.folder.path().join(name).to_str().unwrap().to_owned();
        let (streams, keys) = (path("streams"), path("keys.toml"));
        fs::create_dir(&streams).unwrap();
        fs::write(path("streams/changes.mapping"), CHANGES).unwrap();
        let debezium = "\n[debezium]\nmapping = \"changes.mapping\"\n";
        fs::write(path("streams/hotline.toml"), read("config/streams/hotline.toml") + debezium).unwrap();
        let bound = "\n[producers]\n\"centre\" = [\"urn:centre\"]\n";
        fs::write(path("streams/grid.toml"), read("config/streams/grid.toml") + bound).unwrap();
        let settings = [("INLET__KEYS_FILE", keys.as_str())];
        let who =
            ["inlet", "key", "add", "--id", "k", "--stream", STREAM, "--source", SOURCE, "--source", TABLE_SOURCE];
        let added = town.tongguan(&who, &settings);
        let mut words = added.stdout.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let key = words.find(|word| word.starts_with("tgf_")).unwrap_or_else(|| panic!("{added:?}")).to_owned();
        let inlet = Inlet::start(&town, &settings);
        inlet.wait_until_ready();
        let (served, database) = (Served::of(&town), Database::new(Kind::Postgres));
        Self { inlet, served, database, key, streams, town }
    }

    /// The service reads everything; it is the only one that needs the streams' files.
    pub fn run(&self) {
        self.town.run_until_caught_up_with(&[("STREAMS__DIR", &self.streams)]);
    }

    /// As a plain producer does.
    pub fn produce(&self, stream: &str, key: &str, brought: &Brought) {
        let message = |event: &Value| Message { is_structured: true, ..raw(key, &brought.bytes(&event.to_string())) };
        let messages: Vec<Message> = brought.events.iter().map(message).collect();
        self.town.send(stream, &messages);
    }

    /// As a connector does, row after row.
    pub fn change(&self, key: &str, rows: &[Row], in_gbk: bool) {
        let message = |row: &Row| {
            let value = |cell: &String| if cell.is_empty() { Value::Null } else { json!(cell) };
            let after: Value = HEADER.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), value(cell))).collect();
            let source =
                json!({ "connector": "postgresql", "name": "city", "ts_ms": 1_614_933_600_000_i64, "table": "t" });
            let change =
                json!({ "before": null, "after": after, "source": source, "op": "u", "ts_ms": 1_614_933_600_001_i64 });
            raw(key, &Brought { events: Vec::new(), in_gbk }.bytes(&change.to_string()))
        };
        let messages: Vec<Message> = rows.iter().map(message).collect();
        self.town.send(STREAM, &messages);
    }

    /// By a door that answers: each answer a line, `status reason pointer detail`.
    pub fn bring(&self, door: Door, brought: &Brought) -> Told {
        let events = &brought.events;
        let post = |kind: &str, text: String| Ask::post(kind, brought.bytes(&text));
        let asks: Vec<Ask> = match door {
            Door::Structured => {
                events.iter().map(|event| post("application/cloudevents+json", event.to_string())).collect()
            }
            Door::Binary => {
                let head = |ask: Ask, (name, value): (String, String)| ask.header(&name, &value);
                let one = |event: &Value| {
                    attributes(event).into_iter().fold(post("application/json", event["data"].to_string()), head)
                };
                events.iter().map(one).collect()
            }
            Door::Batch => vec![post("application/cloudevents-batch+json", json!(events).to_string())],
            Door::Bare => events.iter().map(|event| post("application/json", bared(event).to_string())).collect(),
            Door::Send => return self.send(brought),
            _ => panic!("{door:?} takes no events"),
        };
        let said =
            asks.iter().map(|ask| told(&ask.clone().key(&self.key).to(&self.inlet))).collect::<Vec<_>>().join("\n");
        Told { said, kept: self.last_refusal() }
    }

    /// The newest one that the feeder sees at the inlet.
    fn last_refusal(&self) -> String {
        let feed = Ask::new("GET", "/v1/feed?stream=hotline").key(&self.key).to(&self.inlet).is(200);
        line(&feed["answered"]["last"][0])
    }

    fn send(&self, brought: &Brought) -> Told {
        let file = self.file("events.jsonl");
        let lines: Vec<Vec<u8>> = brought.events.iter().map(|event| brought.bytes(&event.to_string())).collect();
        fs::write(&file, lines.join(&b'\n')).unwrap();
        let ended = self.town.tongguan(&["send", file.to_str().unwrap(), "--stream", STREAM], &[]);
        Told { said: format!("exit {} {}{}", ended.code.unwrap(), ended.stdout, ended.stderr), kept: String::new() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.town.folder.path().join(format!("{:08x}-{name}", rand::random::<u32>()))
    }

    /// By a door that takes tables. `bytes` stands for the file where it is one that the rows do not give.
    pub fn lay(&self, door: Door, mapping: &str, rows: &[Row], bytes: Option<&[u8]>) -> Told {
        let bytes = || bytes.map_or_else(|| csv(rows), <[u8]>::to_vec);
        match door {
            Door::Csv => self.import(mapping, "rows.csv", &bytes()),
            Door::Xlsx => self.import(mapping, "rows.xlsx", &xlsx(rows)),
            Door::Watch => self.watch(mapping, &bytes()),
            Door::Upload => self.upload(mapping, &bytes()),
            Door::Pull => self.pull(mapping, rows),
            _ => panic!("{door:?} takes no tables"),
        }
    }

    fn import(&self, mapping: &str, name: &str, bytes: &[u8]) -> Told {
        let (file, by) = (self.file(name), self.file("mapping.toml"));
        fs::write(&file, bytes).unwrap();
        fs::write(&by, mapping).unwrap();
        let ended = self.town.tongguan(&["import", file.to_str().unwrap(), "--mapping", by.to_str().unwrap()], &[]);
        let kept = fs::read_to_string(format!("{}.rejects.csv", file.display())).unwrap_or_default();
        Told { said: format!("exit {} {}{}", ended.code.unwrap(), ended.stdout, ended.stderr), kept }
    }

    fn watch(&self, mapping: &str, bytes: &[u8]) -> Told {
        let (folder, by) = (self.file("laid"), self.file("mapping.toml"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("rows.csv"), bytes).unwrap();
        fs::write(&by, mapping).unwrap();
        let [laid, by] = [&folder, &by].map(|path| path.to_str().unwrap());
        let ended = self.town.tongguan(&["watch", laid, "--mapping", by, "--every", "1", "--once"], &[]);
        let ending = |ending: &str| {
            let all = ["done", "refused"].iter().flat_map(|name| fs::read_dir(folder.join(name)).into_iter().flatten());
            let of = all.map(|entry| entry.unwrap().path()).find(|path| path.to_str().unwrap().ends_with(ending));
            of.map(|path| fs::read_to_string(path).unwrap()).unwrap_or_default()
        };
        let said = format!("exit {} {}{}", ended.code.unwrap(), ending(".report.txt"), ended.stderr);
        Told { said, kept: ending(".rejects.csv") }
    }

    /// Tried, and sent where there is something to send.
    fn upload(&self, mapping: &str, bytes: &[u8]) -> Told {
        let clerk = everybody(&self.served);
        let at = clerk.uploaded(STREAM, "rows.csv", bytes);
        let (status, said) = clerk.posted(&format!("{at}/mapping"), &[("toml", mapping)]);
        if status != 303 {
            clerk.dropped(&at);
            return Told { said: format!("{status} {said}"), kept: String::new() };
        }
        let trial = clerk.idle(&at)["trial"].clone();
        let page = clerk.page(&format!("{at}/trial"));
        let mut kept = String::new();
        if trial["error"].is_null() && page.contains("name=\"events\"") {
            let sent = clerk.confirmed(&at);
            assert!(sent["error"].is_null(), "{sent}");
        }
        if trial["rejected"].as_u64() > Some(0) {
            kept = clerk.rejects(&at).iter().map(|cells| cells.join(",")).collect::<Vec<_>>().join("\n");
        }
        clerk.dropped(&at);
        Told { said: format!("{status} {} {} {page}", trial["reasons"], trial["events"]), kept }
    }

    fn pull(&self, mapping: &str, rows: &[Row]) -> Told {
        let quoted = |cell: &String| if cell.is_empty() { "NULL".to_owned() } else { format!("'{cell}'") };
        let kind = |column: usize| {
            let cells = || rows.iter().map(move |row| row[column].as_str()).filter(|cell| !cell.is_empty());
            let all =
                |length: usize| cells().all(|cell| cell.len() == length && ExcelDateTime::parse_from_str(cell).is_ok());
            if all(19) {
                "timestamp(0)"
            } else if all(10) {
                "date"
            } else {
                "text"
            }
        };
        let columns: Vec<String> =
            HEADER.iter().enumerate().map(|(place, name)| format!("\"{name}\" {}", kind(place))).collect();
        let mut statements =
            vec!["DROP TABLE IF EXISTS t".to_owned(), format!("CREATE TABLE t (g int, {})", columns.join(", "))];
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(quoted).collect();
            statements.push(format!("INSERT INTO t VALUES ({number}, {})", cells.join(", ")));
        }
        self.database.run(&statements.iter().map(String::as_str).collect::<Vec<_>>());
        let rows = "table = \"t\"\ngrowing = \"g\"\nkey = [\"工单编号\"]";
        let task = Task::with(&self.town, &self.database, mapping, rows);
        let _ = fs::remove_dir_all(task.state(""));
        let ended = task.run(&["--once"]);
        let pass = fs::read_to_string(task.state("last-pass")).unwrap_or_default();
        let kept = fs::read_to_string(task.state("rejects.csv")).unwrap_or_default();
        Told { said: format!("exit {} {pass} {}{}", ended.code.unwrap(), ended.stdout, ended.stderr), kept }
    }
}

/// The same event bare, without what it lacks.
fn bared(event: &Value) -> Value {
    let mut bare = bare(event);
    bare.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    bare
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    format!("{}\n{}\n", HEADER.join(","), lines.join("\n")).into_bytes()
}

/// With real dates, as a spreadsheet has them.
fn xlsx(rows: &[Row]) -> Vec<u8> {
    let mut book = Workbook::new();
    let (date, time) = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss");
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string(0, column, name).unwrap();
        for (line, row) in (1..).zip(rows) {
            let cell = &row[usize::from(column)];
            let format = Format::new().set_num_format(if cell.len() == date.len() { date } else { time });
            match ExcelDateTime::parse_from_str(cell).ok().filter(|_| name.ends_with("时间") || name.ends_with("日期"))
            {
                Some(at) => drop(sheet.write_datetime_with_format(line, column, &at, &format).unwrap()),
                None => drop(sheet.write_string(line, column, cell).unwrap()),
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// `status reason pointer detail unknown …`, as far as they are there.
fn line(said: &Value) -> String {
    let text = |name: &str| match &said[name] {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let told: Vec<String> = ["status", "reason", "pointer", "detail"].iter().filter_map(|name| text(name)).collect();
    let fields = said["unknown"].as_array().into_iter().flatten();
    let unknown = fields.map(|field| format!("unknown {}", field.as_str().unwrap()));
    told.into_iter().chain(unknown).collect::<Vec<_>>().join(" ")
}

fn told(answer: &Answer) -> String {
    let said = answer.json();
    match said["items"].as_array() {
        Some(items) => {
            let items: Vec<String> = items.iter().map(line).collect();
            let (taken, refused) = (&said["taken"], &said["refused"]);
            format!("{} taken {taken} refused {refused}\n{}\n{}", answer.status, line(&said), items.join("\n"))
        }
        None => line(&said),
    }
}
