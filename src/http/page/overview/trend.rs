//! Twelve months of closure, timeliness and what was received, each over the same months of the year before.

use super::{OverviewFound, Show};
use crate::{
    http::page::{
        chart::{self, ChartFrame},
        part::Panel,
    },
    store::kpi::Question,
};

pub(super) fn panels(show: &Show<'_>, found: &OverviewFound, frame: ChartFrame) -> Vec<Panel> {
    let (lang, wanted) = (show.lang(), show.wanted);
    let panel = |(led, answers): (&super::found::Led, &Vec<crate::store::kpi::Answer>)| {
        let question = Question { figure: led.figure, ..wanted.asked.questions[0].clone() };
        let here = show.figure(&led.figure.id);
        Panel {
            id: format!("trend-{}", led.figure.id),
            title: lang.of(&led.figure.title.zh, &led.figure.title.en).to_owned(),
            sub: lang.of("近 12 个月，虚线为上年同期", "the last 12 months; dashed: a year before").to_owned(),
            lines: vec![chart::over_two_years(lang, &here, &question, answers, frame)],
            ..Panel::default()
        }
    };
    found.lead.iter().zip(&found.months).map(panel).collect()
}
