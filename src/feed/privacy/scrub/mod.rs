//! Free text without the personal data that can be told by its form: numbers, plates, addresses of mail and messengers.
//! A fixed token in brackets says what stood there. Names have no form: only those given in the same event are removed.

mod announced;
mod digits;
mod email;
mod find;
mod glance;
mod known;
mod labelled;
mod number;
mod plate;
mod view;

#[cfg(test)]
mod sentences;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, ops::AddAssign};

use self::{
    known::Known,
    view::{Span, View},
};

/// What was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ScrubFound {
    Mobile,
    Landline,
    IdNumber,
    BankCard,
    Plate,
    Email,
    Account,
    Document,
    Name,
    Other,
}

impl ScrubFound {
    /// The one list: the name for metrics and the token that takes the place. Tokens hold no Latin letter and no digit,
    /// so that nothing is ever found in one.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 10] = [
        (Self::Mobile, "mobile", "〔手机号〕"),
        (Self::Landline, "landline", "〔座机号〕"),
        (Self::IdNumber, "id_number", "〔身份证号〕"),
        (Self::BankCard, "bank_card", "〔银行卡号〕"),
        (Self::Plate, "plate", "〔车牌号〕"),
        (Self::Email, "email", "〔邮箱〕"),
        (Self::Account, "account", "〔网络账号〕"),
        (Self::Document, "document", "〔证件号〕"),
        (Self::Name, "name", "〔姓名〕"),
        (Self::Other, "other", "〔个人信息〕"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub(crate) fn token(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}

/// How often each kind was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrubCounts([u32; ScrubFound::ALL.len()]);

impl ScrubCounts {
    pub(crate) fn of(&self, found: ScrubFound) -> u32 {
        self.0[found as usize]
    }

    pub(crate) fn total(&self) -> u32 {
        self.0.iter().sum()
    }

    /// The kinds that were found at all.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ScrubFound, u32)> {
        ScrubFound::ALL
            .into_iter()
            .zip(self.0)
            .filter(|(_, count)| *count > 0)
            .map(|((found, ..), count)| (found, count))
    }
}

impl AddAssign for ScrubCounts {
    fn add_assign(&mut self, other: Self) {
        for (sum, count) in self.0.iter_mut().zip(other.0) {
            *sum += count;
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scrubbed<'a> {
    /// Borrowed when nothing was found.
    pub(crate) text: Cow<'a, str>,
    pub(crate) counts: ScrubCounts,
}

/// Scrubbing a scrubbed text changes nothing.
pub(crate) fn scrub(text: &str) -> Scrubbed<'_> {
    if !glance::may_hold_any(text) {
        return unchanged(text);
    }
    let mut view = View::new(text);
    let spans = find::all(&mut view, &[]);
    replaced(text, &view, &spans)
}

/// Removes also the given strings, which are known from elsewhere in the same event: the reporter's name and numbers.
/// Strings of one character and of fewer than five digits are ignored: they would tear words and numbers apart.
pub(crate) fn scrub_known<'a>(text: &'a str, known: &[&str]) -> Scrubbed<'a> {
    let stands_in_text = known.iter().any(|literal| !literal.is_empty() && text.contains(literal.trim()));
    if !stands_in_text && !glance::may_hold_any(text) {
        return unchanged(text);
    }
    let known: Vec<_> = known.iter().filter_map(|literal| Known::new(literal)).collect();
    let mut view = View::new(text);
    let spans = find::all(&mut view, &known);
    replaced(text, &view, &spans)
}

fn unchanged(text: &str) -> Scrubbed<'_> {
    Scrubbed { text: Cow::Borrowed(text), counts: ScrubCounts::default() }
}

fn replaced<'a>(text: &'a str, view: &View, spans: &[Span]) -> Scrubbed<'a> {
    if spans.is_empty() {
        return unchanged(text);
    }
    let mut counts = ScrubCounts::default();
    let mut clean = String::with_capacity(text.len() + 8);
    let mut kept = 0;
    for span in spans {
        let bytes = view.bytes(span.from, span.to);
        clean.push_str(&text[kept..bytes.start]);
        clean.push_str(span.found.token());
        counts.0[span.found as usize] += 1;
        kept = bytes.end;
    }
    clean.push_str(&text[kept..]);
    Scrubbed { text: Cow::Owned(clean), counts }
}
