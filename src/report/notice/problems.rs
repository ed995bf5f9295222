//! 突出问题: what stands out, computed. A paragraph each; what there is nothing to say of is left out.

use super::{
    NoticeOrder,
    compared::EarlierPeriod,
    found::{EXTENDED, NoticeFound},
    names::leaf,
    peers::{PeerLine, Peers, RANKED_FROM, lines},
    topics::GROWN_FROM,
};
use crate::{
    report::{
        count::grouped,
        paper::{Language, PaperBlock, PaperCell, PaperPart, PaperSection, Rate, Text, words},
        rate,
    },
    store::report::CategoryRow,
};

/// So many of each kind are named.
const NAMED: usize = 3;

pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let mut said = Vec::new();
    for stream in found.streams(order) {
        let title = order.stream_title(&stream);
        let all = [
            changed(found, &stream),
            slow_units(order, found, &stream),
            slow_categories(found, &stream),
            returned(found, &stream),
            extended(found, &stream),
            dissatisfied(order, found, &stream),
            overdue(order, found, &stream),
        ];
        let all: Vec<Text> = all.into_iter().flatten().collect();
        if !all.is_empty() {
            said.push(Text::new(format!("{}：", title.zh), format!("{}:", title.en)));
            said.extend(numbered(&all));
        }
    }
    if said.is_empty() {
        said.push(Text::new("本期没有可列的突出问题。", "Nothing stands out."));
    }
    let blocks = said.into_iter().map(PaperBlock::Paragraph).collect();
    PaperSection {
        key: "problems", title: Text::new("突出问题", "What stands out"), part: PaperPart::Notice, blocks
    }
}

fn numbered(all: &[Text]) -> impl Iterator<Item = Text> {
    let of = |number: usize, text: &Text| Text::new(format!("{number}. {}", text.zh), format!("{number}. {}", text.en));
    all.iter().enumerate().map(move |(index, text)| of(index + 1, text))
}

fn joined(all: &[Text]) -> Text {
    Text::joined(all, "、", ", ")
}

/// Of a category.
fn name(name: &str, code: &str) -> String {
    words::both(&leaf(name, code), Language::Zh).0
}

/// 诉求变化: the categories that moved most, up or down.
fn changed(found: &NoticeFound, stream: &str) -> Option<Text> {
    let earlier = found.compared.earlier.first()?;
    let mut moved: Vec<(&CategoryRow, u64)> = found
        .categories
        .iter()
        .filter(|one| one.stream == stream)
        .map(|one| (one, found.before(one)))
        .filter(|(one, before)| one.received.max(*before) >= GROWN_FROM && one.received != *before)
        .collect();
    moved.sort_by_key(|(one, before)| std::cmp::Reverse(one.received.abs_diff(*before)));
    let one = |(category, before): &(&CategoryRow, u64)| {
        let change = change(category.received, *before);
        let name = name(&category.name, &category.code);
        Text::new(
            format!("{name} {} 件（{change}）", grouped(category.received)),
            format!("{name} {} ({change})", grouped(category.received)),
        )
    };
    let named: Vec<Text> = moved.iter().take(NAMED).map(one).collect();
    let (named, title) = (joined(&named), EarlierPeriod::title(earlier));
    (!named.zh.is_empty()).then(|| {
        Text::new(
            format!("诉求变化（{}）：增减最多的类别为{}。", title.zh, named.zh),
            format!("Changes {}: the categories that moved most are {}.", title.en, named.en),
        )
    })
}

/// `+12, +36.36 %`.
fn change(now: u64, before: u64) -> String {
    let sign = if now < before { "−" } else { "+" };
    let by = format!("{sign}{}", grouped(now.abs_diff(before)));
    let growth = rate::growth(now as i64, before as i64, 10_000).filter(|_| before >= GROWN_FROM);
    growth.map_or(by.clone(), |growth| format!("{by}, {}", rate::signed(growth, "%")))
}

