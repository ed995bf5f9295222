//! What cities published, to the last digit: streams of events with their counts give their rates, each under the convention
//! that the city used (research: docs/kpi.md, "Published figures"). We floor to two decimals; where a city rounded, both are
//! given.

use jiff::tz::TimeZone;
use tongguan::{
    domain::{
        attributes::Attributes,
        case::Case,
        event::{Envelope, Event, Place},
        fact::{Dispatch, Fact, Intake, Reason},
        fold::fold,
        kpi::{Figure, Period},
        rules::Rules,
        stream::Stream,
        time::{Due, Millis},
    },
    report::kpi::{fraction, percent},
    store::kpi::{Answer, Dimension, Question, answers},
};

use crate::{lives::shanghai, scratch::Scratch};

/// 2021-03-06T10:00 by the clock of Shanghai.
fn at(text: &str) -> Millis {
    Millis::parse(&format!("{text}:00+08:00")).unwrap_or_else(|| panic!("`{text}`"))
}

fn period(from: &str, to: &str, as_of: &str) -> Period {
    Period { from: at(from), to: at(to), as_of: at(as_of) }
}

/// Cases of one stream, numbered as they come.
struct Town {
    rules: Rules,
    cases: Vec<Case>,
}

impl Town {
    fn new(stream: &str) -> Self {
        Self { rules: Rules::of_stream(Stream::usual(stream, shanghai())), cases: Vec::new() }
    }

    fn add(&mut self, count: usize, facts: &[(&str, Fact)]) {
        for _ in 0..count {
            let number = self.cases.len();
            let stream = &self.rules.stream.name;
            let event = |(index, (time, fact)): (usize, &(&str, Fact))| Event {
                place: Place { topic: stream.clone(), partition: 0, offset: (number * 16 + index) as i64 },
                envelope: Envelope::Bare,
                ingested_at: at(time),
                stream: stream.clone(),
                case_id: format!("{number:06}").into(),
                source: "urn:test".into(),
                id: index.to_string().into(),
                occurred_at: at(time),
                recorded_at: None,
                seq: index as u64,
                fact: fact.clone(),
            };
            let events: Vec<Event> = facts.iter().enumerate().map(event).collect();
            self.cases.push(fold(&self.rules, &events.iter().collect::<Vec<_>>()));
        }
    }
}

fn accepted(kind: &str) -> Fact {
    let attributes = Attributes { kind: kind.into(), ..Attributes::default() };
    Fact::Accepted(Box::new(Intake { attributes, ..Intake::default() }))
}

fn due(time: &str) -> Option<Due> {
    Some(Due { at: at(time), is_exclusive: at(time).is_midnight(&TimeZone::get("Asia/Shanghai").unwrap()) })
}

fn filed(until: &str) -> Fact {
    Fact::Filed { condition: "".into(), urgency: "".into(), due: due(until) }
}

fn filed_without_due() -> Fact {
    Fact::Filed { condition: "".into(), urgency: "".into(), due: None }
}

fn dispatched() -> Fact {
    Fact::Dispatched(Box::new(Dispatch { unit: "U".into(), ..Dispatch::default() }))
}

fn closed(how: &str) -> Fact {
    Fact::Closed { how: how.into(), result: "".into() }
}

async fn asked(scratch: &Scratch, id: &str, period: Period, by: &[Dimension]) -> Vec<(Answer, f64, String)> {
    let question =
        Question { group_by: by.to_vec(), ..Question::new(Figure::by_id(id).unwrap(), period, "Asia/Shanghai") };
    let found = answers(&scratch.store, &question).await.unwrap();
    let shown = |answer: Answer| {
        let (rate, text) = (fraction(&question, &answer).unwrap_or(f64::NAN), percent(&question, &answer));
        (answer, rate, text)
    };
    found.into_iter().map(shown).collect()
}

/// Numerator, denominator, what we print and what the city printed, which may be rounded.
async fn gives(scratch: &Scratch, id: &str, period: Period, counts: (i64, u64), floored: &str, printed: &str) {
    let (answer, rate, text) = asked(scratch, id, period, &[]).await.remove(0);
    assert_eq!((answer.numerator, answer.denominator), (counts.0, Some(counts.1)), "{id}");
    assert_eq!((text.as_str(), format!("{:.2} %", rate * 100.0).as_str()), (floored, printed), "{id}");
}

async fn count(scratch: &Scratch, id: &str, period: Period) -> i64 {
    asked(scratch, id, period, &[]).await.remove(0).0.numerator
}

