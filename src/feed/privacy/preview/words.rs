//! Keys in Chinese that are words of the field: those of the contract's glossary and of the mappings that are shipped. Any other may be somebody's name.

use super::Content;

#[rustfmt::skip]
const WORDS: &[(Content, &[&str])] = &[
    (Content::Code, &[
        "案件编号", "工单编号", "工单号", "编号", "序号", "派单序号", "市级编号", "年份", "流水号", "事件编号", "案卷编号",
        "上报时间", "登记时间", "录入时间", "受理时间", "立案时间", "派单时间", "二次派单时间", "派遣时间", "签收时间", "联系时间", "联系日期", "联系时刻",
        "动作时间", "处置时间", "核查时间", "回访时间", "办结时间", "结案时间", "归档时间", "创建时间", "更新时间", "应办结日期", "应办结时间", "截止时间", "时限",
        "大类代码", "小类代码", "村居代码", "街镇代码", "区代码", "部门代码", "网格编号", "分类代码",
        "是否按时", "是否联系", "是否满意", "是否解决", "是否超期",
    ]),
    (Content::Word, &[
        "诉求类型", "诉求来源", "案件来源", "来源", "来源渠道", "案件类别", "类型", "类别", "大类", "小类", "状态", "动作", "环节", "紧急程度",
        "承办单位", "经办单位", "主办单位", "协办单位", "责任单位", "处置单位", "部门", "街镇", "村居", "区", "办理结果", "满意度", "红绿灯", "时限单位",
    ]),
    (Content::Inner, &["数据", "案件", "工单", "事件"]),
    (Content::Hidden, &[
        "姓名", "联系人", "反映人", "诉求人", "联系电话", "电话", "手机", "手机号", "证件号", "身份证号", "地址", "详细地址", "事发地址",
        "标题", "主题", "描述", "内容", "诉求内容", "问题描述", "处理意见", "办理意见", "答复内容", "备注", "原因", "退单原因", "延期原因",
    ]),
];

/// What the values of such a key are; none where it is no word of the field.
pub(super) fn content(key: &str) -> Option<Content> {
    WORDS.iter().find(|(_, words)| words.contains(&key)).map(|(content, _)| *content)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns stand in the mappings as `name = "列"`, in templates as `{列}`.
    fn columns(mapping: &str) -> Vec<String> {
        let lines = mapping.lines().map(|line| line.split(" #").next().unwrap_or_default());
        let is_value = |line: &&str| {
            !line.contains("map = {")
                && !line.contains("in = [")
                && !line.contains("equals")
                && !line.contains("value =")
        };
        let texts: Vec<String> =
            lines.filter(is_value).flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned).collect();
        let words = texts.iter().flat_map(|text| text.split(|c: char| c.is_ascii()));
        words.filter(|word| word.chars().count() > 1).map(str::to_owned).collect()
    }

    #[test]
    fn every_column_of_the_template_is_a_word() {
        let template = include_str!("../../../../config/sources/template.toml");
        let all = columns(template);
        assert!(all.len() > 15, "{all:?}");
        for column in all {
            let is_sheet_or_format = matches!(column.as_str(), "三月" | "已解决" | "已办结");
            assert!(is_sheet_or_format || content(&column).is_some(), "{column}");
        }
    }
}
