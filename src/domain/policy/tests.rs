use proptest::{prelude::*, sample::select};

use super::*;

/// `kind=求助|投诉 category=06 standard=GB`, from day to day.
fn rule(id: &str, asked: &str, from: Option<i64>, until: Option<i64>) -> Rule {
    let mut criteria = Criteria::default();
    let mut standard = None;
    for pair in asked.split_whitespace() {
        let (name, value) = pair.split_once('=').unwrap();
        match Criterion::ALL.into_iter().find(|criterion| criterion.name() == name) {
            Some(Criterion::Category) => {
                criteria.category = Some(CategoryPrefix { standard: None, prefix: value.into() });
            }
            Some(criterion) => {
                criteria.any_of.insert(criterion, value.split('|').map(SmolStr::from).collect());
            }
            None => standard = Some(SmolStr::from(value)),
        }
    }
    if let Some(category) = &mut criteria.category {
        category.standard = standard;
    }
    let validity = Validity { from: from.map(Millis), until: until.map(Millis) };
    Rule { id: id.into(), title: String::new(), source: String::new(), criteria, validity, stages: Vec::new() }
}

fn policy(rules: &[(&str, &str)]) -> Result<Policy, Vec<Contradiction>> {
    let rules = rules.iter().map(|(id, asked)| rule(id, asked, None, None)).collect();
    Policy::new("test", "1", TimeZone::UTC, rules)
}

