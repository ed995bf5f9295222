use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn told(text: &str) -> String {
    preview(text.as_bytes())
}

#[test]
fn a_message_shows_its_structure_and_where_it_belongs() {
    let message = r#"{
        "specversion": "1.0", "id": "e-1", "type": "case.accepted.v1", "subject": "HL-20210306-0001", "time": "2021-03-06T10:15:00+08:00",
        "data": {"case_id": "HL-20210306-0001", "town": "庙行镇", "category_name": "市容环境", "urgency": 2, "is_repeat": false,
            "title": "楼道堆物", "reporter": {"name": "张三", "phone": 13812345678, "type": "市民", "age": 45},
            "media": ["a.jpg", 3], "due": {"limit": "P5D"}}
    }"#;
    let expected = concat!(
        r#"{"specversion":"1.0","id":"e-1","type":"case.accepted.v1","subject":"HL-20210306-0001","time":"2021-03-06T10:15:00+08:00","#,
        r#""data":{"case_id":"HL-20210306-0001","town":"庙行镇","category_name":"市容环境","urgency":2,"is_repeat":false,"#,
        r#""title":‹4字›,"reporter":{"name":‹2字›,"phone":‹11字›,"type":‹2字›,"age":‹2字›},"#,
        r#""media":[‹5字›,‹1字›],"due":{"limit":"P5D"}}}"#
    );
    assert_eq!(told(message), expected);
}

