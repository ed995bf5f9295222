//! What the codes of a column mean: by the words that the field uses for them.

/// Not to be guessed.
pub const ASKED: &str = "?";

/// What a code of a column can become: the value, and in words.
pub type ProposeOption = (&'static str, &'static str, &'static str);

const STATUS: &[ProposeOption] = &[
    ("open", "在办", "open"),
    ("closed", "已办结", "closed"),
    ("void", "作废", "void"),
    ("skip", "不导入", "leave out"),
];
const CHANNEL: &[ProposeOption] = &[
    ("", "照原样", "as it is"),
    ("HOTLINE", "热线", "hotline"),
    ("WECHAT", "微信", "WeChat"),
    ("PUBLIC", "公众（网站、APP）", "public (web, app)"),
    ("PATROL", "巡查上报", "patrol"),
    ("VILLAGE", "居村上报", "village"),
    ("VIDEO_AI", "视频智能发现", "video"),
    ("OTHER", "其他", "other"),
];
const SATISFACTION: &[ProposeOption] = &[
    ("satisfied", "满意", "satisfied"),
    ("basically_satisfied", "基本满意", "basically satisfied"),
    ("neutral", "一般", "neutral"),
    ("dissatisfied", "不满意", "dissatisfied"),
    ("", "未评价", "no answer"),
];
const SOLVED: &[ProposeOption] =
    &[("true", "已解决", "solved"), ("false", "未解决", "not solved"), ("", "未评价", "no answer")];

/// What the codes of a meaning can become; none where they stay as they are.
pub fn propose_options(meaning: &str) -> &'static [ProposeOption] {
    match meaning {
        "status" => STATUS,
        "channel" => CHANNEL,
        "satisfaction" => SATISFACTION,
        "solved" => SOLVED,
        _ => &[],
    }
}

/// Parts of words, in order: the first that is there decides.
type Parts = &'static [(&'static [&'static str], &'static str)];

const STATUS_PARTS: Parts = &[
    (&["作废", "撤销", "销单", "取消", "无效", "void", "cancel"], "void"),
    (
        &["未办结", "未结案", "未完成", "待结", "待办结", "待归档", "不结案", "在办", "办理中", "处置中", "核查中"],
        "open",
    ),
    (&["办结", "结案", "归档", "完成", "关闭", "结束", "closed", "done"], "closed"),
    (&["待", "未", "中", "已受理", "已派", "已立案", "已签收", "挂账", "延期", "open"], "open"),
];
const CHANNEL_PARTS: Parts = &[
    (&["微信", "wechat"], "WECHAT"),
    (&["电话", "热线", "12345", "hotline", "来电"], "HOTLINE"),
    (&["网站", "网络", "网上", "app", "随申办", "小程序", "市民"], "PUBLIC"),
    (&["监督员", "巡查", "网格员", "采集员"], "PATROL"),
    (&["居委", "村委", "居村", "村居", "社区"], "VILLAGE"),
    (&["视频", "智能", "ai"], "VIDEO_AI"),
    (&["其他", "其它", "other"], "OTHER"),
];
const SATISFACTION_PARTS: Parts = &[
    (&["未评价", "未回访", "无法联系", "拒绝"], ""),
    (&["不满意", "dissatisfied"], "dissatisfied"),
    (&["基本满意", "较满意", "比较满意"], "basically_satisfied"),
    (&["一般", "neutral"], "neutral"),
    (&["满意", "satisfied"], "satisfied"),
];
const SOLVED_PARTS: Parts = &[
    (&["未评价", "未回访"], ""),
    (&["未解决", "没有解决", "否"], "false"),
    (&["已解决", "实际解决", "解决", "是"], "true"),
];

/// What a code probably means; asked where no word of it is known.
pub(super) fn guess(meaning: &str, code: &str) -> &'static str {
    let code = code.to_lowercase();
    let (parts, otherwise) = match meaning {
        "status" => (STATUS_PARTS, ASKED),
        "channel" => (CHANNEL_PARTS, ""),
        "satisfaction" => (SATISFACTION_PARTS, ASKED),
        "solved" => (SOLVED_PARTS, ASKED),
        _ => return "",
    };
    let found = parts.iter().find(|(parts, _)| parts.iter().any(|part| code.contains(part)));
    found.map_or(otherwise, |(_, means)| *means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_and_numbers_are_asked_for() {
        for (meaning, code, means) in [
            ("status", "已办结", "closed"),
            ("status", "未办结", "open"),
            ("status", "待派遣", "open"),
            ("status", "办理中", "open"),
            ("status", "已归档", "closed"),
            ("status", "已作废", "void"),
            ("status", "Closed", "closed"),
            ("status", "9", ASKED),
            ("status", "转市级", ASKED),
            ("channel", "微信上报", "WECHAT"),
            ("channel", "12345热线", "HOTLINE"),
            ("channel", "61", ""),
            ("satisfaction", "不满意", "dissatisfied"),
            ("satisfaction", "基本满意", "basically_satisfied"),
            ("satisfaction", "B", ASKED),
            ("solved", "未解决", "false"),
        ] {
            assert_eq!(guess(meaning, code), means, "{meaning} {code}");
            let options = propose_options(meaning);
            assert!(means == ASKED || options.iter().any(|(value, ..)| *value == means), "{meaning} {means}");
        }
    }
}
