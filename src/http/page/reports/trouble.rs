//! Why there is no report.

use axum::{http::StatusCode, response::Response};

use super::{Form, lang, problem};
use crate::{
    ask::unclear::{AskError, Unclear, Wording},
    http::page::{address::Address, site::Site},
    report::{drift::DriftError, paper::Text, publish::PublishError},
    store::StoreError,
};

#[derive(Debug)]
pub(super) enum ReportTrouble {
    Ask(AskError),
    /// There is none: 404.
    Missing(Text),
    /// It would not be right to publish this: 409.
    Refused(Text),
    /// It takes longer than anybody waits: 503.
    TooLong(Text),
    /// As every other page says it: 503.
    TooSlow,
    /// A fault of ours: 500.
    Broken(Text),
}

impl ReportTrouble {
    pub(super) fn nowhere() -> Self {
        Self::Missing(Text::new("没有这个地址。", "There is nothing at this address."))
    }

    pub(super) fn too_long() -> Self {
        let zh = "在时限内没有做完：可能有人在出别的报表，一次只出一份；也可能时段太长。请稍后再试，或用命令行 tongguan report。";
        let en = "Not done in time: somebody may be making another report, and only one is made at once; or the period is long. Try \
                  again later, or use the command tongguan report.";
        Self::TooLong(Text::new(zh, en))
    }

    /// Nobody stopped it.
    pub(super) fn going_on() -> Self {
        Self::TooLong(Text::new(
            "还没有做完，仍在进行。发布的版次稍后会出现在报表的列表中。",
            "Not done yet, and going on. An edition will be on the list of reports when it is published.",
        ))
    }

    /// What is not ours to say in two languages.
    pub(super) fn broken(what: &impl ToString) -> Self {
        Self::Broken(Text::same(&what.to_string()))
    }

    pub(super) fn response(self, site: &Site, here: &Address, form: Form) -> Response {
        let (status, said) = match self {
            Self::Ask(error) => {
                let said = |wording| problem::told(&error, wording);
                let ((status, zh), (_, en)) = (said(Wording::Chinese), said(Wording::English));
                problem::note(status, &error, &here.path);
                (status, Text::new(zh, en))
            }
            Self::Missing(said) => (StatusCode::NOT_FOUND, said),
            Self::Refused(said) => (StatusCode::CONFLICT, said),
            Self::TooSlow => return problem::too_slow(site, here, form),
            Self::TooLong(said) => (StatusCode::SERVICE_UNAVAILABLE, said),
            Self::Broken(said) => (StatusCode::INTERNAL_SERVER_ERROR, said),
        };
        match form {
            Form::Page => {
                let detail = lang(here).unwrap_or_default().of(&said.zh, &said.en).to_owned();
                problem::shown(site, here, status, detail)
            }
            Form::Json | Form::Csv => problem::said_to_program(status, &said.en),
        }
    }
}

impl From<Unclear> for ReportTrouble {
    fn from(unclear: Unclear) -> Self {
        Self::Ask(unclear.into())
    }
}

impl From<StoreError> for ReportTrouble {
    fn from(error: StoreError) -> Self {
        Self::Ask(error.into())
    }
}

impl From<AskError> for ReportTrouble {
    fn from(error: AskError) -> Self {
        Self::Ask(error)
    }
}

impl From<DriftError> for ReportTrouble {
    fn from(error: DriftError) -> Self {
        match error {
            DriftError::Store(error) => error.into(),
            DriftError::Stopped(_) => Self::too_long(),
            DriftError::Unknown { figure, program } => Self::Refused(Text::new(
                format!("此版有本程序不认识的指标 {figure}，请用发布它的版本 {program} 查看。"),
                format!(
                    "This edition has the figure {figure}, which this program does not know; ask version {program} of it."
                ),
            )),
        }
    }
}

impl From<PublishError> for ReportTrouble {
    fn from(error: PublishError) -> Self {
        let en = error.to_string();
        let zh = match error {
            PublishError::Store(error) => return error.into(),
            PublishError::Stopped(_) => return Self::too_long(),
            PublishError::Disagree { figure, asked, counted } => {
                format!("没有发布：{figure} 查询得 {asked}，逐案计得 {counted}，两者不符；这是程序的错误，请报告。")
            }
            PublishError::Contended(times) => format!("没有发布：其间别人接连发布了 {times} 次；请稍后再试。"),
            PublishError::Changed { figure, version } => format!(
                "没有发布：{figure} 的第 {version} 版发布时是另一段文字；请在它的文件里换一个 version，或改回原文。"
            ),
        };
        Self::Refused(Text::new(zh, en))
    }
}
