//! A stream of messages that is the same for the same seed: whole lives, interleaved, with everything that goes wrong.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tongguan::{
    domain::time::Millis,
    feed::contract::{
        Data, WireTime,
        data::{
            Category, Checked, Closed, Contacted, Corrected, Dispatched, ExtensionDecided, Filed, Intake, Place,
            Reason, Reopened, Reporter, Resumed, Signed, Submitted,
        },
        envelope::{Bare, Structured},
    },
};

#[derive(Clone, Debug, Default)]
pub struct Message {
    /// 0 is the hotline, 1 the grid.
    pub stream: usize,
    pub key: Option<Vec<u8>>,
    /// None: by the key.
    pub partition: Option<i32>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    pub payload: Option<Vec<u8>>,
    pub expected: Expected,
}

/// What must become of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Expected {
    /// What the decoder says.
    #[default]
    AsDecoded,
    /// In the ledger or in quarantine, by when it arrived or under which limits it was read last.
    Either,
    /// In quarantine, whatever the reason: the decoder cannot be asked.
    Refused,
}

impl Message {
    pub fn bare(stream: usize, case_id: &str, payload: impl Into<Vec<u8>>) -> Self {
        let key = Some(case_id.as_bytes().to_vec());
        Self { stream, key, payload: Some(payload.into()), ..Self::default() }
    }
}

/// Messages without end.
pub struct Lives {
    seed: u64,
    next: usize,
    ready: std::vec::IntoIter<Message>,
}

/// So many cases live at the same time.
const AT_ONCE: usize = 60;

impl Lives {
    pub fn new(seed: u64) -> Self {
        Self { seed, next: 0, ready: Vec::new().into_iter() }
    }

    pub fn next(&mut self) -> Message {
        loop {
            if let Some(message) = self.ready.next() {
                return message;
            }
            self.ready = messages(self.seed.wrapping_add(self.next as u64), self.next, AT_ONCE).into_iter();
            self.next += AT_ONCE;
        }
    }
}

/// By which a partition shows that it moves.
pub fn mark(stream: usize, partition: i32, number: u64) -> Message {
    let case_id = format!("mark-{number}-{partition}");
    let data = Data::Submitted(Submitted::default());
    let payload = encode(stream, &case_id, &format!("m{number}-{partition}"), 0, Millis(START), &data, false);
    Message { partition: Some(partition), ..Message::bare(stream, &case_id, payload) }
}

const SOURCES: [&str; 2] = ["urn:faults:hotline", "urn:faults:grid"];
const HOUR_MS: i64 = 3_600_000;
/// 2025-03-01T00:00:00+08:00
const START: i64 = 1_740_758_400_000;

/// Lives of about ten messages, of the cases with these numbers; one in 150 has many dozens, more than the pipeline compares one
/// by one. One in 25 comes from a feeder that does not key by case: it lies on several partitions.
fn messages(seed: u64, from: usize, cases: usize) -> Vec<Message> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut placed: Vec<(f64, Message)> = Vec::new();
    for number in from..from + cases {
        let stream = number % 2;
        // Every fiftieth number is used by both streams.
        let case_id = format!("2025-{:06}", if number % 100 == 1 { number - 1 } else { number });
        let keyed = !number.is_multiple_of(25);
        let begin = random.random_range(0.0..1.0);
        let span = random.random_range(0.02..0.25);
        let facts = life(&mut random, stream, number);
        let last = facts.len() as f64;
        for (index, data) in facts.iter().enumerate() {
            let at = Millis(START + number as i64 * 60_000 + index as i64 * HOUR_MS);
            let mut position = begin + span * index as f64 / last;
            if random.random_bool(0.04) {
                position += span * random.random_range(0.1..0.9); // late: after events that it came before
            }
            let key = if keyed { case_id.clone() } else { format!("{number}/{}", random.random::<u32>()) };
            let message = |data: &Data, is_bare| {
                let payload = encode(stream, &case_id, &number.to_string(), index, at, data, is_bare);
                Message { headers: content_type(is_bare), ..Message::bare(stream, &key, payload) }
            };
            let is_bare = random.random_bool(0.1);
            placed.push((position, message(data, is_bare)));
            if random.random_bool(0.04) {
                placed.push((position + random.random_range(0.0..0.1), message(data, is_bare)));
            }
            if random.random_bool(0.004) {
                let other = Data::Submitted(Submitted { note: text("另一说法"), ..Submitted::default() });
                placed.push((position + random.random_range(0.0..0.1), message(&other, false)));
            }
            if random.random_bool(0.03) {
                let payload = garbage(&mut random, &case_id, index);
                placed.push((position, Message::bare(stream, &key, payload)));
            }
        }
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    placed.into_iter().map(|(_, message)| message).collect()
}

fn content_type(is_bare: bool) -> Vec<(String, Option<Vec<u8>>)> {
    let value = if is_bare { "application/json" } else { "application/cloudevents+json; charset=UTF-8" };
    vec![("content-type".to_owned(), Some(value.as_bytes().to_vec()))]
}

