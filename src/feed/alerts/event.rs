//! An alert as a CloudEvent, structured.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::domain::{
    alert::{Alert, AlertKind, SentAlert},
    light::Light,
    time::Millis,
};

/// What stands on `case-alerts`, and is pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "An alert of Tongguan: CloudEvents 1.0, structured")]
pub struct AlertEvent {
    /// `1.0`
    pub specversion: String,
    /// The same for the same facts, however often they are reckoned: by it doubles are told 提醒编号
    pub id: String,
    /// `urn:tongguan`
    pub source: String,
    /// `alert.due_soon.v1`, `alert.overdue.v1`, `alert.answered.v1`, `alert.closed.v1`, `alert.reopened.v1`, `alert.quarantined.v1`
    #[serde(rename = "type")]
    #[schemars(regex(pattern = r"^alert\.(due_soon|overdue|answered|closed|reopened|quarantined)\.v1$"))]
    pub kind: String,
    /// The case id; of what was quarantined the stream
    pub subject: String,
    /// When it arose 发生时间
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
    /// `application/json`
    pub datacontenttype: String,
    /// What it says 内容
    pub data: AlertData,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlertData {
    /// 业务流
    pub stream: String,
    /// 案件编号; not there of what was quarantined
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub case_id: String,
    /// 计时: `case` for the due by which the case is judged, or a stage of the policy
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub clock: String,
    /// Number of the assignment of a unit's clock 派遣序号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<u16>,
    /// `YELLOW` 黄灯 or `RED` 红灯
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub light: Option<Light>,
    /// Reopenings (and, of lights, reworks) before it 轮次
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// 责任单位代码
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// 责任单位名称
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit_name: String,
    /// 时限
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub due_at: Option<String>,
    /// Working time up to the due, in minutes 剩余工作时间（分钟）
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_left_min: Option<i64>,
    /// Why messages were quarantined, as a code 隔离原因
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How many they were when it was sent 隔离消息数
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<u64>,
    /// 发出时间
    #[schemars(extend("format" = "date-time"))]
    pub sent_at: String,
    /// It could have been sent much earlier 是否迟发
    pub late: bool,
}

impl Default for AlertEvent {
    fn default() -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id: String::new(),
            source: String::new(),
            kind: String::new(),
            subject: String::new(),
            time: String::new(),
            datacontenttype: "application/json".to_owned(),
            data: AlertData::default(),
        }
    }
}

impl AlertEvent {
    pub fn of(sent: &SentAlert, source: &str, zone: &TimeZone) -> Self {
        let SentAlert { alert, sent_at, is_late, work_left_min } = sent;
        let is_of_case = !alert.case_id.is_empty();
        let data = AlertData {
            stream: alert.stream.to_string(),
            case_id: alert.case_id.to_string(),
            clock: alert.clock.to_string(),
            assignment: Some(alert.assignment).filter(|number| *number > 0),
            light: alert.light,
            round: is_of_case.then_some(alert.round),
            unit: alert.unit.to_string(),
            unit_name: alert.unit_name.to_string(),
            due_at: alert.due.map(|due| due.rfc3339(zone)),
            work_left_min: *work_left_min,
            reason: alert.reason.to_string(),
            messages: (!is_of_case).then_some(alert.messages),
            sent_at: sent_at.rfc3339(zone),
            late: *is_late,
        };
        Self {
            id: alert.id.to_string(),
            source: source.to_owned(),
            kind: alert.kind.type_name(),
            subject: alert.subject().to_owned(),
            time: alert.arose_at.rfc3339(zone),
            data,
            ..Self::default()
        }
    }

    /// None: it is no alert of this version.
    pub fn sent(self) -> Option<SentAlert> {
        let Self { id, kind, time, data, .. } = self;
        let text = |text: String| SmolStr::from(text);
        let alert = Alert {
            id: text(id),
            kind: AlertKind::from_type(&kind)?,
            stream: text(data.stream),
            case_id: text(data.case_id),
            clock: text(data.clock),
            assignment: data.assignment.unwrap_or(0),
            light: data.light,
            round: data.round.unwrap_or(0),
            unit: text(data.unit),
            unit_name: text(data.unit_name),
            due: data.due_at.as_deref().map(Millis::parse).map_or(Some(None), |due| due.map(Some))?,
            arose_at: Millis::parse(&time)?,
            reason: text(data.reason),
            messages: data.messages.unwrap_or(0),
        };
        let (sent_at, is_late) = (Millis::parse(&data.sent_at)?, data.late);
        Some(SentAlert { alert, sent_at, is_late, work_left_min: data.work_left_min })
    }
}

/// For the description of the topics.
pub fn example() -> serde_json::Value {
    let text = str::to_owned;
    let data = AlertData {
        stream: text("hotline"),
        case_id: text("HR21030800017"),
        clock: text("case"),
        light: Some(Light::Yellow),
        round: Some(0),
        unit: text("u1"),
        unit_name: text("市容所"),
        due_at: Some(text("2021-03-13T00:00:00+08:00")),
        work_left_min: Some(636),
        sent_at: text("2021-03-11T11:24:03+08:00"),
        ..AlertData::default()
    };
    let event = AlertEvent {
        id: text("al-5f0c6f6ad3a94f0d8a5a7c2b9c1e4d70"),
        source: text("urn:tongguan"),
        kind: AlertKind::DueSoon.type_name(),
        subject: text("HR21030800017"),
        time: text("2021-03-11T11:24:00+08:00"),
        data,
        ..AlertEvent::default()
    };
    serde_json::to_value(event).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_back_is_what_was_sent() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let alert = Alert {
            id: "al-1".into(),
            kind: AlertKind::DueSoon,
            stream: "hotline".into(),
            case_id: "C1".into(),
            clock: "case".into(),
            assignment: 0,
            light: Some(Light::Yellow),
            round: 2,
            unit: "u1".into(),
            unit_name: "某单位".into(),
            due: Some(Millis(1_615_564_800_000)),
            arose_at: Millis(1_615_433_040_000),
            reason: "".into(),
            messages: 0,
        };
        let of_case = SentAlert { alert, sent_at: Millis(1_615_433_043_210), is_late: true, work_left_min: Some(636) };
        let mut of_quarantine = of_case.clone();
        of_quarantine.alert = Alert {
            kind: AlertKind::Quarantined,
            case_id: "".into(),
            clock: "".into(),
            light: None,
            round: 0,
            due: None,
            reason: "not_json".into(),
            messages: 3,
            ..of_quarantine.alert
        };
        for sent in [of_case, of_quarantine] {
            let event = AlertEvent::of(&sent, "urn:tongguan", &zone);
            let text = serde_json::to_string(&event).unwrap();
            let read: AlertEvent = serde_json::from_str(&text).unwrap();
            assert_eq!(read.sent(), Some(sent), "{text}");
        }
        let other = AlertEvent { kind: "case.closed.v1".to_owned(), ..AlertEvent::default() };
        assert_eq!(other.sent(), None);
    }
}
