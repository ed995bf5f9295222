//! Where the next page of a list begins, as a text to hand back: opaque, and good only for the question and the order that it came
//! from. It carries the as-of, so that all pages of a list are of one instant also where nobody gave one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::unclear::{Unclear, ensure};
use crate::{
    domain::time::Millis,
    store::kpi::{CaseBehind, CaseOrder, CaseSortKey, LastCase, Question, Side},
};

/// Another form of it gets another number.
const BEGINS: &str = "next-1.";
const ANY_BEGINS: &str = "next-";
/// Longer than any that we write: a number of a case has at most some hundred bytes.
const LONGEST: usize = 8 * 1024;

/// A place in a list, between two of its cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextPage {
    /// 统计时点 of the first page, which every later one keeps.
    pub as_of: Millis,
    /// What the list was sorted by, as [`sorted`] says it.
    sorted: String,
    /// Of the question, its part and its order.
    question: String,
    /// The last case that was shown: the page begins behind it.
    pub last: LastCase,
}

impl NextPage {
    /// After these, if the page is full: the next one may be empty.
    pub fn after(question: &Question, side: Side, order: CaseOrder, limit: u64, cases: &[CaseBehind]) -> Option<Self> {
        let last = cases.last().filter(|_| cases.len() as u64 >= limit)?;
        Some(Self::at(question, side, order, LastCase::of(last, order.sort)))
    }

    /// Behind this case, whatever page it stood on.
    pub fn at(question: &Question, side: Side, order: CaseOrder, last: LastCase) -> Self {
        let question_hash = hash(&[&asked(question, side)]);
        Self { as_of: question.period.as_of, sorted: sorted(order), question: question_hash, last }
    }

    /// None: it is no such text, but may be the number of a case.
    pub fn parse(text: &str) -> Result<Option<Self>, Unclear> {
        if !text.starts_with(ANY_BEGINS) {
            return Ok(None);
        }
        ensure(text.starts_with(BEGINS), || Unclear::AfterOtherVersion)?;
        let damaged = || Unclear::AfterDamaged;
        let whole = text.strip_prefix(BEGINS).filter(|rest| rest.len() <= LONGEST);
        let (body, check) = whole.and_then(|rest| rest.split_once('.')).ok_or_else(damaged)?;
        ensure(hash(&[BEGINS, body]) == check, damaged)?;
        let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| damaged())?;
        Self::read(&bytes).map(Some).ok_or_else(damaged)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (as_of, sorted, question, key, stream, case_id): (i64, _, _, serde_json::Value, _, _) =
            serde_json::from_slice(bytes).ok()?;
        let key = match key {
            serde_json::Value::Null => CaseSortKey::Missing,
            serde_json::Value::String(text) => CaseSortKey::Text(text),
            other => CaseSortKey::Number(other.as_i64()?),
        };
        Some(Self { as_of: Millis(as_of), sorted, question, last: LastCase { key, stream, case_id } })
    }

    /// To be handed back as it is; [`Self::parse`] reads it. Safe in an address; it holds what the last case was sorted by, and its number.
    pub fn text(&self) -> String {
        let key = match &self.last.key {
            CaseSortKey::Missing => serde_json::Value::Null,
            CaseSortKey::Number(number) => (*number).into(),
            CaseSortKey::Text(text) => text.as_str().into(),
        };
        let all = (self.as_of.0, &self.sorted, &self.question, key, &self.last.stream, &self.last.case_id);
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&all).unwrap_or_default());
        format!("{BEGINS}{body}.{}", hash(&[BEGINS, &body]))
    }

    /// Whether it belongs to this list.
    pub fn check(&self, question: &Question, side: Side, order: CaseOrder) -> Result<(), Unclear> {
        let (of, this) = (&self.sorted, sorted(order));
        ensure(*of == this, || Unclear::AfterOtherOrder { of: of.clone(), this: this.clone() })?;
        ensure(self.question == hash(&[&asked(question, side)]), || Unclear::AfterOtherQuestion)
    }
}

fn sorted(order: CaseOrder) -> String {
    format!("{}{}", order.sort.name(), if order.is_descending { " desc" } else { "" })
}

/// Everything that decides which cases are in the list.
fn asked(question: &Question, side: Side) -> String {
    let Question { figure, period, zone: _, group_by: _, stream, is_assessed, only, due_by, own } = question;
    let only: Vec<(&str, &String)> = only.iter().map(|(dimension, value)| (dimension.name(), value)).collect();
    let own: Vec<(&str, &Vec<String>)> = own.iter().map(|(dimension, values)| (dimension.name(), values)).collect();
    format!(
        "{} {:?} {period:?} {stream:?} {is_assessed} {only:?} {due_by:?} {own:?} {}",
        figure.id,
        figure.version,
        side.name()
    )
}

/// 64 bits, against slips: whoever makes one up gets a page of what he may read anyway.
fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::kpi::{CATALOGUE, Period},
        store::kpi::CaseSort,
    };

    fn question() -> Question {
        Question::new(&CATALOGUE[0], Period { from: Millis(0), to: Millis(9), as_of: Millis(7) }, "Asia/Shanghai")
    }

    const DUE: CaseOrder = CaseOrder { sort: CaseSort::Due, is_descending: true };

    fn page(key: CaseSortKey) -> NextPage {
        let last = LastCase { key, stream: "热线".to_owned(), case_id: "案/1?#\"".to_owned() };
        let question = hash(&[&asked(&question(), Side::All)]);
        NextPage { as_of: Millis(7), sorted: sorted(DUE), question, last }
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        for key in [CaseSortKey::Missing, CaseSortKey::Number(-1), CaseSortKey::Text("城管 中队".to_owned())] {
            let text = page(key.clone()).text();
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{text}");
            let read = NextPage::parse(&text).unwrap().unwrap();
            assert_eq!(read, page(key));
            read.check(&question(), Side::All, DUE).unwrap();
        }
        assert_eq!(NextPage::parse("2106A0000490").unwrap(), None);
    }

    #[test]
    fn of_another_question_another_order_or_changed_on_the_way_it_is_refused() {
        let text = page(CaseSortKey::Number(5)).text();
        let next = NextPage::parse(&text).unwrap().unwrap();
        let refused = |question: &Question, side, order| next.check(question, side, order).unwrap_err().to_string();
        let up = CaseOrder { is_descending: false, ..DUE };
        assert!(refused(&question(), Side::All, up).contains("sorted by due desc; this one is sorted by due"));
        let later = Question { due_by: Some(Millis(1)), ..question() };
        for (question, side) in [(&later, Side::All), (&question(), Side::NotMet)] {
            assert!(refused(question, side, DUE).contains("another question"));
        }
        for place in BEGINS.len()..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            assert!(NextPage::parse(&String::from_utf8(bytes).unwrap()).is_err(), "{place}");
        }
        assert!(NextPage::parse(&text[..text.len() - 1]).is_err());
        assert!(NextPage::parse("next-2.x.y").unwrap_err().to_string().contains("another version"));
    }
}
