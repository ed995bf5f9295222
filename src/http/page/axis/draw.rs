//! Lanes at their places: bars, dues, what moved them, and their words.

use super::{
    super::{part::Key, words::Lang},
    Axis, AxisBar, AxisLane, AxisLine, AxisLink, AxisText, events,
    labels::{fitted, long, rows},
    lanes::{self, ASSIGNMENTS_MAX, CLOCKS_MAX, Lane, LaneBar},
    scale::{LEFT, Piece, RIGHT, Scale, tenth},
    ticks::{heading, ticks},
};
use crate::{
    domain::time::Millis,
    report::case::{CaseTold, Shown, duration::wall},
};

const WIDTH: i64 = 1200;
const TOP: f64 = 54.0;
const NAME_X: f64 = 2.0;
/// Words under the bars of a lane.
const ROW: f64 = 15.0;
/// Of a lane; its title has them all.
const LABELS_MAX: usize = 6;

pub(in crate::http::page) fn axis(told: &CaseTold<'_>, lang: Lang) -> Axis {
    let all = lanes::of(told, lang);
    let scale = Scale::over(&lanes::instants(told, &all), (LEFT, RIGHT));
    let mut drawing = Drawing { told, lang, scale, least: (all.len() as f64 / 4.0).max(2.0), y: TOP };
    let mut drawn = vec![events::lane(told, &drawing.scale, drawing.y, lang)];
    drawn[0].texts.push(name(drawing.y + 17.0, lang.of("事件", "events")));
    drawing.y += 32.0;
    let mut rules = vec![line("axis-rule", format!("M{LEFT} {TOP}H{RIGHT}"))];
    for lane in &all {
        rules.push(line("lane-rule", format!("M0 {}H{RIGHT}", tenth(drawing.y))));
        drawn.push(drawing.lane(lane));
    }
    let bottom = drawing.y + 4.0;
    let (texts, more_rules, over) = drawing.around(bottom);
    rules.extend(more_rules);
    Axis {
        label: drawing.sentence(),
        w: WIDTH,
        h: bottom + 22.0,
        keys: keys(lang),
        notes: drawing.notes(),
        bands: drawing.bands(bottom),
        rules,
        texts,
        lanes: drawn,
        over,
    }
}

struct Drawing<'a> {
    told: &'a CaseTold<'a>,
    lang: Lang,
    scale: Scale,
    /// A bar that is less wide is drawn together with its neighbours.
    least: f64,
    y: f64,
}

