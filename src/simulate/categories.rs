//! What the cases are about, how often, who deals with it and how long that may take. Enough for a lifelike year,
//! not a code table: limits differ from city to city, and the hotline's codes are invented.

use super::town::{
    DEVELOPMENT, ENFORCEMENT, GREENERY, HOUSING, MUNICIPAL, SAFETY, SANITATION, SERVICES, TownUnit, WATER,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedLimit {
    WorkHours(i64),
    WorkDays(i64),
}

#[derive(Debug, PartialEq, Eq)]
pub struct PlannedCategory {
    pub code: &'static str,
    pub name: &'static str,
    /// 部件 or 事件; a ticket's kind is the citizen's choice, so that it is empty here.
    pub kind: &'static str,
    pub weight: u32,
    pub limit: PlannedLimit,
    pub unit: &'static TownUnit,
}

impl PlannedCategory {
    /// Up to a fifth more or less, another month another; noise and smells in summer.
    pub fn weight_in(&self, month: i8) -> u32 {
        let month = u32::from(month.unsigned_abs());
        let own = self.code.bytes().chain(self.kind.bytes()).map(u32::from).sum::<u32>();
        let is_of_summer =
            (6..=8).contains(&month) && ["D0101", "D0102", "A0501", "01-98", "04-05"].contains(&self.code);
        self.weight * (80 + (own * 7 + month * 13) % 41) * (100 + if is_of_summer { 45 } else { 0 }) / 100
    }
}

pub const GRID_STANDARD: &str = "GB/T 30428.2-2013";
pub const HOTLINE_STANDARD: &str = "12345诉求分类（示例）";

/// Every ticket has five working days.
const TICKET: PlannedLimit = PlannedLimit::WorkDays(5);

const fn event(
    code: &'static str,
    name: &'static str,
    weight: u32,
    limit: PlannedLimit,
    unit: &'static TownUnit,
) -> PlannedCategory {
    PlannedCategory { code, name, kind: "事件", weight, limit, unit }
}

const fn part(code: &'static str, name: &'static str, weight: u32, limit: PlannedLimit) -> PlannedCategory {
    PlannedCategory { code, name, kind: "部件", weight, limit, unit: &MUNICIPAL }
}

const fn ticket(code: &'static str, name: &'static str, weight: u32, unit: &'static TownUnit) -> PlannedCategory {
    PlannedCategory { code, name, kind: "", weight, limit: TICKET, unit }
}

pub static GRID: [PlannedCategory; 20] = [
    event("01-10", "暴露垃圾", 180, PlannedLimit::WorkHours(4), &SANITATION),
    event("01-12", "道路不洁", 110, PlannedLimit::WorkHours(5), &SANITATION),
    event("04-10", "非机动车乱停放", 105, PlannedLimit::WorkHours(4), &ENFORCEMENT),
    event("01-36", "乱堆物堆料", 95, PlannedLimit::WorkDays(1), &ENFORCEMENT),
    event("04-09", "机动车乱停放", 85, PlannedLimit::WorkHours(4), &ENFORCEMENT),
    event("01-98", "垃圾满溢", 75, PlannedLimit::WorkHours(4), &SANITATION),
    event("02-01", "非法小广告", 70, PlannedLimit::WorkDays(1), &SANITATION),
    event("04-05", "店外经营", 50, PlannedLimit::WorkDays(2), &ENFORCEMENT),
    event("04-06", "占道经营", 40, PlannedLimit::WorkHours(4), &ENFORCEMENT),
    event("01-11", "积存垃圾渣土", 40, PlannedLimit::WorkDays(4), &SANITATION),
    event("04-01", "无照经营游商", 30, PlannedLimit::WorkHours(4), &ENFORCEMENT),
    event("01-07", "沿街晾挂", 30, PlannedLimit::WorkDays(1), &ENFORCEMENT),
    event("06-06", "公共设施损坏", 25, PlannedLimit::WorkDays(5), &MUNICIPAL),
    event("02-03", "违规户外广告", 12, PlannedLimit::WorkDays(7), &ENFORCEMENT),
    event("01-01", "私搭乱建", 10, PlannedLimit::WorkDays(15), &ENFORCEMENT),
    event("03-11", "渣土车未密闭运输", 8, PlannedLimit::WorkHours(4), &ENFORCEMENT),
    part("01-01", "上水井盖", 12, PlannedLimit::WorkDays(3)),
    part("01-02", "污水井盖", 13, PlannedLimit::WorkDays(3)),
    part("01-03", "雨水井盖", 12, PlannedLimit::WorkDays(3)),
    part("01-04", "雨水箅子", 18, PlannedLimit::WorkDays(5)),
];

pub static HOTLINE: [PlannedCategory; 16] = [
    ticket("A0101", "城市管理/市容环境/垃圾清运不及时", 90, &SANITATION),
    ticket("A0102", "城市管理/市容环境/乱堆物", 70, &ENFORCEMENT),
    ticket("A0201", "城市管理/违法建筑/搭建举报", 75, &ENFORCEMENT),
    ticket("A0301", "城市管理/占道经营/设摊扰民", 60, &ENFORCEMENT),
    ticket("A0401", "城市管理/绿化/树木修剪", 55, &GREENERY),
    ticket("A0501", "城市管理/河道水务/水体异味", 20, &WATER),
    ticket("B0101", "住房保障/物业管理/物业不作为", 130, &HOUSING),
    ticket("B0102", "住房保障/房屋维修/渗漏水", 95, &HOUSING),
    ticket("B0103", "住房保障/小区停车/车位纠纷", 80, &HOUSING),
    ticket("B0201", "住房保障/加装电梯/意见不一", 35, &HOUSING),
    ticket("C0101", "交通出行/道路设施/路面破损", 45, &MUNICIPAL),
    ticket("C0201", "交通出行/照明设施/路灯不亮", 30, &MUNICIPAL),
    ticket("D0101", "噪声扰民/社会生活噪声/广场舞", 60, &SAFETY),
    ticket("D0102", "噪声扰民/施工噪声/夜间施工", 65, &ENFORCEMENT),
    ticket("E0101", "民生服务/社会保障/政策咨询", 60, &SERVICES),
    ticket("E0201", "民生服务/社区服务/设施开放", 30, &DEVELOPMENT),
];

/// The citizen's request, by weight.
pub const TICKET_KINDS: [(&str, u32); 5] = [("投诉", 46), ("求助", 30), ("咨询", 12), ("建议", 9), ("表扬", 3)];
pub const TICKET_CHANNELS: [(&str, u32); 3] = [("HOTLINE", 82), ("WECHAT", 10), ("PUBLIC", 8)];
pub const GRID_CHANNELS: [(&str, u32); 5] =
    [("PATROL", 72), ("VILLAGE", 14), ("VIDEO_AI", 7), ("PUBLIC", 4), ("WECHAT", 3)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_and_a_code_name_one_category() {
        for all in [&GRID[..], &HOTLINE[..]] {
            for (index, category) in all.iter().enumerate() {
                let same = |other: &&PlannedCategory| (other.kind, other.code) == (category.kind, category.code);
                assert_eq!(all[index..].iter().filter(same).count(), 1, "{category:?}");
            }
        }
    }
}
