//! Puts an act into the words of the contract: the data of each event, made from the case when it is sent.

use smol_str::{SmolStr, format_smolstr};

use super::{
    case::PlannedCase,
    categories::{self, PlannedCategory},
    life::{Life, PlannedAct, Voice},
    personal,
    profile::Track,
    town::{AREA, TOWN, TownUnit},
    working::{MINUTE, OFFSET_S},
};
use crate::{
    domain::time::Millis,
    feed::contract::{
        Data, WireTime,
        data::{
            self, Checked, Closed, Contacted, Corrected, Dispatched, ExtensionDecided, Filed, Intake, Place, Reason,
            Reopened, Reporter, Resumed, ReturnDecided, Revisited, Satisfaction, Signed, Submitted,
        },
    },
};

pub fn wire(at: Millis) -> WireTime {
    WireTime::new(at, OFFSET_S)
}

fn word(text: &'static str) -> Option<SmolStr> {
    Some(SmolStr::new_static(text))
}

pub fn data(life: &Life, act: PlannedAct) -> Data {
    let case = &life.case;
    match act {
        PlannedAct::Reported => Data::Reported(reported(life)),
        PlannedAct::Accepted => Data::Accepted(accepted(life)),
        PlannedAct::Filed => Data::Filed(Filed {
            filing_condition: word("一般情形"),
            urgency: urgency(case),
            due_at: Some(wire(life.stated_due)),
        }),
        PlannedAct::Dispatched { unit, level, is_support } => {
            Data::Dispatched(dispatched(life, unit, level, is_support))
        }
        PlannedAct::Signed(unit) => Data::Signed(Signed { unit: word(unit.code) }),
        PlannedAct::Returned(unit) => Data::Returned(of_unit(unit)),
        PlannedAct::ReturnAccepted(unit) => Data::ReturnDecided(taken_back(unit)),
        PlannedAct::Revisited(voice) => Data::Revisited(revisited(voice)),
        PlannedAct::Contacted { reached } => Data::Contacted(Contacted {
            contacted: reached,
            unit: word(case.unit().code),
            reason_code: if reached { None } else { word("NO_ANSWER") },
            reason: if reached { None } else { word("电话无人接听") },
        }),
        PlannedAct::ExtensionApproved { due } => {
            let why = (word("COMPLEX"), word("涉及多个部门，需要协调"));
            Data::ExtensionDecided(ExtensionDecided {
                approved: true,
                due_at: Some(wire(due)),
                reason_code: why.0,
                reason: why.1,
            })
        }
        PlannedAct::ExtensionRefused => Data::ExtensionDecided(ExtensionDecided {
            approved: false,
            due_at: None,
            reason_code: word("NOT_COMPLEX"),
            reason: word("不属于复杂事项"),
        }),
        PlannedAct::Suspended => {
            Data::Suspended(Reason { reason_code: word("WAITING"), reason: word("待第三方施工") })
        }
        PlannedAct::Resumed { due } => Data::Resumed(Resumed { due_at: due.map(wire) }),
        PlannedAct::Submitted(unit) => Data::Submitted(submitted(case, unit)),
        PlannedAct::Checked { passed } => Data::Checked(Checked {
            passed,
            reason_code: if passed { None } else { word("NOT_DONE") },
            reason: if passed { None } else { word("现场仍有残留，返工") },
        }),
        PlannedAct::Closed => Data::Closed(Closed {
            how: word(if case.is_patrol_dealt { "patrol_dealt" } else { "normal" }),
            result: word(result(case)),
        }),
        PlannedAct::Reopened { due } => Data::Reopened(Reopened {
            due_at: due.map(wire),
            reason_code: word("RECHECK"),
            reason: word("回访不满意，重新办理"),
        }),
        PlannedAct::Voided => Data::Voided(Reason { reason_code: word("MISTAKEN"), reason: word("误报") }),
        PlannedAct::CategoryCodeCorrected(category) => {
            corrected("category_code", SmolStr::new_static(category.code), SmolStr::new_static(case.category.code))
        }
        PlannedAct::CategoryNameCorrected(category) => {
            corrected("category_name", SmolStr::new_static(category.name), SmolStr::new_static(case.category.name))
        }
        PlannedAct::UrgencyCorrected => {
            let (new, old) = if case.is_urgent { ("一般", "紧急") } else { ("紧急", "一般") };
            corrected("urgency", SmolStr::new_static(new), SmolStr::new_static(old))
        }
    }
}

fn of_unit(unit: &'static TownUnit) -> data::OfUnit {
    data::OfUnit { unit: word(unit.code), reason_code: word("职责"), reason: word("不属本单位职责") }
}

fn taken_back(unit: &'static TownUnit) -> ReturnDecided {
    let reason = word("同意退单，重新派遣");
    ReturnDecided { accepted: true, unit: word(unit.code), reason_code: word("职责"), reason }
}

fn revisited(voice: Voice) -> Revisited {
    let satisfaction = voice.satisfaction.and_then(|number| match number {
        1 => Some(Satisfaction::Satisfied),
        2 => Some(Satisfaction::BasicallySatisfied),
        3 => Some(Satisfaction::Neutral),
        4 => Some(Satisfaction::Dissatisfied),
        _ => None,
    });
    Revisited {
        channel: word("电话"),
        reached: voice.reached,
        first_contact: voice.first_contact,
        solved: voice.solved,
        satisfaction,
        reason_code: None,
        reason: (voice.satisfaction == Some(4)).then(|| SmolStr::new_static("问题没有解决")),
    }
}