impl Drawing<'_> {
    fn shown(&self) -> Shown<'_> {
        self.told.shown()
    }

    /// Draws it where the last one ended.
    fn lane(&mut self, lane: &Lane) -> AxisLane {
        let y = self.y;
        let mut links = self.bars(lane, y + 7.0);
        let mut own = AxisLink { href: lane.href.clone(), label: self.told_by(lane), ..AxisLink::default() };
        own.lines = self.dues(lane, y);
        if let Some((from, until)) = lane.late {
            own.bars.push(self.rect((from, until), y + 24.0, 4.0, "seg-late"));
        }
        let labels = self.labels(lane);
        let row_count = labels.iter().map(|(row, _)| row + 1).max().unwrap_or(0);
        let base = if lane.bars.is_empty() { 26.0 } else { 40.0 };
        own.texts =
            labels.into_iter().map(|(row, text)| AxisText { y: tenth(y + base + ROW * row as f64), ..text }).collect();
        links.push(own);
        let mut texts = vec![name(y + 18.0, &fitted(&lane.name, LEFT - 12.0))];
        if !lane.sub.is_empty() {
            let text = fitted(&lane.sub, LEFT - 12.0);
            texts.push(AxisText { cls: "lane2".to_owned(), x: NAME_X, y: y + 32.0, anchor: "start", text });
        }
        let of_words = base - 12.0 + ROW * row_count as f64 + 5.0;
        let of_name = if lane.sub.is_empty() { 28.0 } else { 38.0 };
        self.y += of_words.max(of_name);
        links.retain(|link| !(link.bars.is_empty() && link.lines.is_empty() && link.texts.is_empty()));
        AxisLane { texts, links }
    }

    /// The lane in a sentence, with every due that it had.
    fn told_by(&self, lane: &Lane) -> String {
        let mut parts = vec![lane.label.clone()];
        parts.extend(lane.moves.iter().map(|one| self.moved(one)));
        parts.join("\n")
    }

    fn moved(&self, one: &lanes::LaneMove) -> String {
        let due = self.shown().due(one.to);
        match (one.from, self.lang) {
            (Some(_), Lang::Zh) => format!("{}至 {due}", one.why),
            (Some(_), Lang::En) => format!("{} → {due}", one.why),
            (None, _) => format!("{} {} {due}", one.why, self.lang.of("时限", "due")),
        }
    }

    /// Those that lead elsewhere each for itself, the others together.
    fn bars(&self, lane: &Lane, y: f64) -> Vec<AxisLink> {
        let mut links: Vec<AxisLink> = Vec::new();
        for bar in self.merged(&lane.bars, y) {
            let (href, text, bar) = bar;
            let words = if bar.worked.is_none() { text.as_str() } else { "" };
            let x = self.clear(lane, bar.x + 4.0, long(words));
            let text = fitted(words, bar.x + bar.w - 2.0 - x);
            let inside = AxisText { cls: "inseg".to_owned(), x: tenth(x), y: y + 12.0, anchor: "start", text };
            let label = if bar.worked.is_none() { bar.title.clone() } else { lane.label.clone() };
            let href = if href.is_empty() { lane.href.clone() } else { href };
            match links.last_mut() {
                Some(last) if last.href == href => last.bars.push(bar),
                _ => links.push(AxisLink { href, label, bars: vec![bar], ..AxisLink::default() }),
            }
            if let Some(last) = links.last_mut().filter(|_| !inside.text.is_empty()) {
                last.texts.push(inside);
            }
        }
        for (at, title) in &lane.points {
            let x = tenth(self.scale.x(*at));
            let d = format!("M{x} {}V{}", y - 2.0, y + 18.0);
            if let Some(last) = links.last_mut() {
                last.lines.push(AxisLine { title: title.clone(), ..line("point", d) });
            }
        }
        links
    }

    /// From where a text of a bar stands behind the points that it would lie under.
    fn clear(&self, lane: &Lane, x: f64, long: f64) -> f64 {
        let behind = |x: f64, (at, _): &(Millis, String)| {
            let point = self.scale.x(*at);
            if (x - 4.0..x + long + 3.0).contains(&point) { point + 4.0 } else { x }
        };
        lane.points.iter().fold(x, behind)
    }

    /// Bars of at least the least width; several that are narrower are one, and add up.
    fn merged(&self, bars: &[LaneBar], y: f64) -> Vec<(String, String, AxisBar)> {
        let mut drawn: Vec<(String, String, AxisBar)> = Vec::new();
        let mut narrow: Vec<&LaneBar> = Vec::new();
        for bar in bars {
            let wide = self.scale.x(bar.until) - self.scale.x(bar.from) >= self.least;
            if wide {
                drawn.extend(self.one(&narrow, y));
                narrow.clear();
            }
            narrow.push(bar);
            let long = self.scale.x(bar.until) - narrow.first().map_or(0.0, |first| self.scale.x(first.from));
            if wide || long >= self.least {
                drawn.extend(self.one(&narrow, y));
                narrow.clear();
            }
        }
        drawn.extend(self.one(&narrow, y));
        drawn
    }

    fn one(&self, bars: &[&LaneBar], y: f64) -> Option<(String, String, AxisBar)> {
        let (first, last) = (bars.first()?, bars.last()?);
        let is_alike = bars.iter().all(|bar| bar.cls == first.cls);
        let cls = if is_alike { first.cls } else { "seg-mixed" };
        let worked = bars.iter().map(|bar| bar.worked).sum::<Option<i64>>();
        let (shown, count) = (self.shown(), bars.len());
        let title = match (count, worked) {
            (1, None) => format!("{} {} – {}", first.text, shown.at(first.from), shown.at(first.until)),
            (1, Some(_)) => first.text.clone(),
            _ => format!(
                "{count} {} {} – {}",
                self.lang.of("段", "segments"),
                shown.at(first.from),
                shown.at(last.until)
            ),
        };
        let bar = self.rect((first.from, last.until), y, 17.0, cls);
        let is_hatched = cls == "seg-paused";
        Some((first.href.clone(), first.text.clone(), AxisBar { title, worked, is_hatched, ..bar }))
    }

    fn rect(&self, (from, until): (Millis, Millis), y: f64, h: f64, cls: &str) -> AxisBar {
        let (x, end) = (self.scale.x(from), self.scale.x(until));
        let w = tenth((end - x).max(0.7));
        AxisBar { cls: cls.to_owned(), x: tenth(x), y: tenth(y), w, h, ..AxisBar::default() }
    }

    /// A stroke for each due, and an arc from each to the one that it was moved to.
    fn dues(&self, lane: &Lane, y: f64) -> Vec<AxisLine> {
        let shown = self.shown();
        let mut lines: Vec<AxisLine> = Vec::new();
        for one in &lane.dues {
            let cls = if one.is_in_force { "due" } else { "due0" };
            let words =
                if one.is_in_force { self.lang.of("时限", "due") } else { self.lang.of("原时限", "earlier due") };
            let d = format!("M{} {}V{}", tenth(self.scale.x(one.due.at)), tenth(y + 3.0), tenth(y + 29.0));
            let title = format!("{words} {}", shown.due(one.due));
            lines.push(AxisLine { title, due: Some(one.due.at.0), ..line(cls, d) });
        }
        for one in &lane.moves {
            let Some(from) = one.from else { continue };
            let (from, to) = (self.scale.x(from.at), self.scale.x(one.to.at));
            let (middle, top, bottom) = (tenth((from + to) / 2.0), tenth(y - 3.0), tenth(y + 5.0));
            let d = format!("M{} {bottom}Q{middle} {top} {} {bottom}", tenth(from), tenth(to));
            lines.push(AxisLine { title: self.moved(one), ..line("moved", d) });
        }
        lines
    }

    /// What moved the due, and that it was missed, each with the row in which it stands clear of the others.
    fn labels(&self, lane: &Lane) -> Vec<(usize, AxisText)> {
        let mut words: Vec<(f64, String)> =
            lane.moves.iter().map(|one| (self.scale.x(one.to.at), self.moved(one))).collect();
        if words.is_empty() {
            let due = |one: &lanes::LaneDue| format!("{} {}", self.lang.of("时限", "due"), self.shown().due(one.due));
            words.extend(lane.dues.iter().map(|one| (self.scale.x(one.due.at), due(one))));
        }
        if let Some((_, until)) = lane.late {
            words.push((self.scale.x(until), self.lang.of("▲ 超时", "▲ late").to_owned()));
        }
        let from = words.len().saturating_sub(LABELS_MAX);
        let mut spans: Vec<Beside> = words.split_off(from).into_iter().map(Beside::of).collect();
        spans.sort_by(|one, other| one.left.total_cmp(&other.left));
        let ends: Vec<(f64, f64)> = spans.iter().map(|one| (one.left, one.right)).collect();
        let text = |(row, one): (usize, Beside)| (row, one.text());
        rows(&ends).into_iter().zip(spans).map(text).collect()
    }

    fn bands(&self, bottom: f64) -> Vec<AxisBar> {
        /// Narrower ones would be a grey veil.
        const LEAST: f64 = 3.0;
        let band = |(from, until, cls): (Millis, Millis, &str)| self.rect((from, until), TOP, bottom - TOP, cls);
        let broken = self.scale.pieces().iter().filter(|piece| piece.is_broken);
        let breaks = broken.map(|piece| self.rect((piece.from, piece.until), TOP, bottom - TOP, "b-cut"));
        let bands = lanes::bands(self.told, self.scale.ends()).into_iter().map(band).filter(|bar| bar.w >= LEAST);
        bands.chain(breaks.map(|bar| AxisBar { is_hatched: true, ..bar })).collect()
    }

    /// Days and hours above the lanes, what was cut out below them, and the as-of.
    fn around(&self, bottom: f64) -> (Vec<AxisText>, Vec<AxisLine>, Vec<AxisLine>) {
        let (mut texts, mut rules, mut over) = (Vec::new(), Vec::new(), Vec::new());
        for piece in self.scale.pieces() {
            self.above(piece, bottom, &mut texts, &mut rules);
            if piece.is_broken {
                let middle = tenth((piece.left + piece.right) / 2.0);
                let (zh, en) = wall(piece.until.since(piece.from));
                let text = format!("// {} //", self.lang.of(&zh, &en));
                let text = fitted(&text, piece.right - piece.left);
                texts.push(AxisText { cls: "tick".to_owned(), x: middle, y: bottom + 15.0, anchor: "middle", text });
            }
        }
        let as_of = self.told.as_of;
        if as_of <= self.scale.ends().1 {
            let x = tenth(self.scale.x(as_of));
            over.push(line("asof", format!("M{x} 18V{bottom}")));
            let text = format!("{} {}", self.lang.of("截至", "as of"), self.shown().at(as_of));
            let is_left = x - LEFT > long(&text);
            let (x, anchor) = if is_left { (x - 3.0, "end") } else { (x + 3.0, "start") };
            texts.push(AxisText { cls: "asof-text".to_owned(), x, y: 12.0, anchor, text });
        }
        (texts, rules, over)
    }

    fn above(&self, piece: &Piece, bottom: f64, texts: &mut Vec<AxisText>, rules: &mut Vec<AxisLine>) {
        let text = |cls: &str, x: f64, y: f64, text: String| AxisText {
            cls: cls.to_owned(),
            x: tenth(x),
            y,
            anchor: "start",
            text,
        };
        let zone = &self.told.zone;
        let mut end =
            texts.iter().filter(|one| one.cls == "day").map(|one| one.x + long(&one.text)).fold(0.0, f64::max);
        let mut add = |x: f64, words: String, texts: &mut Vec<AxisText>| {
            let (x, long) = (x.max(LEFT), long(&words));
            if x > end + 8.0 && x + long < RIGHT + 18.0 {
                end = x + long;
                texts.push(text("day", x, 30.0, words));
            }
        };
        if let Some(words) = heading(piece, zone, self.lang).filter(|_| !piece.is_broken) {
            add(piece.left, words, texts);
        }
        for tick in ticks(piece, zone, self.lang) {
            let x = self.scale.x(tick.at);
            let cls = if tick.above.is_some() { "day-rule" } else { "tick-rule" };
            let foot = if tick.above.is_some() { bottom } else { TOP };
            rules.push(line(cls, format!("M{} {}V{}", tenth(x), TOP - 5.0, tenth(foot))));
            if let Some(words) = tick.above {
                add(x, words, texts);
            }
            if x + long(&tick.text) / 2.0 < RIGHT + 18.0 && x - long(&tick.text) / 2.0 > LEFT - 12.0 {
                texts.push(AxisText { anchor: "middle", ..text("tick", x, 45.0, tick.text) });
            }
        }
    }

    fn sentence(&self) -> String {
        let (told, shown) = (self.told, self.shown());
        let facts = &told.watched.facts;
        let first = facts.first().map_or(told.as_of, |taken| taken.event.occurred_at);
        let (from, until) = (shown.at(first), shown.at(self.scale.ends().1));
        let (n, clocks) = (facts.len(), told.clocks.len());
        match self.lang {
            Lang::Zh => format!("时间轴：{from} 至 {until}，{n} 件事件，{clocks} 个计时；下面的列表有全部内容"),
            Lang::En => {
                format!("Time axis from {from} to {until}: {n} events, {clocks} clocks; the lists below have all")
            }
        }
    }

    /// What is not drawn, and where it is told.
    fn notes(&self) -> Vec<String> {
        let told = self.told;
        let more = [
            (told.watched.case.assignments.len().saturating_sub(ASSIGNMENTS_MAX), ("次派遣", "assignments")),
            (told.clocks.len().saturating_sub(CLOCKS_MAX), ("个计时", "clocks")),
        ];
        let note = |(count, (zh, en)): (usize, (&str, &str))| match self.lang {
            Lang::Zh => format!("另有 {count} {zh}未画出，见下面的列表。"),
            Lang::En => format!("{count} more {en} are not drawn; the lists below have them."),
        };
        let mut notes: Vec<String> = more.into_iter().filter(|(count, _)| *count > 0).map(note).collect();
        if self.scale.pieces().iter().any(|piece| piece.is_broken) {
            let text = self.lang.of(
                "// 处时间轴缩短：这段时间没有事件，其时长写在下方；其余部分按比例。",
                "At // the axis is shortened: nothing happens there for as long as it says; the rest is to scale.",
            );
            notes.push(text.to_owned());
        }
        notes
    }
}