/// 时效落后: the worst three of the ranked that missed anything.
fn slow_units(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Option<Text> {
    let mut all: Vec<PeerLine> = Peers::ALL.into_iter().flat_map(|peers| lines(order, found, stream, peers)).collect();
    all.retain(|line| line.rank.is_some());
    let rates = all.iter().map(|line| (found.names.unit(&line.code).zh, line.timeliness)).collect();
    worst(rates).map(|named| {
        Text::new(
            format!("时效落后：及时率最低的单位为{}。", named.zh),
            format!("Slow: the units with the lowest timeliness are {}.", named.en),
        )
    })
}

fn slow_categories(found: &NoticeFound, stream: &str) -> Option<Text> {
    let own = found.categories.iter().filter(|one| one.stream == stream && one.need_close_with_due >= RANKED_FROM);
    let rates =
        own.map(|one| (name(&one.name, &one.code), Rate::share(one.on_time, one.need_close_with_due))).collect();
    worst(rates).map(|named| {
        Text::new(
            format!("难点类别：及时率（应结口径）最低的类别为{}。", named.zh),
            format!(
                "Hard: the categories with the lowest timeliness, over those that should be closed, are {}.",
                named.en
            ),
        )
    })
}

fn worst(mut rates: Vec<(String, Rate)>) -> Option<Text> {
    rates.retain(|(_, rate)| rate.numerator < rate.denominator);
    rates.sort_by(|(_, a), (_, b)| a.compare(b));
    let named: Vec<Text> = rates.iter().take(NAMED).map(|(name, rate)| with_rate(name, rate)).collect();
    (!named.is_empty()).then(|| joined(&named))
}

fn with_rate(name: &str, rate: &Rate) -> Text {
    Text::same(&format!("{name} {} ({}/{})", rate.shown(), grouped(rate.numerator), grouped(rate.denominator)))
}

/// 重复反映: known only by a pseudonym.
fn returned(found: &NoticeFound, stream: &str) -> Option<Text> {
    let all = found.reporters.iter().find(|one| one.stream == stream && one.repeaters > 0)?;
    let about = found.repeats.iter().filter(|one| one.stream == stream).take(NAMED).map(|one| {
        let name = name(&one.name, &one.code);
        Text::new(
            format!("{name}（{} 人 {} 件）", grouped(one.reporters), grouped(one.cases)),
            format!("{name} ({} people, {} cases)", grouped(one.reporters), grouped(one.cases)),
        )
    });
    let about = joined(&about.collect::<Vec<_>>());
    let (mut zh, mut en) = (
        format!(
            "重复反映：{} 人反映两件以上，共 {} 件，一人最多 {} 件",
            grouped(all.repeaters),
            grouped(all.cases),
            grouped(all.most)
        ),
        format!(
            "Came back: {} people brought two cases or more, {} together, one of them {}",
            grouped(all.repeaters),
            grouped(all.cases),
            grouped(all.most)
        ),
    );
    if !about.zh.is_empty() {
        zh += &format!("；就同一类别反映最多的为{}", about.zh);
        en += &format!("; about the same most often: {}", about.en);
    }
    Some(Text::new(zh + "。", en + "."))
}

/// 延期: how often, and whose.
fn extended(found: &NoticeFound, stream: &str) -> Option<Text> {
    let PaperCell::Rate(all) = found.compared.cell(stream, EXTENDED) else { return None };
    if all.numerator == 0 {
        return None;
    }
    let own = found.by_unit.iter().filter(|one| one.figure.id == EXTENDED && one.answer.group[0] == stream);
    let mut units: Vec<(&str, i64)> = own.map(|one| (one.answer.group[1].as_str(), one.answer.numerator)).collect();
    units.retain(|(unit, count)| *count > 0 && !unit.is_empty());
    units.sort_by_key(|(unit, count)| (std::cmp::Reverse(*count), *unit));
    let named = units.iter().take(NAMED).map(|(unit, count)| {
        let (name, count) = (found.names.unit(unit).zh, grouped(count.unsigned_abs()));
        Text::new(format!("{name} {count} 件"), format!("{name} {count}"))
    });
    let named = joined(&named.collect::<Vec<_>>());
    let shown = with_rate("", &all).zh;
    Some(Text::new(
        format!("延期：本期受理的案件中延期 {} 件，延期率{shown}，最多的为{}。", grouped(all.numerator), named.zh),
        format!(
            "Extensions: {} of the cases received,{shown}; most of them with {}.",
            grouped(all.numerator),
            named.en
        ),
    ))
}

/// 不满意: of the cases received in the period.
fn dissatisfied(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Option<Text> {
    let mut all: Vec<PeerLine> = Peers::ALL.into_iter().flat_map(|peers| lines(order, found, stream, peers)).collect();
    let whole: u64 = found.dissatisfied.iter().filter(|one| one.stream == stream).map(|one| one.cases).sum();
    all.retain(|line| line.dissatisfied > 0);
    all.sort_by_key(|line| std::cmp::Reverse(line.dissatisfied));
    let named = all.iter().take(NAMED).map(|line| {
        let (name, count) = (found.names.unit(&line.code).zh, grouped(line.dissatisfied));
        let of = grouped(line.fates.received);
        Text::new(format!("{name} {count} 件（受理 {of} 件）"), format!("{name} {count} (of {of} received)"))
    });
    let named = joined(&named.collect::<Vec<_>>());
    (whole > 0).then(|| {
        Text::new(
            format!("市民不满意：本期受理的案件中不满意 {} 件，最多的为{}。", grouped(whole), named.zh),
            format!("Dissatisfied: {} of the cases received, most of them with {}.", grouped(whole), named.en),
        )
    })
}

/// 超期: the case that has waited longest.
fn overdue(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Option<Text> {
    let of = found.outstanding(stream);
    let longest = found.overdue.iter().find(|one| one.stream == stream)?;
    let past = words::duration(order.scope.period.as_of.0 - longest.due_ms);
    let unit = found.names.unit(&longest.responsible);
    Some(Text::new(
        format!(
            "超期未结：本期受理 {} 件、往期结转 {} 件，最久的为 {}（{}），已超 {}。",
            grouped(of.within),
            grouped(of.before),
            longest.case_id,
            unit.zh,
            past.zh
        ),
        format!(
            "Open and overdue: {} of the period and {} carried over; the longest is {} ({}), {} past its due.",
            grouped(of.within),
            grouped(of.before),
            longest.case_id,
            unit.en,
            past.en
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_three_missed_something() {
        let rates = [("a", 9, 10), ("b", 10, 10), ("c", 1, 2), ("d", 99, 100), ("e", 3, 4)];
        let rates = rates.map(|(name, n, d)| (name.to_owned(), Rate::share(n, d))).to_vec();
        let named = worst(rates).unwrap().zh;
        assert_eq!(named, "c 50.00 % (1/2)、e 75.00 % (3/4)、a 90.00 % (9/10)");
        assert_eq!(worst(vec![("a".to_owned(), Rate::share(3, 3))]), None);
    }

    #[test]
    fn a_change_from_few_has_no_percentage() {
        assert_eq!(change(45, 33), "+12, +36.36 %");
        assert_eq!(change(3, 40), "−37, −92.50 %");
        assert_eq!(change(12, 4), "+8");
    }
}