fn corrected(field: &'static str, value: SmolStr, old: SmolStr) -> Data {
    Data::Corrected(Corrected {
        field: SmolStr::new_static(field),
        value,
        old_value: Some(old),
        reason_code: word("WRONG_AT_INTAKE"),
        reason: None,
    })
}

fn urgency(case: &PlannedCase) -> Option<SmolStr> {
    word(if case.is_urgent { "紧急" } else { "一般" })
}

/// Weak units explain more than they solve.
pub fn is_solved(case: &PlannedCase) -> bool {
    let solved = match case.track {
        Track::Grid => 99,
        Track::Hotline => 98 - case.unit().weakness() * 3 / 4,
    };
    u64::from(case.words / 7 % 100) < solved
}

fn result(case: &PlannedCase) -> &'static str {
    if is_solved(case) { "实际解决" } else { "解释说明" }
}

fn category(track: Track, category: &PlannedCategory) -> data::Category {
    let standard = match track {
        Track::Hotline => categories::HOTLINE_STANDARD,
        Track::Grid => categories::GRID_STANDARD,
    };
    data::Category { standard: word(standard), code: word(category.code), name: word(category.name) }
}

fn place(case: &PlannedCase) -> Place {
    let address = (case.track == Track::Hotline).then(|| {
        format_smolstr!("示例路{}弄{}号{}室", case.words % 900 + 1, case.cell % 60 + 1, case.words % 6 * 100 + 101)
    });
    Place {
        area: word(AREA),
        town: word(TOWN),
        community: word(case.community.code),
        cell: Some(case.community.cell(case.cell)),
        duty_grid: Some(case.community.duty_grid(case.cell)),
        address,
    }
}

/// A ticket comes in as the citizen's words and is put in order on acceptance; a patrol knows the category at once.
fn reported(life: &Life) -> Intake {
    let case = &life.case;
    let is_grid = case.track == Track::Grid;
    Intake {
        kind: word(case.kind),
        channel: word(case.channel),
        category: is_grid.then(|| category(case.track, case.category)),
        place: Some(place(case)),
        repeat_of: case.repeat_of.clone(),
        due_at: case.is_patrol_dealt.then(|| wire(life.stated_due)),
        patrol_dealt: case.is_patrol_dealt.then_some(true),
        media_count: Some(case.media),
        title: Some(title(case)),
        description: Some(description(case)),
        reporter: (!is_grid).then(|| reporter(case)),
        ..Intake::default()
    }
}

fn accepted(life: &Life) -> Intake {
    let case = &life.case;
    match case.track {
        Track::Hotline => Intake {
            category: Some(category(case.track, case.category)),
            urgency: urgency(case),
            due_at: Some(wire(life.stated_due)),
            ..Intake::default()
        },
        Track::Grid => Intake { urgency: urgency(case), ..Intake::default() },
    }
}

/// Each unit is given the due of the case; a committee a quarter of an hour less, so that its town has time to look at the answer.
/// For the case the due stated first stands, so that these change nothing.
fn dispatched(life: &Life, unit: &'static TownUnit, level: u8, is_support: bool) -> Dispatched {
    let due = if level == 4 { life.stated_due.plus(-15 * MINUTE) } else { life.stated_due };
    Dispatched {
        unit: SmolStr::new_static(unit.code),
        unit_name: word(unit.name),
        level: Some(level),
        role: word(if is_support { "support" } else { "lead" }),
        due_at: Some(wire(due)),
    }
}

fn submitted(case: &PlannedCase, unit: &'static TownUnit) -> Submitted {
    let note = if case.track == Track::Hotline && case.words % 100 < 12 {
        Some(format_smolstr!(
            "已电话{}告知诉求人{}处理情况。",
            personal::mobile(case.person),
            personal::name(case.person)
        ))
    } else {
        word("已现场处理并拍照。")
    };
    Submitted { unit: word(unit.code), result: word(result(case)), note }
}

fn reporter(case: &PlannedCase) -> Reporter {
    Reporter {
        name: Some(personal::name(case.person)),
        phone: Some(personal::mobile(case.person)),
        id_number: case.person.is_multiple_of(5).then(|| personal::id_number(case.person)),
    }
}

fn matter(case: &PlannedCase) -> &'static str {
    case.category.name.rsplit('/').next().unwrap_or(case.category.name)
}

fn title(case: &PlannedCase) -> SmolStr {
    format_smolstr!("{}{}", case.community.name, matter(case))
}

fn description(case: &PlannedCase) -> SmolStr {
    let (community, matter, person) = (case.community.name, matter(case), case.person);
    if case.track == Track::Grid {
        return if case.words % 100 < 2 {
            format_smolstr!("巡查发现{community}{matter}，店主电话{}。", personal::mobile(person + 5_000))
        } else {
            format_smolstr!("巡查发现{community}{matter}。")
        };
    }
    let days = case.words % 14 + 1;
    let slipped_in = match case.words % 100 {
        0..=11 => format_smolstr!("联系人{}，手机{}。", personal::name(person), personal::mobile(person)),
        12..=15 => format_smolstr!("身份证号{}。", personal::id_number(person)),
        16..=19 => format_smolstr!("家中电话{}。", personal::landline(person)),
        20..=22 => format_smolstr!("车牌{}。", personal::plate(person)),
        23..=24 => format_smolstr!("退款请打到卡号{}。", personal::bank_card(person)),
        _ => SmolStr::default(),
    };
    format_smolstr!("市民反映{community}{matter}，已持续{days}天，请尽快处理。{slipped_in}")
}