/// A text beside its mark: to the right of it, or to the left where it would not fit.
struct Beside {
    left: f64,
    right: f64,
    is_before: bool,
    text: String,
}

impl Beside {
    fn of((x, text): (f64, String)) -> Self {
        let long = long(&text);
        let is_before = x + 4.0 + long > RIGHT + 18.0;
        let left = if is_before { (x - 4.0 - long).max(LEFT) } else { x + 4.0 };
        Self { left, right: left + long, is_before, text }
    }

    fn text(self) -> AxisText {
        let (x, anchor) = if self.is_before { (self.right, "end") } else { (self.left, "start") };
        AxisText { cls: "duelabel".to_owned(), x: tenth(x), y: 0.0, anchor, text: self.text }
    }
}

fn keys(lang: Lang) -> Vec<Key> {
    let key = |cls: &str, zh: &str, en: &str| Key { cls: cls.to_owned(), text: lang.of(zh, en).to_owned() };
    vec![
        key("seg-counted", "计入", "counts"),
        key("seg-paused", "暂停（挂账）", "paused"),
        key("seg-rest", "不计：午休、夜间、休息日", "not counted: breaks, nights, days off"),
        key("seg-mixed", "多段合画", "several segments"),
        key("seg-late", "▲ 时限之后", "▲ behind the due"),
    ]
}

fn name(y: f64, text: &str) -> AxisText {
    AxisText { cls: "lane".to_owned(), x: NAME_X, y: tenth(y), anchor: "start", text: text.to_owned() }
}

fn line(cls: &str, d: String) -> AxisLine {
    AxisLine { cls: cls.to_owned(), d, ..AxisLine::default() }
}
