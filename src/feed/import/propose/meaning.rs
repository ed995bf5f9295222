//! What a column of a table of cases can be: the one list of names, in the words of the field and of the platforms that are known.

/// What is done with a column of this meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposeKind {
    CaseId,
    /// Something happened then.
    Time,
    /// Until when.
    Due,
    /// Codes that mean one of a few things.
    Codes,
    Text,
    /// Of a person: never shown.
    Personal,
}

#[derive(Debug)]
pub struct ProposeMeaning {
    /// Unique; of fields the path in the contract.
    pub id: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub kind: ProposeKind,
    /// As the field calls it; pinyin and initials are made of these.
    pub(super) names: &'static [&'static str],
    /// As platforms call it, in lower case without marks.
    pub(super) codes: &'static [&'static str],
}

const fn meaning(
    id: &'static str,
    (zh, en): (&'static str, &'static str),
    kind: ProposeKind,
    names: &'static [&'static str],
    codes: &'static [&'static str],
) -> ProposeMeaning {
    ProposeMeaning { id, zh, en, kind, names, codes }
}

use ProposeKind::{CaseId, Codes, Due, Personal, Text, Time};

/// In the order in which a form offers them.
#[rustfmt::skip]
pub const MEANINGS: &[ProposeMeaning] = &[
    meaning("case_id", ("案件编号", "case number"), CaseId,
        &["工单编号", "工单号", "工单编码", "案件编号", "案件号", "案卷编号", "案卷号", "任务编号", "任务号", "受理编号", "受理单号", "诉求编号",
          "事件编号", "事项编号", "登记编号"],
        &["taskid", "caseid", "caseenquiryid", "orderid", "orderno", "tasknum", "ticketid", "casenumber", "servicerequestid"]),
    meaning("reported", ("上报时间", "reported at"), Time,
        &["上报时间", "发现时间", "来电时间", "诉求时间", "反映时间", "投诉时间"], &["discovertime", "reporttime", "reportedat"]),
    meaning("accepted", ("受理时间", "accepted at"), Time,
        &["受理时间", "受理日期", "登记时间", "创建时间", "建单时间"],
        &["opendt", "opendate", "percreatetime", "acceptedat", "accepttime", "createdat", "createtime"]),
    meaning("filed", ("立案时间", "filed at"), Time, &["立案时间", "立案日期"], &["createtime", "filedat", "insttime"]),
    meaning("dispatched", ("派单时间", "dispatched at"), Time,
        &["派单时间", "派遣时间", "分派时间", "转派时间", "交办时间", "派发时间"], &["dispatchtime", "dispatchedat"]),
    meaning("signed", ("签收时间", "signed for at"), Time, &["签收时间", "接单时间"], &["signtime", "signedat"]),
    meaning("contacted", ("先行联系时间", "contacted at"), Time, &["先行联系时间", "首次联系时间", "联系时间"], &["contacttime", "contactedat"]),
    meaning("submitted", ("处置完成时间", "answered at"), Time,
        &["处置完成时间", "处置时间", "办理完成时间", "处置反馈时间", "反馈时间", "回复时间", "答复时间"], &["submittime", "submittedat"]),
    meaning("closed", ("办结时间", "closed at"), Time,
        &["办结时间", "结案时间", "办结日期", "结案日期", "归档时间", "关闭时间"],
        &["closeddt", "closeddate", "endtime", "closedat", "closetime", "archivetime"]),
    meaning("revisited", ("回访时间", "revisited at"), Time, &["回访时间", "回访日期"], &["revisittime", "revisitedat"]),
    meaning("due_at", ("应办结时间", "due at"), Due,
        &["应办结日期", "应办结时间", "办理时限", "办结时限", "截止时间", "截止日期", "到期时间", "到期日期", "处置时限", "要求办结时间", "承办时限",
          "限办时间"],
        &["targetdt", "deadline", "duedate", "dueat"]),
    meaning("status", ("状态", "status"), Codes,
        &["状态", "工单状态", "案件状态", "办理状态", "当前状态", "处置状态", "案卷状态", "任务状态"], &["status", "casestatus"]),
    meaning("unit", ("承办单位", "unit in charge"), Text,
        &["承办单位", "主办单位", "处置部门", "责任单位", "办理单位", "责任部门", "承办部门", "处置单位", "主责部门", "经办单位", "办理部门"],
        &["deptcode", "executedeptcode", "department", "dept", "unit"]),
    meaning("kind", ("诉求类型", "kind"), Text,
        &["诉求类型", "工单类型", "案件类型", "案件属性", "诉求类别", "案件类别", "事件类型", "问题类型"], &["infotypename", "approach", "kind"]),
    meaning("channel", ("来源渠道", "channel"), Codes,
        &["诉求来源", "来源渠道", "案件来源", "受理渠道", "问题来源", "上报来源", "信息来源", "工单来源"],
        &["source", "infosourceid", "channel"]),
    meaning("category.name", ("事项分类", "category"), Text,
        &["案件小类", "小类名称", "小类", "事项名称", "诉求小类", "问题小类", "事项分类"], &["infoscname", "type", "category"]),
    meaning("category.code", ("事项代码", "code of the category"), Text,
        &["小类代码", "小类编码", "事项编码", "事项代码"], &["infosccode", "categorycode"]),
    meaning("place.town", ("街镇", "town"), Text,
        &["街镇", "所属街镇", "所属街道", "街道", "街道名称", "所属镇", "乡镇", "街镇代码"], &["streetcode", "neighborhood", "town"]),
    meaning("place.community", ("村居", "community"), Text,
        &["村居", "所属村居", "所属居委", "居委", "社区", "村居代码", "所属社区", "居村委"], &["community"]),
    meaning("place.duty_grid", ("责任网格", "duty grid"), Text, &["责任网格", "所属网格", "网格编号"], &["dutygrid"]),
    meaning("external_no", ("外部编号", "number elsewhere"), Text,
        &["12345工单编号", "12345编号", "市级编号", "热线工单号", "市级工单编号", "来源编号", "外部编号"], &["hotlinesn", "externalno"]),
    meaning("urgency", ("紧急程度", "urgency"), Text, &["紧急程度", "紧急等级"], &["urgency", "priority"]),
    meaning("result", ("办理结果", "result"), Text,
        &["办理结果", "处置结果", "结案评判", "结案结果", "办结结果"], &["casevaluationname", "result"]),
    meaning("satisfaction", ("满意度", "satisfaction"), Codes,
        &["满意度", "综合满意度", "市民满意度", "满意情况"], &["allmanyinamebf", "satisfaction"]),
    meaning("solved", ("解决情况", "solved"), Codes, &["解决情况", "是否解决"], &["resulttypenamebf", "solved"]),
    meaning("title", ("标题", "title"), Personal, &["标题", "诉求标题", "工单标题", "案件标题", "主题"], &["title", "casetitle"]),
    meaning("description", ("诉求内容", "what is asked for"), Personal,
        &["诉求内容", "问题描述", "案件描述", "诉求描述", "工单内容", "反映内容"], &["description"]),
    meaning("reporter.name", ("诉求人（只留假名）", "who asks (kept as a pseudonym)"), Personal,
        &["诉求人", "来电人", "姓名", "联系人", "反映人", "举报人", "投诉人", "市民姓名", "诉求人姓名", "上报人"], &["reporter", "name"]),
    meaning("reporter.phone", ("联系电话（只留假名）", "phone (kept as a pseudonym)"), Personal,
        &["联系电话", "电话", "手机", "手机号", "手机号码", "来电号码", "联系方式", "电话号码"], &["phone", "tel", "mobile"]),
    meaning("reporter.id_number", ("证件号码（只留假名）", "identity number (kept as a pseudonym)"), Personal,
        &["身份证", "身份证号", "身份证号码", "证件号码"], &["idcard", "idnumber"]),
    meaning("place.address", ("地址（不入库）", "address (not kept)"), Personal,
        &["地址", "详细地址", "案发地址", "事发地址", "问题地址", "发生地址", "诉求地址"], &["address", "locationstreetname"]),
];

/// By its id.
pub fn propose_meaning(id: &str) -> Option<&'static ProposeMeaning> {
    MEANINGS.iter().find(|meaning| meaning.id == id)
}
