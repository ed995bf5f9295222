//! Every event type can be made of a row, and what the service would refuse is refused here.

use super::*;

/// The mapping whose only event is of another type, with these lines for its data.
fn with_type(kind: &str, data: &str) -> String {
    BASIC.replace("accepted", kind) + data
}

#[test]
fn an_approved_extension_may_leave_the_due_to_the_policy_but_needs_its_decision() {
    let mapping = with_type("extension_decided", "data.approved = \"x\"\ndata.due_at = \"due\"\n");
    let ran =
        import(&mapping, "id,opened,x,due\n1,2021-03-01,是,\n2,2021-03-01,,2021-03-08\n3,2021-03-01,是,2021-03-08\n");
    let data: Vec<String> = ran.events.iter().map(|event| event["data"].to_string()).collect();
    assert_eq!(data, [r#"{"approved":true}"#, r#"{"approved":true,"due_at":"2021-03-09T00:00:00+08:00"}"#]);
    assert!(ran.reasons()[0].2.contains("`approved`"), "{}", ran.rejects);
}

#[test]
fn what_citizens_say_is_mapped_in_the_words_of_either_language() {
    let mapping = with_type("revisited", "data.reached = { value = true }\ndata.satisfaction = \"x\"\n");
    let said = |cell| data_of(&mapping, cell);
    assert_eq!(said("基本满意").unwrap(), r#"{"reached":true,"satisfaction":"basically_satisfied"}"#);
    assert_eq!(said("neutral").unwrap(), r#"{"reached":true,"satisfaction":"neutral"}"#);
    assert_eq!(said("").unwrap(), r#"{"reached":true}"#);
    let refused = said("很满意").unwrap_err();
    assert!(refused.contains("one of satisfied, 满意,") && refused.contains("不满意"), "{refused}");
}

#[test]
fn every_type_of_the_life_can_be_made_of_a_row() {
    let why = r#""reason":"x","reason_code":"y","unit":"U""#;
    let fields = "data.unit = { value = \"U\" }\ndata.reason = \"x\"\ndata.reason_code = { value = \"y\" }\n";
    for (kind, data, expected) in [
        ("verification_requested", fields.to_owned(), format!("{{{why}}}")),
        ("verified", "data.confirmed = \"x\"".to_owned(), r#"{"confirmed":true}"#.to_owned()),
        ("returned", fields.to_owned(), format!("{{{why}}}")),
        ("return_decided", "data.accepted = \"x\"".to_owned(), r#"{"accepted":true}"#.to_owned()),
        ("withdrawn", fields.to_owned(), format!("{{{why}}}")),
        ("supervised", "data.by = \"x\"\ndata.level = \"x\"".to_owned(), r#"{"by":"是","level":"是"}"#.to_owned()),
        ("urged", "data.by = \"x\"".to_owned(), r#"{"by":"是"}"#.to_owned()),
        ("extension_requested", "data.reason = \"x\"".to_owned(), r#"{"reason":"是"}"#.to_owned()),
        ("suspension_requested", "data.reason = \"x\"".to_owned(), r#"{"reason":"是"}"#.to_owned()),
        ("check_requested", fields.to_owned(), format!("{{{why}}}")),
        ("rework_ordered", fields.to_owned(), format!("{{{why}}}")),
        ("appeal_decided", "data.upheld = \"x\"".to_owned(), r#"{"upheld":true}"#.to_owned()),
        ("duplicate_linked", "data.parent = \"x\"".to_owned(), r#"{"parent":"是"}"#.to_owned()),
        ("duplicate_unlinked", "data.reason = \"x\"".to_owned(), r#"{"reason":"是"}"#.to_owned()),
        ("accepted", "[fields]\nassessed = \"x\"".to_owned(), r#"{"assessed":true}"#.to_owned()),
    ] {
        let expected = expected.replace("\"x\"", "\"是\"");
        assert_eq!(data_of(&with_type(kind, &data), "是"), Ok(expected), "{kind}");
    }
}

#[test]
fn a_correction_or_a_review_that_the_service_would_refuse_rejects_the_row() {
    for kind in ["corrected", "reviewed"] {
        let fields = "data.field = \"x\"\ndata.value = \"to\"\n";
        let rows = "1,2021-03-01,solved,是\n2,2021-03-01,solved,13800138000\n3,2021-03-01,colour,13800138000\n\
                    4,2021-03-01,satisfaction,一般\n5,2021-03-01,closed_at,13800138000\n";
        let ran = import(&with_type(kind, fields), format!("id,opened,x,to\n{rows}"));
        let lines: Vec<String> = ran.reasons().into_iter().map(|(line, ..)| line).collect();
        assert_eq!((ran.events.len(), lines), (2, ["3", "4", "6"].map(str::to_owned).to_vec()), "{kind}");
        let reasons: String = ran.reasons().into_iter().map(|(.., reason)| reason).collect();
        assert!(reasons.contains("/data/field") && !reasons.contains("13800138000"), "{reasons}");
    }
}

#[test]
fn a_duplicate_needs_its_parent_in_the_length_of_a_case_number() {
    let mapping = with_type("duplicate_linked", "data.parent = \"x\"\n");
    assert!(data_of(&mapping, "").unwrap_err().contains("`parent`"));
    assert!(data_of(&mapping, &"9".repeat(129)).unwrap_err().contains("longer than 128 bytes"));
}