#[tokio::test]
async fn tianmen_december_2016_counts_what_was_received_and_is_closed_or_due() {
    let mut town = Town::new("grid");
    let life = |close: Option<&'static str>, until: &'static str| {
        let mut facts = vec![("2016-12-05T09:00", accepted("事件")), ("2016-12-05T10:00", filed(until))];
        facts.extend(close.map(|time| (time, closed("normal"))));
        facts
    };
    town.add(1054 - 996, &[("2016-12-06T09:00", accepted("事件"))]);
    town.add(737, &life(Some("2016-12-11T17:00"), "2016-12-12T10:00"));
    town.add(911 - 737, &life(Some("2016-12-14T17:00"), "2016-12-12T10:00"));
    town.add(972 - 911, &life(None, "2016-12-12T10:00"));
    town.add(996 - 972, &life(None, "2017-01-12T10:00"));
    let scratch = Scratch::new("tianmen").await;
    scratch.insert(town.cases.iter(), 0).await;
    let december = period("2016-12-01T00:00", "2017-01-01T00:00", "2017-01-01T00:00");
    assert_eq!(count(&scratch, "K01", december).await, 1054);
    assert_eq!(count(&scratch, "K03", december).await, 996);
    for id in ["K05d", "K05b"] {
        gives(&scratch, id, december, (911, 972), "93.72 %", "93.72 %").await;
    }
    for id in ["K06h", "K06b"] {
        gives(&scratch, id, december, (737, 972), "75.82 %", "75.82 %").await;
    }
}

/// Zhengzhou, the week of 8 to 14 April 2019: more was to be closed (52,434) than was filed (51,229), because 3,283 cases were
/// carried over. 常规 are 18,086 of them. The city rounds: 99.34 and 56.54 are 99.336… and 56.535….
fn zhengzhou() -> Town {
    let mut town = Town::new("grid");
    let (monday, tuesday) = ("2019-04-08T09:00", "2019-04-09T09:00");
    town.add(51_571 - 51_229, &[(monday, accepted("其他"))]);
    town.add(51_229 - 49_151, &[(monday, accepted("其他")), (tuesday, filed_without_due())]);
    // Kind, carried over or not, when closed, how many, of which reworked, of which extended.
    let (on_time, late) = (Some("2019-04-11T09:00"), Some("2019-04-13T09:00"));
    for (kind, is_carried, close, count, reworked, extended) in [
        ("常规", false, on_time, 8_765, 274, 101),
        ("常规", false, late, 1_460 - 1_129, 0, 0),
        ("常规", true, late, 1_129, 0, 0),
        ("常规", false, None, 7_861 - 2_154, 0, 0),
        ("常规", true, None, 2_154, 0, 0),
        ("其他", false, on_time, 31_629, 2, 3),
        ("其他", false, late, 1_669, 0, 0),
        ("其他", false, None, 1_050, 0, 0),
    ] {
        let (begin, until) =
            if is_carried { ("2019-04-02T09:00", "2019-04-05T18:00") } else { (monday, "2019-04-12T18:00") };
        let life = |with: Option<Fact>| {
            let until = if matches!(with, Some(Fact::ExtensionDecided { .. })) { "2019-04-10T18:00" } else { until };
            let mut facts = vec![(begin, accepted(kind)), (begin, filed(until)), (begin, dispatched())];
            facts.extend(with.map(|fact| ("2019-04-10T12:00", fact)));
            facts.extend(close.map(|time| (time, closed("normal"))));
            facts
        };
        let rework = Fact::Checked { passed: false, reason: Reason::default() };
        let extension =
            Fact::ExtensionDecided { approved: true, due: due("2019-04-12T18:00"), reason: Reason::default() };
        town.add(reworked, &life(Some(rework)));
        town.add(extended, &life(Some(extension)));
        town.add(count - reworked - extended, &life(None));
    }
    town
}

#[tokio::test]
async fn zhengzhou_week_2019_counts_what_fell_due_with_what_was_carried_over() {
    let scratch = Scratch::new("zhengzhou").await;
    let town = zhengzhou();
    for block in town.cases.chunks(20_000) {
        scratch.insert(block.iter(), 0).await;
    }
    let week = period("2019-04-08T00:00", "2019-04-15T00:00", "2019-04-15T00:00");
    assert_eq!(count(&scratch, "K01", week).await, 51_571);
    gives(&scratch, "K03", week, (51_229, 51_571), "99.33 %", "99.34 %").await;
    gives(&scratch, "K04a", week, (49_151, 51_229), "95.94 %", "95.94 %").await;
    gives(&scratch, "K05c", week, (43_523, 52_434), "83.00 %", "83.01 %").await;
    gives(&scratch, "K06g", week, (40_394, 52_434), "77.03 %", "77.04 %").await;
    gives(&scratch, "K10b", week, (276, 52_434), "0.52 %", "0.53 %").await;
    gives(&scratch, "K11h", week, (104, 52_434), "0.19 %", "0.20 %").await;
    for (id, numerator, floored, printed) in [
        ("K05c", 10_225, "56.53 %", "56.54 %"),
        ("K06g", 8_765, "48.46 %", "48.46 %"),
        ("K10b", 274, "1.51 %", "1.51 %"),
        ("K11h", 101, "0.55 %", "0.56 %"),
    ] {
        let kinds = asked(&scratch, id, week, &[Dimension::Kind]).await;
        let (answer, rate, text) = kinds.iter().find(|(answer, ..)| answer.group == ["常规"]).unwrap();
        assert_eq!((answer.numerator, answer.denominator), (numerator, Some(18_086)), "常规 {id}");
        assert_eq!((text.as_str(), format!("{:.2} %", rate * 100.0).as_str()), (floored, printed), "常规 {id}");
    }
}

