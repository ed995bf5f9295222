//! The town of the synthetic year: communities, cells and units. Only the town's own name and code are real;
//! communities and their numbers (from 901 on) are invented, and so are the units' codes.

use smol_str::{SmolStr, format_smolstr};

pub const AREA: &str = "310113";
pub const TOWN: &str = "310113112";

#[derive(Debug, PartialEq, Eq)]
pub struct TownUnit {
    pub code: &'static str,
    pub name: &'static str,
    /// Of a hundred: how quick and how good its work is. Decides how soon it is done, how often it is late, sent back or put off,
    /// and what people say of it.
    pub skill: u64,
}

impl TownUnit {
    /// What it lacks of a hundred.
    pub fn weakness(&self) -> u64 {
        100 - self.skill.min(100)
    }
}

const fn unit(code: &'static str, name: &'static str, skill: u64) -> TownUnit {
    TownUnit { code, name, skill }
}

/// The town's operations centre: where the district sends, and from where the departments get their work.
pub static CENTRE: TownUnit = unit("MH-00", "庙行镇城市运行管理中心", 96);
pub static ENFORCEMENT: TownUnit = unit("MH-01", "综合行政执法队", 84);
pub static SANITATION: TownUnit = unit("MH-02", "市容环境管理所", 95);
pub static GREENERY: TownUnit = unit("MH-03", "绿化管理站", 88);
pub static MUNICIPAL: TownUnit = unit("MH-04", "市政设施管理所", 79);
pub static HOUSING: TownUnit = unit("MH-05", "房屋管理办公室", 58);
pub static SAFETY: TownUnit = unit("MH-06", "平安建设办公室", 81);
pub static SERVICES: TownUnit = unit("MH-07", "社区事务受理服务中心", 97);
pub static DEVELOPMENT: TownUnit = unit("MH-08", "社区发展办公室", 90);
pub static WATER: TownUnit = unit("MH-09", "河道水务站", 86);

pub static DEPARTMENTS: [&TownUnit; 9] =
    [&ENFORCEMENT, &SANITATION, &GREENERY, &MUNICIPAL, &HOUSING, &SAFETY, &SERVICES, &DEVELOPMENT, &WATER];

#[derive(Debug)]
pub struct Community {
    /// 12 digits.
    pub code: &'static str,
    pub name: &'static str,
    pub cells: u32,
    pub weight: u32,
    pub committee: TownUnit,
}

const fn community(code: &'static str, name: &'static str, committee: TownUnit, cells: u32, weight: u32) -> Community {
    Community { code, name, cells, weight, committee }
}

pub static COMMUNITIES: [Community; 12] = [
    community("310113112901", "晨光居委会", unit("MH-C01", "晨光居委会", 93), 18, 14),
    community("310113112902", "和风居委会", unit("MH-C02", "和风居委会", 88), 15, 11),
    community("310113112903", "清荷居委会", unit("MH-C03", "清荷居委会", 97), 12, 10),
    community("310113112904", "云杉居委会", unit("MH-C04", "云杉居委会", 91), 14, 9),
    community("310113112905", "明月居委会", unit("MH-C05", "明月居委会", 74), 11, 9),
    community("310113112906", "银杏居委会", unit("MH-C06", "银杏居委会", 95), 13, 8),
    community("310113112907", "望湖居委会", unit("MH-C07", "望湖居委会", 83), 10, 8),
    community("310113112908", "松涛居委会", unit("MH-C08", "松涛居委会", 89), 9, 7),
    community("310113112909", "朝晖居委会", unit("MH-C09", "朝晖居委会", 66), 9, 7),
    community("310113112910", "兰亭居委会", unit("MH-C10", "兰亭居委会", 92), 8, 6),
    community("310113112911", "东野村委会", unit("MH-C11", "东野村委会", 71), 22, 6),
    community("310113112912", "西畴村委会", unit("MH-C12", "西畴村委会", 85), 20, 5),
];

impl Community {
    /// 15 digits: the community and the number of one of its cells.
    pub fn cell(&self, number: u32) -> SmolStr {
        format_smolstr!("{}{:03}", self.code, number % self.cells + 1)
    }

    /// The patrol's beat: four cells make one.
    pub fn duty_grid(&self, number: u32) -> SmolStr {
        format_smolstr!("{}-Z{}", &self.code[9..], number % self.cells / 4 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_lengths_of_the_standard_and_lie_in_the_town() {
        for community in &COMMUNITIES {
            assert!(community.code.len() == 12 && community.code.starts_with(TOWN), "{community:?}");
            assert!(community.cell(999).len() == 15 && community.cell(0).ends_with("001"));
        }
        assert!(TOWN.len() == 9 && TOWN.starts_with(AREA));
    }
}
