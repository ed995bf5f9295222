use std::borrow::Cow;

use proptest::prelude::*;

use super::{sentences::*, *};

#[test]
fn sentences_are_scrubbed_and_what_is_not_personal_stays() {
    let mut wrong = Vec::new();
    let same = LEFT_ALONE.iter().map(|text| (*text, *text));
    for (text, expected) in SCRUBBED.iter().copied().chain(same) {
        let scrubbed = scrub(text);
        if scrubbed.text != expected {
            wrong.push(format!("{text}\n  expected {expected}\n  got      {}", scrubbed.text));
        }
        assert_eq!(scrubbed.counts.total() > 0, text != expected, "{text}");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_clean_text_is_borrowed() {
    for text in LEFT_ALONE {
        assert!(matches!(scrub(text).text, Cow::Borrowed(_)), "{text}");
    }
    assert!(!glance::may_hold_any("共康路138号1234室，2021年第56次投诉"));
}

#[test]
fn what_was_found_is_counted_by_kind() {
    let counts = scrub("13812345678、13912345678，沪A12345").counts;
    assert_eq!((counts.of(ScrubFound::Mobile), counts.of(ScrubFound::Plate), counts.total()), (2, 1, 3));
    let named: Vec<_> = counts.iter().map(|(found, count)| (found.name(), count)).collect();
    assert_eq!(named, [("mobile", 2), ("plate", 1)]);
}

#[test]
fn the_list_of_kinds_is_in_the_order_of_the_kinds() {
    for (place, (found, name, token)) in ScrubFound::ALL.into_iter().enumerate() {
        assert_eq!((found as usize, found.name(), found.token()), (place, name, token));
    }
}

#[test]
fn the_reporters_own_name_and_numbers_are_removed() {
    let known = ["张三", "65432109", "zhangsan", "上海市某路12号"];
    let text = "张三（65432109、ZhangSan）住上海市某路12号，张三丰不是他";
    let scrubbed = scrub_known(text, &known);
    assert_eq!(scrubbed.text, "〔姓名〕（〔座机号〕、〔姓名〕）住〔个人信息〕，〔姓名〕丰不是他");
    assert_eq!(scrubbed.counts.of(ScrubFound::Name), 3);
}

#[test]
fn the_longest_known_string_goes_first() {
    assert_eq!(scrub_known("张三丰与张三", &["张三", "张三丰"]).text, "〔姓名〕与〔姓名〕");
}

#[test]
fn short_known_strings_and_parts_of_longer_words_stay() {
    assert_eq!(scrub_known("王女士在王家浜", &["王", "", " "]).text, "王女士在王家浜");
    assert_eq!(scrub_known("alive 1654321090", &["li", "65432109"]).text, "alive 1654321090");
    assert!(matches!(scrub_known("没有提到", &["张三"]).text, Cow::Borrowed(_)));
}

/// Characters looked at to scrub so many repetitions.
fn looks(piece: &str, times: usize, known: &[&str]) -> usize {
    let text = piece.repeat(times);
    view::LOOKS.set(0);
    scrub_known(&text, known);
    view::LOOKS.get()
}

#[test]
fn twice_the_text_is_at_most_twice_the_work() {
    let pieces = [
        "vx_",
        "qq_",
        "vx-",
        "wx a_",
        "微信",
        "微信_",
        "微信号",
        "vx 1",
        "QQ:1",
        "qq1",
        "电话-",
        "电话:",
        "电话1",
        "手机 138 ",
        "1 ",
        "1-",
        "1_",
        "12 ",
        "138",
        "13812345678",
        "1381234 ",
        "021-",
        "(021)",
        "+86 ",
        "转",
        "13812345678转",
        "02165432109-1",
        "a@",
        "@a",
        "@a.",
        "a.",
        "_",
        "-",
        "护照a",
        "护照1",
        "护照",
        "身份证1",
        "身份证",
        "卡号1 ",
        "沪A",
        "沪A1",
        "沪A1234",
        "车牌A",
        "〔",
        "〔手机号〕",
        "a",
        "v",
        "v ",
        "q",
        " ",
        "id",
        "vx id ",
        "号",
        "张三",
        "a张三",
        "０",
        "\u{200B}1",
        "1\u{200B}",
        "x1 ",
        "tel",
        "tel ",
        "phone1",
    ];
    for piece in pieces {
        let (small, large) = (looks(piece, 2_000, &["张三", "zhangsan"]), looks(piece, 4_000, &["张三", "zhangsan"]));
        assert!(large <= small * 21 / 10 + 500, "{piece}: {small}, then {large}");
        assert!(large <= 4_000 * piece.chars().count() * 200 + 500, "{piece}: {large}");
    }
}

#[test]
fn a_name_may_be_as_long_as_a_text() {
    let at = |letters: usize| {
        let name = "a".repeat(letters) + "b";
        view::LOOKS.set(0);
        scrub_known(&("a".repeat(2 * letters) + "b 1"), &[&name, "aaaa", "张三"]);
        view::LOOKS.get()
    };
    let (small, large) = (at(2_000), at(4_000));
    assert!(large <= small * 21 / 10 + 500, "{small}, then {large}");
    let (name, other) = ("阿".repeat(300), "阿".repeat(199) + "白");
    let text = "阿".repeat(499) + "白";
    assert_eq!(scrub_known(&text, &[&name, &other]).text, "〔个人信息〕〔个人信息〕");
}

/// Texts made of what the rules look for, so that rules meet in every way.
fn entangled() -> impl Strategy<Value = String> {
    let pieces: Vec<&'static str> = "13812345678 021 65432109 65432109 6543 2109 138 1234 5678 86 +86 0086 0 - - _ . ( ) （ ） \
        ： : @ qq.com a@b.cn @x.y 电话 手机 微信 微信号 wx vx QQ 身份证 卡号 车牌 护照 号 转 转801 分机 ext 801 E12345678 沪 \
        沪A A12345 1234学 abc12345 X x 〔手机号〕 〔 〕 310113198001011235 31011319800101123 110105491231002 6217001234567890122 6217 \
        0012 3456 7890 122 2021-03-06 2021 12345 4008208820 张三 的 、 １３８ ＠ \u{200B} · / , id 20210306"
        .split_whitespace()
        .chain([" ", "  ", "\n"])
        .collect();
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

const KNOWN: [&str; 5] = ["张三", "65432109", "电话", "话：", "abc12345"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn scrubbing_again_changes_nothing(text in entangled()) {
        let once = scrub(&text).text.into_owned();
        prop_assert_eq!(&scrub(&once).text, &once, "from {}", text);
        let once = scrub_known(&text, &KNOWN).text.into_owned();
        prop_assert_eq!(&scrub_known(&once, &KNOWN).text, &once, "known, from {}", text);
    }

    #[test]
    fn the_glance_overlooks_nothing(text in entangled()) {
        if !glance::may_hold_any(&text) {
            prop_assert_eq!(find::all(&mut View::new(&text), &[]).len(), 0);
        }
    }

    #[test]
    fn any_text_is_scrubbed_without_a_panic_and_once(text in any::<String>(), known in any::<[String; 2]>()) {
        let once = scrub(&text).text.into_owned();
        prop_assert_eq!(&scrub(&once).text, &once);
        let known = [known[0].as_str(), known[1].as_str()];
        let once = scrub_known(&text, &known).text.into_owned();
        prop_assert_eq!(&scrub_known(&once, &known).text, &once);
    }

    #[test]
    fn a_mobile_number_between_words_is_found(before in "[^0-9０-９]{0,12}", number in "1[3-9][0-9]{9}", after in "[^0-9０-９]{0,12}") {
        let text = format!("{before}{number}{after}");
        prop_assert!(!scrub(&text).text.contains(&number), "{}", text);
    }

    #[test]
    fn a_number_of_another_length_is_no_mobile(number in "[1-79][0-9]{12}|[1-9][0-9]{13}|[1-9][0-9]{19,24}") {
        prop_assert_eq!(&scrub(&number).text, &number);
    }
}
