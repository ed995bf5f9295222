//! What the events of a life by lot say.

use rand::{Rng, seq::IndexedRandom};
use serde_json::{Map, Value};

use super::{
    generator::Lot,
    instant::{DAY, HOUR, MINUTE, day, midnight, written},
};

impl Lot {
    fn due(&mut self, at: i64) -> String {
        let days = self.rng.random_range(-1..9);
        let clock = *[18 * HOUR, 18 * HOUR, 0, 0, 12 * HOUR, 17 * HOUR + 30 * MINUTE, at - midnight(day(at))]
            .choose(&mut self.rng)
            .expect("hours");
        let due = midnight(day(at) + days) + clock;
        self.dues.push(due);
        written(due)
    }

    pub fn data(&mut self, kind: &str, stream: &str, at: i64) -> Value {
        let mut data = Map::new();
        let mut put = |field: &str, value: Value| data.insert(field.to_owned(), value);
        match kind {
            "reported" | "accepted" => self.receipt(&mut put, kind, stream, at),
            "dispatched" => self.dispatch(&mut put, at),
            "closed" | "revisited" => self.end(&mut put, kind),
            "corrected" | "reviewed" => self.correction(&mut put, kind == "reviewed", stream, at),
            "return_decided" | "signed" | "withdrawn" | "returned" | "submitted" | "rework_ordered" => {
                self.unit(&mut put, if kind == "rework_ordered" { 40 } else { 80 });
                if kind == "return_decided" {
                    put("accepted", self.chance(75).into());
                }
                if kind == "submitted" && self.chance(30) {
                    put("result", self.one_of(&["实际解决", "解释说明", "其他"]).into());
                }
            }
            "contacted" => drop(put("contacted", self.chance(70).into())),
            "verified" => drop(put("confirmed", self.chance(70).into())),
            "checked" => drop(put("passed", self.chance(50).into())),
            "appeal_decided" => drop(put("upheld", self.chance(70).into())),
            "duplicate_linked" => drop(put("parent", "X-1".into())),
            "extension_decided" => {
                put("approved", self.chance(85).into());
                if self.chance(65) {
                    put("due_at", self.due(at).into());
                }
            }
            "extension_requested" if self.chance(50) => drop(put("due_at", written(at + 5 * DAY).into())),
            "filed" if self.chance(15) => drop(put("due_at", self.due(at).into())),
            "resumed" if self.chance(20) => drop(put("due_at", self.due(at).into())),
            "reopened" if self.chance(35) => drop(put("due_at", self.due(at).into())),
            _ => {}
        }
        Value::Object(data)
    }

    fn receipt(&mut self, put: &mut impl FnMut(&str, Value) -> Option<Value>, kind: &str, stream: &str, at: i64) {
        if self.chance(75) {
            let kinds: &[&str] = if stream == "grid" {
                &["事件", "部件"]
            } else {
                &["投诉", "求助", "咨询", "建议", "表扬"]
            };
            put("kind", self.one_of(kinds).into());
        }
        if self.chance(if kind == "accepted" { 35 } else { 5 }) {
            put("due_at", self.due(at).into());
        }
        if self.chance(3) {
            put("assessed", self.chance(50).into());
        }
        if self.chance(if kind == "reported" { 5 } else { 1 }) {
            put("patrol_dealt", true.into());
        }
        if self.chance(2) {
            put("repeat_of", "X-1".into());
        }
    }

    fn dispatch(&mut self, put: &mut impl FnMut(&str, Value) -> Option<Value>, at: i64) {
        put("unit", self.one_of(&["u1", "u2", "u3"]).into());
        if self.chance(40) {
            put("level", self.rng.random_range(2..=4).into());
        }
        if self.chance(30) {
            put("role", self.one_of(&["lead", "lead", "support"]).into());
        }
        if self.chance(25) {
            put("due_at", self.due(at).into());
        }
    }

    fn end(&mut self, put: &mut impl FnMut(&str, Value) -> Option<Value>, kind: &str) {
        if kind == "closed" {
            if self.chance(25) {
                put("how", self.one_of(&["normal", "direct_answer", "direct_answer", "duplicate_auto"]).into());
            }
            if self.chance(20) {
                put("result", self.one_of(&["实际解决", "解释说明"]).into());
            }
            return;
        }
        put("reached", self.chance(80).into());
        for field in ["first_contact", "solved"] {
            if self.chance(60) {
                put(field, self.chance(60).into());
            }
        }
        if self.chance(60) {
            put("satisfaction", self.one_of(&["满意", "基本满意", "一般", "不满意"]).into());
        }
    }

    fn unit(&mut self, put: &mut impl FnMut(&str, Value) -> Option<Value>, percent: u32) {
        if self.chance(percent) {
            put("unit", self.one_of(&["u1", "u1", "u2", "u2", "u3", "u9"]).into());
        }
    }

    fn correction(
        &mut self,
        put: &mut impl FnMut(&str, Value) -> Option<Value>,
        is_review: bool,
        stream: &str,
        at: i64,
    ) {
        let fields: &[&str] = if is_review {
            &["satisfaction", "solved", "first_contact", "result"]
        } else {
            &["due_at", "received_at", "closed_at", "kind", "kind", "result", "assessed", "unit", "quantity"]
        };
        let field = self.one_of(fields);
        let value = match field.as_str() {
            "due_at" => self.due(at),
            "received_at" | "closed_at" => written(at - self.rng.random_range(0..96) * 30 * MINUTE),
            "kind" if stream == "grid" => self.one_of(&["事件", "部件"]),
            "kind" => self.one_of(&["投诉", "咨询", "表扬"]),
            "result" => self.one_of(&["实际解决", "解释说明"]),
            "unit" => self.one_of(&["u1", "u2"]),
            "quantity" => self.rng.random_range(0..5).to_string(),
            "satisfaction" => self.one_of(&["满意", "一般", "不满意"]),
            _ => self.one_of(&["true", "false"]),
        };
        put("field", field.into());
        put("value", value.into());
    }
}
