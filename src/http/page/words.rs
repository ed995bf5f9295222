//! The words of the frame, in both languages.

use crate::{ask::unclear::Wording, report::paper::Language};

/// The language of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// Of what is refused.
    pub(super) fn wording(self) -> Wording {
        match self {
            Self::Zh => Wording::Chinese,
            Self::En => Wording::English,
        }
    }

    /// Of a workbook.
    pub(super) fn language(self) -> Language {
        match self {
            Self::Zh => Language::Zh,
            Self::En => Language::En,
        }
    }

    /// One of the two.
    pub(super) fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

macro_rules! words {
    ($($name:ident $zh:literal $en:literal;)*) => {
        /// What the templates say themselves.
        #[derive(Debug)]
        pub(super) struct Words {
            $(pub(super) $name: &'static str,)*
        }

        const ZH: Words = Words { $($name: $zh,)* };
        const EN: Words = Words { $($name: $en,)* };
    };
}

#[rustfmt::skip]
words! {
    product "城市运行统管" "City Operations";
    skip "跳到正文" "Skip to content";
    nav "主导航" "Main";
    log_out "退出" "Log out";
    filter "查询条件" "Question";
    period "统计时段" "Period";
    previous_period "上一时段" "Previous period";
    next_period "下一时段" "Next period";
    ask "查询" "Ask";
    reset "清除条件" "Clear";
    busy "正在统计…" "Counting…";
    as_table "数据表" "As a table";
    paging "翻页" "Pages";
    first_page "回到第一页" "First page";
    next_page "下一页" "Next page";
    definition "口径" "Definition";
    sql "查询语句（SQL，可复制）" "The query (SQL, to copy)";
    copy "复制" "Copy";
    copied "已复制" "Copied";
    sql_note "与本页数字出自同一条语句；在分析库中执行得到同样的分子、分母。" "The figures on this page come from this very statement; run it in the mart and it gives the same counts.";
    behind "数字背后的案件：" "Cases behind";
    footer_note "统管 Tongguan：每个数字都能拆到案件和消息。" "Tongguan: every figure opens down to its cases and messages.";
    live_on "实时" "Live";
    live_off "已断开，显示的是断开前的数字" "Disconnected: these are the figures from before";
    live_poll "每 15 秒查询一次" "Asking every 15 s";
    life "全程" "Life";
    what_happened "经过" "What happened";
    rule "判定依据" "Judged by";
    clocks "计时" "Clocks";
    whatif_note "改一条时限，或换一份规则文件，看哪些指标和案件会变。什么都不会改动：案件在另外一个库里重新折叠，用完即删。" "Change a limit, or give another rule file, and see which figures and cases would change. Nothing is changed: the cases are folded again in a database of their own, which is dropped afterwards.";
    whatif_period "时段" "Period";
    whatif_limit "改一条时限" "Change a limit";
    whatif_count "新时限" "new limit";
    whatif_file "或：规则文件" "Or: a rule file";
    whatif_file_note "TOML，至多 256 KiB；写法见 docs/policy.md" "TOML, at most 256 KiB; docs/policy.md says how it is written";
    whatif_try "试算" "Try";
    whatif_kept "试算结果在内存中保留一小时，至多八个；同一地址可以发给别人。" "Trials are kept in memory for an hour, eight at most; their address can be sent to somebody.";
    axis_due "时限，及其移动" "due, and how it moved";
}