fn text(value: &str) -> Option<smol_str::SmolStr> {
    Some(value.into())
}

fn wire(at: i64) -> Option<WireTime> {
    Some(WireTime::new(Millis(at), 8 * 3600))
}

fn life(random: &mut ChaCha8Rng, stream: usize, number: usize) -> Vec<Data> {
    let received = START + number as i64 * 60_000;
    let unit = format!("U{:03}", number % 37);
    let mut facts = vec![Data::Reported(intake(number, received)), Data::Accepted(intake(number, received))];
    if stream == 1 {
        facts.push(Data::Filed(Filed { due_at: wire(received + 48 * HOUR_MS), ..Filed::default() }));
    }
    facts.push(Data::Dispatched(Dispatched { unit: unit.as_str().into(), level: Some(2), ..Dispatched::default() }));
    facts.push(Data::Signed(Signed { unit: text(&unit) }));
    if stream == 0 {
        facts.push(Data::Contacted(Contacted { contacted: !number.is_multiple_of(3), ..Contacted::default() }));
    }
    let rounds = if number.is_multiple_of(150) { 25 } else { 1 };
    for round in 0..rounds {
        if round > 0 || random.random_bool(0.2) {
            facts.push(Data::Suspended(Reason { reason: text("等待材料"), ..Reason::default() }));
            facts.push(Data::Resumed(Resumed::default()));
        }
        if random.random_bool(0.2) {
            let due_at = wire(received + (72 + round) * HOUR_MS);
            facts.push(Data::ExtensionDecided(ExtensionDecided { approved: true, due_at, ..<_>::default() }));
        }
        facts.push(Data::Submitted(Submitted { unit: text(&unit), result: text("实际解决"), ..<_>::default() }));
        facts.push(Data::Checked(Checked { passed: random.random_bool(0.8), ..Checked::default() }));
    }
    if random.random_bool(0.9) {
        facts.push(Data::Closed(Closed { how: text("normal"), ..Closed::default() }));
    }
    if random.random_bool(0.1) {
        facts.push(Data::Reopened(Reopened::default()));
        facts.push(Data::Closed(Closed { how: text("normal"), ..Closed::default() }));
    }
    if random.random_bool(0.1) {
        let (field, value) = ("town".into(), "310113113".into());
        facts.push(Data::Corrected(Corrected { field, value, ..Corrected::default() }));
    }
    if random.random_bool(0.02) {
        facts.push(Data::Voided(Reason::default()));
    }
    facts
}

fn intake(number: usize, received: i64) -> Intake {
    Intake {
        kind: text(["投诉", "求助", "咨询"][number % 3]),
        category: Some(Category { code: Some(format!("{:04}", number % 90).into()), ..Category::default() }),
        place: Some(Place { town: text("310113112"), ..Place::default() }),
        due_at: wire(received + 24 * HOUR_MS),
        title: Some(format!("第{number}件，联系电话13800138000").into()),
        reporter: Some(Reporter { name: text("张三"), phone: text("13800138000"), id_number: None }),
        ..Intake::default()
    }
}

fn encode(stream: usize, case_id: &str, number: &str, index: usize, at: Millis, data: &Data, is_bare: bool) -> Vec<u8> {
    let (id, kind) = (format!("{number}-{index}"), data.kind().type_name());
    let (time, source) = (WireTime::new(at, 8 * 3600), SOURCES[stream]);
    let encoded = if is_bare {
        serde_json::to_vec(&Bare {
            kind: &kind,
            case_id,
            occurred_at: time,
            recorded_at: None,
            // Without one the pipeline makes the id.
            id: None,
            source: Some(source),
            seq: Some(index as u64),
            data: Some(data),
        })
    } else {
        serde_json::to_vec(&Structured {
            specversion: "1.0",
            id: &id,
            source,
            kind: &kind,
            subject: case_id,
            time,
            recordedtime: Some(time),
            sequence: Some(index.to_string().into()),
            datacontenttype: None,
            data,
        })
    };
    encoded.expect("the contract's types can be written")
}

fn garbage(random: &mut ChaCha8Rng, case_id: &str, index: usize) -> Vec<u8> {
    let head = format!(r#""specversion":"1.0","id":"g{index}","source":"g","subject":"{case_id}""#);
    match random.random_range(0..5) {
        0 => Vec::new(),
        1 => vec![0xce, 0xd2, 0xb5, 0xc4, index as u8],
        2 => format!("{{{head}").into_bytes(),
        3 => format!(r#"{{{head},"type":"case.sang.v1","time":"2025-03-01T00:00:00+08:00","data":{{}}}}"#).into_bytes(),
        _ => {
            format!(r#"{{{head},"type":"case.closed.v1","time":"1900-01-01T00:00:00+08:00","data":{{}}}}"#).into_bytes()
        }
    }
}