#[test]
fn values_under_safe_keys_are_scrubbed_and_short() {
    assert_eq!(told(r#"{"id":"13812345678-1"}"#), r#"{"id":"‹5字›-1"}"#);
    assert_eq!(told(r#"{"id":13812345678,"case_id":20210306000123}"#), r#"{"id":‹11字›,"case_id":20210306000123}"#);
    assert_eq!(told(r#"{"type":"张三的投诉"}"#), r#"{"type":"‹5字›"}"#);
    assert_eq!(told(r#"{"unit":"沪A12345车主"}"#), r#"{"unit":"〔车牌号〕车主"}"#);
    assert_eq!(told(r#"{"result":"已联系市民并上门查看情况，市民表示满意并撤诉"}"#), r#"{"result":"‹22字›"}"#);
    assert_eq!(told(r#"{"id":"a\"b\u0000\u202ec"}"#), r#"{"id":"a\"b c"}"#);
    let long = format!(r#"{{"source":"{}"}}"#, "a".repeat(500));
    assert_eq!(told(&long).chars().count(), 120 + r#"{"source":""}"#.len());
}

#[test]
fn keys_are_shown_only_when_they_are_plain_or_words_of_the_field() {
    assert_eq!(told(r#"{"张三":"李四","13812345678":1,"a b":true}"#), r#"{‹2字›:‹2字›,‹11字›:1,‹3字›:true}"#);
    let said = told(
        r#"{"工单编号":"MH-1","诉求类型":"投诉","受理时间":"2021-03-01 08:00","姓名":"张三","张三的电话":"x","描述":"灯"}"#,
    );
    let wanted =
        r#"{"工单编号":"MH-1","诉求类型":"投诉","受理时间":"2021-03-01 08:00","姓名":‹2字›,‹5字›:‹1字›,"描述":‹1字›}"#;
    assert_eq!(said, wanted);
}

#[test]
fn broken_json_shows_no_more_than_whole_json() {
    let cut = |text: &str| told(text).split_once(' ').unwrap().1.to_owned();
    assert_eq!(cut(r#"{"case_id":"c-1","name":"张"#), r#"{"case_id":"c-1","name":‹1字›"#);
    assert_eq!(cut(r#"{"case_id":"c-1"#), r#"{"case_id":‹3字›"#);
    assert_eq!(cut(r#"三","status":"张三"}"#), "‹1字› ‹1字› ‹6字› ‹1字› ‹2字› ‹1字›");
    assert_eq!(cut(r#"{"name":"Zhang":"x"}"#), r#"{"name":‹5字›:‹1字›}"#);
    assert_eq!(cut(r#"{"reporter":{"type":"Zhang""#), r#"{"reporter":{"type":‹5字›"#);
    assert_eq!(cut("138 1234 5678"), "‹3字› ‹4字› ‹4字›");
    assert_eq!(cut("张三,13812345678,502"), "‹2字›,‹11字›,‹3字›");
    assert_eq!(cut("<name>张三</name>"), "<‹4字›>‹2字›</‹4字›>");
    assert_eq!(cut(r#"{"id":1381234"#), r#"{"id":‹7字›"#);
    assert_eq!(cut(r#"{"id":138 1234 5678}"#), r#"{"id":‹3字› ‹4字› ‹4字›}"#);
    assert!(told(r#"{"case_id""#).starts_with("‹不是完整的JSON，10字节› "));
}

#[test]
fn bytes_that_are_no_text_show_their_format_and_no_letter() {
    assert_eq!(preview(b"\x1f\x8b\x08\0abc"), "‹不是文本，7字节，gzip› 1f ·· 08 00 ·· ·· ··");
    assert_eq!(
        preview("\0\0\0\0\x05\x06张三".as_bytes()),
        "‹不是文本，12字节，schema registry framing› 00 00 00 00 05 06 ·· ·· ·· ·· ·· ··"
    );
    assert_eq!(preview(b""), "‹不是完整的JSON，0字节› ");
    assert_eq!(preview(b"\xEF\xBB\xBF{\"id\":\"1\"}"), r#"{"id":"1"}"#);
}

#[test]
fn json_in_gb18030_shows_its_structure() {
    assert_eq!(
        preview(b"{\"id\":\"1\",\"name\":\"\xd5\xc5\xc8\xfd\"}").split_once(' ').unwrap().1,
        r#"{"id":"1","name":‹4字›}"#
    );
}

const NAME: &str = "欧阳小明";
const MOBILE: &str = "13812345678";
const ID_NUMBER: &str = "310113198001011235";

/// The keys that hold Chinese words are left out: a name there is shown, as the documentation says.
fn key() -> impl Strategy<Value = String> {
    const KEYS: &[&str] =
        &["id", "type", "case_id", "occurred_at", "reason_code", "data", "reporter", "phone", "title", "due", "x y"];
    prop_oneof![prop::sample::select(KEYS).prop_map(str::to_owned), planted()]
}

fn planted() -> impl Strategy<Value = String> {
    let around =
        || prop::sample::select(&["", " ", "\"", "\\", "，", "a", ":", "\n", "-", "{\"id\":\"", "+", "\u{200B}"][..]);
    (around(), prop::sample::select(&[NAME, MOBILE, ID_NUMBER][..]), around())
        .prop_map(|(a, plant, b)| format!("{a}{plant}{b}"))
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop::sample::select(&[13_812_345_678_u64, 310_113_198_001_011_235, 7][..]);
    let leaf = prop_oneof![
        planted().prop_map(Value::from),
        number.prop_map(Value::from),
        Just(json!(1.381_234_567_8e10)),
        Just(Value::Null)
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn shows_none_of_it(told: &str) -> Result<(), TestCaseError> {
    for planted in [NAME, "欧", "阳", MOBILE, "1381234", "2345678", ID_NUMBER, "19800101"] {
        prop_assert!(!told.contains(planted), "{} in {}", planted, told);
    }
    prop_assert!(told.chars().count() <= MOST_CHARS && !told.contains(char::is_control), "{told:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_planted_anywhere_in_json_is_not_shown(value in value()) {
        shows_none_of_it(&told(&value.to_string()))?;
        shows_none_of_it(&told(&format!("{value:#}")))?;
    }

    #[test]
    fn what_is_planted_anywhere_in_broken_json_is_not_shown(
        value in value(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), removed in any::<prop::sample::Index>(),
    ) {
        let mut text: Vec<char> = value.to_string().chars().collect();
        // Structure is lost, not a part of a number: what is left of that may be an id like any other.
        let is_structure = |letter: char| letter.is_ascii_punctuation() && letter != '.';
        let marks: Vec<_> = (0..text.len()).filter(|place| is_structure(text[*place])).collect();
        if !marks.is_empty() {
            text.remove(marks[removed.index(marks.len())]);
        }
        let (from, to) = (from.index(text.len() + 1), to.index(text.len() + 1));
        let text: String = text[from.min(to)..from.max(to)].iter().collect();
        shows_none_of_it(&told(&text))?;
        shows_none_of_it(&preview(&text.as_bytes()[..text.len().saturating_sub(1)]))?;
    }

    #[test]
    fn any_bytes_are_told_in_one_short_line(bytes in any::<Vec<u8>>(), text in any::<String>(), times in 1..200_usize) {
        for told in [preview(&bytes), told(&text), told(&text.repeat(times))] {
            prop_assert!(told.chars().count() <= MOST_CHARS && !told.contains(char::is_control), "{told:?}");
        }
    }
}