fn grid(category: &'static str) -> Subject<'static> {
    Subject {
        stream: "grid",
        category_code: category,
        category_standard: "GB",
        town: "310113112",
        ..Subject::default()
    }
}

fn chosen<'a>(policy: &'a Policy, subject: &Subject<'_>) -> &'a str {
    policy.rule_for(subject, Millis(0)).map_or("none", |rule| rule.id.as_str())
}

#[test]
fn the_most_specific_rule_judges() {
    let policy = policy(&[
        ("any", ""),
        ("grid", "stream=grid"),
        ("town", "stream=grid town=310113112"),
        ("class", "category=06"),
        ("class-of-standard", "category=06 standard=GB"),
        ("sub-class", "category=06010"),
        ("condition", "filing_condition=F1"),
    ])
    .unwrap();
    assert_eq!(chosen(&policy, &grid("06010")), "sub-class");
    assert_eq!(chosen(&policy, &grid("06011")), "class-of-standard");
    assert_eq!(chosen(&policy, &Subject { category_standard: "CJ", ..grid("06011") }), "class");
    assert_eq!(chosen(&policy, &grid("07003")), "town");
    assert_eq!(chosen(&policy, &Subject { town: "", ..grid("07003") }), "grid");
    assert_eq!(chosen(&policy, &Subject::default()), "any");
    assert_eq!(chosen(&policy, &Subject { filing_condition: "F1", ..grid("06010") }), "condition");
}

#[test]
fn every_other_rule_says_its_first_reason() {
    let rules = vec![
        rule("any", "", None, None),
        rule("help", "stream=grid kind=求助|投诉", None, None),
        rule("old", "stream=grid town=a", None, Some(5)),
        rule("new", "stream=grid town=b", Some(20), None),
        rule("grid", "stream=grid", None, None),
        rule("waste", "stream=grid category=06", None, None),
    ];
    let policy = Policy::new("test", "1", TimeZone::UTC, rules).unwrap();
    let subject = grid("06010");
    let selection = policy.select(&subject, Millis(10));
    let waste = selection.rule.unwrap();
    assert_eq!(waste.id, "waste");
    let reasons: Vec<_> = selection.others.iter().map(|(rule, miss)| (rule.id.as_str(), *miss)).collect();
    let less = Miss::LessSpecific { rule: waste, at: Criterion::Category };
    assert_eq!(
        reasons,
        [
            ("help", Miss::Differs(Criterion::Kind)),
            ("old", Miss::NoLongerValid),
            ("new", Miss::NotYetValid),
            ("grid", less),
            ("any", less),
        ]
    );
}

#[test]
fn no_rule_is_an_answer_too() {
    let policy = policy(&[("hotline", "stream=hotline")]).unwrap();
    let selection = policy.select(&grid("06010"), Millis(0));
    assert!(selection.rule.is_none());
    assert_eq!(selection.others[0].1, Miss::Differs(Criterion::Stream));
}

#[test]
fn a_rule_is_in_force_from_its_first_instant_to_before_its_last() {
    let validity = Validity { from: Some(Millis(10)), until: Some(Millis(20)) };
    assert!(!validity.has_begun(Millis(9)) && validity.has_begun(Millis(10)));
    assert!(!validity.is_over(Millis(19)) && validity.is_over(Millis(20)));
}

#[test]
fn two_rules_that_could_both_judge_a_case_are_refused() {
    let tie = vec![Contradiction::Tie { one: 0, other: 1 }];
    let both = |one: &str, other: &str| policy(&[("a", one), ("b", other)]).err().unwrap_or_default();
    assert_eq!(both("kind=求助|投诉", "kind=投诉|建议"), tie);
    assert_eq!(both("category=06 town=a", "category=06 town=a"), tie);
    assert_eq!(both("", ""), tie);
    assert_eq!(both("kind=求助", "kind=投诉"), []);
    assert_eq!(both("category=06", "category=07"), []);
    assert_eq!(both("category=06 standard=GB", "category=06 standard=CJ"), []);
    assert_eq!(both("category=06", "category=060"), []);
    assert_eq!(both("kind=求助", "town=a"), []);
    assert_eq!(both("kind=求助 town=a", "kind=求助 town=b"), []);

    let at = |from, until| rule(if from == Some(10) { "b" } else { "a" }, "kind=求助", from, until);
    let of = |one, other| Policy::new("test", "1", TimeZone::UTC, vec![one, other]).err().unwrap_or_default();
    assert_eq!(of(at(None, Some(10)), at(Some(10), None)), []);
    assert_eq!(of(at(None, Some(11)), at(Some(10), None)), tie);
    let twice = Contradiction::SameId { one: 0, other: 1, id: "a".into() };
    assert_eq!(policy(&[("a", "kind=求助"), ("a", "kind=投诉")]).unwrap_err(), [twice]);
}

#[test]
fn of_many_alike_each_is_told_once_with_the_first_of_them() {
    let first = |other| Contradiction::Tie { one: 0, other };
    assert_eq!(policy(&[("a", ""), ("b", ""), ("c", ""), ("d", "")]).unwrap_err(), [first(1), first(2), first(3)]);
}

fn asked() -> impl Strategy<Value = String> {
    let part = |name: &'static str, values: Vec<&'static str>| {
        prop_oneof![Just(String::new()), select(values).prop_map(move |value| format!("{name}={value} "))]
    };
    let category = part("category", vec!["0", "06", "07", "060"]);
    let standard =
        prop_oneof![Just(String::new()), select(vec!["standard=GB ", "standard=CJ "]).prop_map(str::to_owned)];
    let kind = part("kind", vec!["a", "b", "a|b"]);
    (category, standard, kind, part("town", vec!["x", "y"])).prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// What is chosen never depends on the order of the file, and no fitting rule is more specific.
    #[test]
    fn the_order_of_the_file_decides_nothing(
        asked in prop::collection::vec(asked(), 1..6),
        code in select(vec!["", "0", "06", "060", "0601", "07"]),
        standard in select(vec!["", "GB", "CJ"]),
        kind in select(vec!["", "a", "b"]),
        town in select(vec!["x", "y"]),
    ) {
        let made = |reversed: bool| {
            let mut rules: Vec<Rule> =
                asked.iter().enumerate().map(|(n, asked)| rule(&format!("r{n}"), asked, None, None)).collect();
            if reversed {
                rules.reverse();
            }
            Policy::new("test", "1", TimeZone::UTC, rules)
        };
        let subject = Subject { category_code: code, category_standard: standard, kind, town, ..Subject::default() };
        let (Ok(one), Ok(other)) = (made(false), made(true)) else {
            prop_assert!(made(true).is_err() && made(false).is_err());
            return Ok(());
        };
        let (one, other) = (one.select(&subject, Millis(0)), other.select(&subject, Millis(0)));
        prop_assert_eq!(one.rule.map(|rule| &rule.id), other.rule.map(|rule| &rule.id));
        prop_assert_eq!(one.others.len() + usize::from(one.rule.is_some()), asked.len());
    }
}

#[test]
fn a_policy_ends_with_the_first_rule_that_none_follows() {
    let of = |rules| Policy::new("test", "1", TimeZone::UTC, rules).unwrap().next_end(Millis(10));
    assert_eq!(of(vec![rule("a", "stream=grid", None, None)]), None);
    let years = |second_from| {
        vec![
            rule("old", "stream=grid", None, Some(5)),
            rule("one", "stream=grid", Some(6), Some(20)),
            rule("two", "stream=grid", Some(second_from), Some(40)),
            rule("other", "stream=hotline", None, Some(50)),
        ]
    };
    assert_eq!(of(years(20)), Some(Millis(40)), "the second goes on where the first ends");
    assert_eq!(of(years(21)), Some(Millis(20)), "a day between them is judged by nothing");
}