#[tokio::test]
async fn ningguo_april_2022_leaves_direct_answers_out_of_the_base() {
    let mut town = Town::new("hotline");
    let life = |close: &'static str| {
        let intake = Intake { due: due("2022-04-15T18:00"), ..Intake::default() };
        let accepted = Fact::Accepted(Box::new(intake));
        [("2022-04-08T09:00", accepted), ("2022-04-08T10:00", dispatched()), (close, closed("normal"))]
    };
    town.add(597, &life("2022-04-12T10:00"));
    town.add(601 - 597, &life("2022-04-20T10:00"));
    town.add(2_877 - 601, &[("2022-04-08T09:00", accepted("咨询")), ("2022-04-08T09:01", closed("direct_answer"))]);
    let scratch = Scratch::new("ningguo").await;
    scratch.insert(town.cases.iter(), 0).await;
    let april = period("2022-04-01T00:00", "2022-05-01T00:00", "2022-05-01T00:00");
    assert_eq!(count(&scratch, "K01", april).await, 2_877);
    gives(&scratch, "K05a", april, (601, 601), "100.00 %", "100.00 %").await;
    // Printed as 99 %.
    for id in ["K06a", "K13"] {
        gives(&scratch, id, april, (597, 601), "99.33 %", "99.33 %").await;
    }
    gives(&scratch, "K11g", april, (2_276, 2_877), "79.11 %", "79.11 %").await;
}

/// What came in during a month, all open included, as seen on a day.
async fn closed_of_received(
    purpose: &str,
    month: Period,
    counts: (usize, usize),
    lives: [&[(&str, Fact)]; 2],
    shown: &str,
) {
    let mut town = Town::new("hotline");
    town.add(counts.0, lives[0]);
    town.add(counts.1 - counts.0, lives[1]);
    let scratch = Scratch::new(purpose).await;
    scratch.insert(town.cases.iter(), 0).await;
    gives(&scratch, "K05a", month, (counts.0 as i64, counts.1 as u64), shown, shown).await;
}

#[tokio::test]
async fn xixia_november_2023_and_jiangmen_july_2024_divide_by_all_received() {
    let (begin, end) = (("2023-11-10T09:00", accepted("求助")), closed("normal"));
    let open_until_later = [begin.clone(), ("2023-12-08T09:00", end.clone())];
    let november = period("2023-11-01T00:00", "2023-12-01T00:00", "2023-12-07T18:00");
    let lives: [&[_]; 2] = [&[begin, ("2023-12-07T09:00", end.clone())], &open_until_later];
    closed_of_received("xixia", november, (2_494, 2_709), lives, "92.06 %").await;
    let begin = ("2024-07-31T09:00", accepted("求助"));
    let open = [begin.clone()];
    let july = period("2024-07-01T00:00", "2024-08-01T00:00", "2024-07-31T18:00");
    let lives: [&[_]; 2] = [&[begin, ("2024-07-31T17:00", end)], &open];
    closed_of_received("jiangmen", july, (14_068, 14_090), lives, "99.84 %").await;
}

#[tokio::test]
async fn miaohang_2021_closed_everything_in_time() {
    let scratch = Scratch::new("miaohang").await;
    for (stream, count) in [("hotline", 2_827), ("grid", 37_792)] {
        let mut town = Town::new(stream);
        let intake = Intake { due: due("2021-12-20T18:00"), ..Intake::default() };
        town.add(
            count,
            &[("2021-12-13T09:00", Fact::Accepted(Box::new(intake))), ("2021-12-20T18:00", closed("normal"))],
        );
        scratch.insert(town.cases.iter(), 0).await;
    }
    let year = period("2021-01-01T00:00", "2022-01-01T00:00", "2022-01-01T00:00");
    for id in ["K05a", "K06a"] {
        let found = asked(&scratch, id, year, &[Dimension::Stream]).await;
        let counts: Vec<_> =
            found.iter().map(|(one, _, text)| (one.numerator, one.denominator, text.as_str())).collect();
        assert_eq!(counts, [(37_792, Some(37_792), "100.00 %"), (2_827, Some(2_827), "100.00 %")], "{id}");
    }
}
