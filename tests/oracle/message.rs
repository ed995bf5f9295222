//! A message and a life, as the two sides are given them.

use serde_json::{Value, json};

use super::instant::{read, written};

#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Without `case.` and version.
    pub kind: String,
    pub id: String,
    pub source: String,
    pub at: i64,
    pub sequence: Option<u64>,
    pub data: Value,
}

/// In the order in which the messages came.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    pub name: String,
    pub stream: String,
    pub messages: Vec<Message>,
}

impl Message {
    pub fn text(&self, field: &str) -> Option<&str> {
        self.data[field].as_str()
    }

    pub fn says(&self, field: &str) -> bool {
        self.data[field].as_bool() == Some(true)
    }

    pub fn due(&self) -> Option<i64> {
        self.text("due_at").map(read)
    }

    pub fn wire(&self, subject: &str) -> Value {
        let mut event = json!({
            "specversion": "1.0", "id": self.id, "source": self.source, "type": format!("case.{}.v1", self.kind),
            "subject": subject, "time": written(self.at), "data": self.data,
        });
        if let Some(sequence) = self.sequence {
            event["sequence"] = json!(sequence.to_string());
        }
        event
    }

    pub fn parse(event: &Value) -> Self {
        let text = |field: &str| event[field].as_str().expect("text").to_owned();
        let kind = text("type");
        Self {
            kind: kind["case.".len()..kind.len() - ".v1".len()].to_owned(),
            id: text("id"),
            source: text("source"),
            at: read(&text("time")),
            sequence: event["sequence"].as_str().map(|digits| digits.parse().expect("digits")),
            data: event["data"].clone(),
        }
    }
}

impl Life {
    /// A line of lives.jsonl.
    pub fn parse(line: &str) -> Self {
        let life: Value = serde_json::from_str(line).expect("JSON");
        Self {
            name: life["life"].as_str().expect("life").to_owned(),
            stream: life["stream"].as_str().expect("stream").to_owned(),
            messages: life["events"].as_array().expect("events").iter().map(Message::parse).collect(),
        }
    }

    pub fn line(&self) -> String {
        let events: Vec<Value> = self.messages.iter().map(|message| message.wire(&self.name)).collect();
        json!({"life": self.name, "stream": self.stream, "events": events}).to_string()
    }
}
