//! What is wrong with a file or a row, in Chinese: the twins of what `Display` says in English.

use super::{
    fault::{Damage, Fault},
    not_text::NotText,
    read_error::ReadError,
};

/// Why a file cannot be read, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct ImportUnread {
    pub zh: String,
    pub en: String,
}

impl From<ReadError> for ImportUnread {
    fn from(error: ReadError) -> Self {
        Self { zh: error.in_chinese(), en: error.to_string() }
    }
}

impl ReadError {
    fn in_chinese(&self) -> String {
        match self {
            Self::NotText(what) => format!("这个文件{}", what.in_chinese()),
            Self::Empty => "文件是空的：连表头也没有".to_owned(),
            Self::NoHeader { searched } => {
                format!("前 {searched} 行里没有映射所说的任何一列：请核对文件、表头、分隔符和编码")
            }
            Self::Io { line: 0, .. } => "文件读不了：不是表格，或者已损坏".to_owned(),
            Self::Io { line, .. } => format!("第 {line} 行之后读不下去：文件不完整，或者不是文本"),
            Self::NoSuchSheet { wanted, there, .. } => format!("没有工作表“{wanted}”；有：{there}"),
            Self::Sheet { sheet, row, problem } => format!("工作表“{sheet}”第 {row} 行之后：{}", of_workbook(problem)),
            Self::Workbook(problem) => of_workbook(problem).to_owned(),
        }
    }
}

fn of_workbook(problem: &str) -> &'static str {
    if problem.contains("encrypted") {
        "工作簿加了密，或者不是工作簿；请打开后不设密码另存为 .xlsx 再传"
    } else {
        "工作簿已损坏，或写法无法识别；请打开后另存为 .xlsx 再传"
    }
}

impl NotText {
    fn in_chinese(self) -> String {
        const SAVE: &str = "请打开后另存为 .xlsx 或 CSV（UTF-8）再传";
        match self {
            Self::Pdf => "是 PDF，里面没有表格的行：请索取原来的表格".to_owned(),
            Self::WebPage => format!("其实是网页，不管文件名怎么写：{SAVE}"),
            Self::Xml => format!("其实是 XML，不管文件名怎么写：{SAVE}"),
            Self::Xlsb => format!("是 .xlsb 工作簿：{SAVE}"),
            Self::OpenDocument => format!("是 OpenDocument 文件：{SAVE}"),
            Self::OtherArchive => "是压缩包，但不是 ZIP 或 gzip：请解压后再传".to_owned(),
            Self::SeveralFiles { count: 0 } => "是空的 ZIP 压缩包".to_owned(),
            Self::SeveralFiles { count } => format!("是有 {count} 个文件的 ZIP 压缩包：请解压后逐个上传"),
            Self::PackedTwice => "压缩了两次：请先解压一次".to_owned(),
            Self::TooLargeInside => "是解开后超过 256 MiB 的工作簿：请解压后再传".to_owned(),
            Self::Encrypted => "加了密：请不设密码另存后再传".to_owned(),
        }
    }
}

impl Fault {
    pub fn in_chinese(&self) -> String {
        match self {
            Self::FieldCount { expected, found } => {
                format!("这一行有 {found} 栏，表头有 {expected} 栏：是不是多了分隔符或引号？")
            }
            Self::DamagedText => "有乱码：请检查文件的编码".to_owned(),
            Self::StrayQuote => "结束引号后面还有字：引号里的引号要写两个".to_owned(),
            Self::OpenQuote { .. } => "引号开了没有关：只影响这一行，后面的行照读".to_owned(),
            Self::Damaged { how } => how.in_chinese().to_owned(),
            Self::Missing { .. } => "空着：案件编号、必填的内容或事情发生的时间不能空".to_owned(),
            Self::NotATime => "不是看得懂的时间".to_owned(),
            Self::TimeSkipped => "这个时刻不存在（夏令时跳过的一小时）".to_owned(),
            Self::TimeOutOfRange => "年份不在 1970 到 2099 之间".to_owned(),
            Self::ImpossibleTime { .. } => "时间不可能：在将来，或早于 ingest.earliest".to_owned(),
            Self::NotListed { .. } => "这个取值没有对应：请改成认得的取值，或在列的对应里补上".to_owned(),
            Self::WrongKind { .. } => "取值的种类不对（应为数字、是否或规定的词）".to_owned(),
            Self::TooLong { limit, .. } => format!("太长：最多 {limit} 字节（一个汉字三字节）"),
            Self::BadCaseId { .. } => "案件编号里有看不见的字符".to_owned(),
            Self::NoRule => "这一行没有形成任何事件：所有时间都空着？".to_owned(),
            Self::Contract { .. } => "内容互相矛盾，不符合数据规范".to_owned(),
        }
    }
}

impl Damage {
    fn in_chinese(self) -> &'static str {
        match self {
            Self::Exponent => "被表格软件改成了科学记数，后面的数字已丢失：请把这一列按文本重新导出",
            Self::TooManyDigits => "超过 15 位的数字，表格软件只保留 15 位：请把这一列按文本重新导出",
            Self::Narrow => "列太窄只显示了 #####：请导出取值而不是显示内容",
            Self::Error => "公式出错（#N/A 之类）：请改正公式",
            Self::WithoutValue => "公式没有计算结果：请打开工作簿，计算后保存再传",
            Self::Date => "编号被表格软件改成了日期：请把这一列按文本重新导出",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_in_chinese_names_no_value_and_has_no_sentence_in_english() {
        let faults = [
            Fault::NotATime,
            Fault::Missing { what: "张三".to_owned() },
            Fault::NotListed { map: "status".to_owned() },
            Fault::BadCaseId { problem: "13800138000".to_owned() },
            Fault::Damaged { how: Damage::WithoutValue },
        ];
        for fault in faults {
            let told = fault.in_chinese();
            assert!(!told.contains("张三") && !told.contains("138") && !told.contains(" is "), "{told}");
        }
        assert!(ImportUnread::from(ReadError::NotText(NotText::Pdf)).zh.contains("PDF"));
        assert!(of_workbook("it is encrypted; save it").contains("加了密"));
    }
}
