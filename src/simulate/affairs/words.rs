//! What the events of these streams say: kinds, subjects, places and units, all invented.

use smol_str::{SmolStr, format_smolstr};

use super::plan::PlannedWork;
use crate::{
    feed::contract::data::{Category, Intake, Place, Tallied},
    simulate::{
        draw::Draw,
        town::{
            AREA, COMMUNITIES, Community, DEVELOPMENT, ENFORCEMENT, HOUSING, SAFETY, SERVICES, TOWN, TownUnit, WATER,
        },
    },
};

pub(super) fn text(word: &'static str) -> Option<SmolStr> {
    Some(SmolStr::new_static(word))
}

/// What was known is known.
pub(super) fn nothing_new() -> Intake {
    Intake::default()
}

pub(super) fn intake(work: &PlannedWork, number: u64, draw: &mut Draw) -> Intake {
    let (kinds, subjects) = vocabulary(work.stream);
    let kind = if work.kind.is_empty() { one(kinds, draw) } else { work.kind };
    let (subject, community) = (one(subjects, draw), community(draw));
    Intake {
        kind: text(kind),
        channel: text("OTHER"),
        category: Some(Category { name: text(subject), ..Category::default() }),
        place: Some(place(community)),
        title: Some(format_smolstr!("{subject}（{}年第{}件）", work.year, number + 1)),
        ..Intake::default()
    }
}

pub(super) fn tallied(work: &PlannedWork, quantity: u64, draw: &mut Draw) -> Tallied {
    let (unit, community) = (unit(work.stream, draw), community(draw));
    Tallied {
        kind: text(work.kind),
        quantity: Some(quantity as u32),
        place: Some(place(community)),
        unit: text(unit.code),
        unit_name: text(unit.name),
        title: Some(format_smolstr!("{}{}", community.name, work.kind)),
        ..Tallied::default()
    }
}

pub(super) fn unit(stream: &str, draw: &mut Draw) -> &'static TownUnit {
    match stream {
        "petitions" | "police_calls" | "hazards" => &SAFETY,
        "mediation" => &community(draw).committee,
        "proposals" => one(&[&DEVELOPMENT, &HOUSING, &ENFORCEMENT], draw),
        "environment" => one(&[&WATER, &ENFORCEMENT], draw),
        "outreach" => &DEVELOPMENT,
        _ => &SERVICES,
    }
}

/// Kinds, as the stream's file lists them, and subjects.
fn vocabulary(stream: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match stream {
        "petitions" => {
            (&["来信", "来访", "网上信访", "来电"], &["动拆迁", "物业管理", "违法建筑", "劳动保障", "环境保护"])
        }
        "mediation" => (
            &["邻里", "婚姻家庭", "物业", "劳动争议", "房屋租赁", "损害赔偿", "其他"],
            &["漏水", "噪声", "赡养", "工资", "押金", "占道", "宠物"],
        ),
        "environment" => (&["监测告警", "信访投诉", "巡查发现"], &["扬尘", "油烟", "噪声", "水质"]),
        "lawsuits" => (&["行政处罚", "信息公开"], &["行政处罚", "信息公开"]),
        "disclosure" => (&[], &["规划计划", "财政资金", "行政执法", "公共服务"]),
        _ => (&[], &["道路交通", "老旧小区", "养老服务", "停车", "绿化"]),
    }
}

fn one<T: Copy>(items: &[T], draw: &mut Draw) -> T {
    items[draw.below(items.len() as u64) as usize]
}

fn community(draw: &mut Draw) -> &'static Community {
    draw.weighted(&COMMUNITIES, |community| community.weight).unwrap_or(&COMMUNITIES[0])
}

fn place(community: &Community) -> Place {
    Place { area: text(AREA), town: text(TOWN), community: text(community.code), ..Place::default() }
}
