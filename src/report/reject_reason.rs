//! Why a message was set aside, in words, and what helps. The codes are those of the contract.

struct ReasonWords {
    code: &'static str,
    name: (&'static str, &'static str),
    todo: (&'static str, &'static str),
}

const FEEDER: (&str, &str) =
    ("请推送方更正后重发，再丢弃这一条。", "Have the feeder mend it and send it again, then discard this one.");

#[rustfmt::skip]
const REASONS: &[ReasonWords] = &[
    ReasonWords { code: "empty", name: ("空消息", "empty"), todo: FEEDER },
    ReasonWords { code: "not_utf8", name: ("不是 UTF-8", "not UTF-8"), todo: ("推送方用了别的字符编码：请改为 UTF-8 后重发。", "The feeder writes another encoding: have it send UTF-8.") },
    ReasonWords { code: "not_json", name: ("不是 JSON", "not JSON"), todo: FEEDER },
    ReasonWords { code: "not_an_object", name: ("不是 JSON 对象", "not an object of JSON"), todo: FEEDER },
    ReasonWords { code: "missing_field", name: ("缺字段", "a field is missing"), todo: FEEDER },
    ReasonWords { code: "invalid_field", name: ("字段有误", "a field is wrong"), todo: FEEDER },
    ReasonWords { code: "unknown_type", name: ("事件类型未知", "unknown type of event"), todo: ("先核对拼写；若是新类型，升级程序后重放。", "Look at the spelling; if the type is new, upgrade the program and replay.") },
    ReasonWords { code: "impossible_time", name: ("时间不可能", "impossible time"), todo: ("核对推送方的时钟和时区；限值在 ingest.* 中，放宽后可重放。", "Look at the feeder's clock and zone; the limits are in ingest.*: replay after a change.") },
    ReasonWords { code: "too_large", name: ("过大", "too large"), todo: ("解压后超过上限；请推送方拆分后重发。", "Unpacked it is beyond the limit: have it sent in parts.") },
    ReasonWords { code: "foreign_source", name: ("来源不符", "not this producer's source"), todo: ("核对业务流文件的 [producers]：若清单漏了，补上后重放；否则是有人冒用来源。", "Look at [producers] in the stream's file: mend the list and replay, unless somebody speaks for another.") },
    ReasonWords { code: "internal", name: ("程序故障", "a fault of the program"), todo: ("请报告；升级后重放。", "Report it; replay after an upgrade.") },
];

fn of(code: &str) -> Option<&'static ReasonWords> {
    REASONS.iter().find(|reason| reason.code == code)
}

/// Its name in Chinese and English, if the contract has it.
pub fn name(code: &str) -> Option<(&'static str, &'static str)> {
    of(code).map(|reason| reason.name)
}

/// What helps, in Chinese and English.
pub fn todo(code: &str) -> (&'static str, &'static str) {
    of(code).map_or(FEEDER, |reason| reason.todo)
}
