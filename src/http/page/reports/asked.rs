//! What an address under `/reports` asks for.

use super::{lang, trouble::ReportTrouble};
use crate::{
    ask::{
        self, check_stream,
        span::{self, CalendarSpan, SpanKind},
        unclear::{Unclear, no_such},
    },
    domain::time::Millis,
    http::page::{
        account::cell,
        address::{Address, segment},
        part::{Cell, Chip, Chips},
        sheet::elsewhere,
        site::Site,
        words::Lang,
    },
    report::{
        notice::{CONVENTIONS, Headline, NoticeOrder, NoticeWhen},
        paper::Text,
        publish::{Chain, filed, text::zone},
        span::title,
    },
    store::published::Edition,
};

/// What the address of a report that is made may say: as the command line, and `save`, the file instead of a look at it.
pub(super) const TAKEN: [&str; 9] =
    ["month", "quarter", "year", "as-of", "stream", "convention", "timezone", "lang", "save"];

/// A report of a period, as of an instant.
#[derive(Debug)]
pub(super) struct ReportAsked {
    pub(super) lang: Lang,
    pub(super) when: NoticeWhen,
    pub(super) order: NoticeOrder,
    pub(super) convention: String,
}

impl ReportAsked {
    pub(super) fn read(site: &Site, here: &Address) -> Result<Self, Unclear> {
        let zone = here.get("timezone").unwrap_or(&site.zone);
        let when = NoticeWhen::read(one_span(here)?, here.get("as-of"), zone, (site.now)())?;
        let stream = here.get("stream").map(str::to_owned);
        check_stream(stream.as_deref(), &site.streams)?;
        let convention = here.get("convention").unwrap_or(CONVENTIONS[0]);
        let headline = Headline::of(convention).filter(|_| CONVENTIONS.contains(&convention));
        let headline =
            headline.ok_or_else(|| no_such(("报表口径", "convention of a report"), convention, &CONVENTIONS))?;
        let order = site.sources.notice.order(when.clone(), stream, headline);
        Ok(Self { lang: lang(here)?, when, order, convention: convention.to_owned() })
    }
}

/// The one that is stated.
pub(super) fn one_span(here: &Address) -> Result<CalendarSpan, Unclear> {
    let stated = |name| here.get(name).map(str::to_owned);
    let (month, quarter, year) = (stated("month"), stated("quarter"), stated("year"));
    if [&month, &quarter, &year].into_iter().flatten().count() > 1 {
        return Err(Unclear::ReportTwice);
    }
    span::stated(&month, &quarter, &year)?.ok_or(Unclear::NoReport)
}

const KINDS: [SpanKind; 3] = [SpanKind::Month, SpanKind::Quarter, SpanKind::Year];

pub(super) fn span(kind: &str, period: &str) -> Result<CalendarSpan, Unclear> {
    let found = KINDS.into_iter().find(|known| known.word() == kind);
    span::named(found.ok_or_else(|| no_such(("报表种类", "kind of report"), kind, &KINDS.map(SpanKind::word)))?, period)
}

/// `month 2021-06`, as an edition is filed.
pub(super) fn span_of(report: &str) -> Option<CalendarSpan> {
    let (kind, period) = report.split_once(' ')?;
    span(kind, period).ok()
}

/// 2021 年 6 月.
pub(super) fn titled(report: &str) -> Text {
    span_of(report).map_or_else(|| Text::same(report), |span| title(&span))
}

pub(super) fn report_path(kind: &str, period: &str) -> String {
    format!("/reports/{}/{}", segment(kind), segment(period))
}

/// `/reports/month/2021-06/1`.
pub(super) fn edition_path(report: &str, edition: u32) -> String {
    let (kind, period) = report.split_once(' ').unwrap_or((report, ""));
    format!("{}/{edition}", report_path(kind, period))
}

/// Where the drift of an edition is shown.
fn drift_path(report: &str, edition: u32) -> String {
    format!("{}/drift", edition_path(report, edition))
}

/// A cell of a table that leads there.
pub(super) fn drift_cell(lang: Lang, here: &Address, report: &str, edition: u32) -> Cell {
    let href = elsewhere(here, &drift_path(report, edition)).href();
    Cell { has_href: true, href, ..cell(lang.of("此后变动", "what has moved since")) }
}

/// Which edition is meant.
#[derive(Debug)]
pub(super) struct EditionPath {
    pub(super) span: CalendarSpan,
    pub(super) number: u32,
}

impl EditionPath {
    pub(super) fn read(kind: &str, period: &str, number: &str) -> Result<Self, Unclear> {
        let span = span(kind, period)?;
        let wrong = || Unclear::NotEdition { text: number.to_owned() };
        Ok(Self { span, number: number.parse().map_err(|_| wrong())? })
    }

    pub(super) fn find<'a>(&self, chain: &'a Chain, number: u32) -> Result<&'a Edition, ReportTrouble> {
        let report = filed(&self.span);
        if let Some(found) = chain.find(&report, Some(number)) {
            return Ok(found);
        }
        let known: Vec<String> = chain.of_report(&report).map(|one| one.edition.to_string()).collect();
        Err(ReportTrouble::Missing(match known.is_empty() {
            true => Text::new(format!("{report} 没有发布过。"), format!("{report} was never published.")),
            false => Text::new(
                format!("{report} 没有第 {number} 版，有第 {} 版。", known.join("、")),
                format!("{report} has no edition {number}; there are {}.", known.join(", ")),
            ),
        }))
    }
}

/// The question of a figure in the period of a report and as of an instant.
pub(super) fn figure_address(here: &Address, span: &CalendarSpan, as_of: &str) -> Address {
    let question = Address::new("/figures", Vec::new()).with(span.kind.word(), &span.name()).with("as-of", as_of);
    question.with("lang", here.get("lang").unwrap_or_default())
}

/// By which reports group.
const GROUPS: [&str; 3] = ["stream", "unit", "community"];

/// Which groups of an edition's figures are wanted; none: the whole.
pub(super) fn grouped_by(here: &Address) -> Result<Option<&'static str>, Unclear> {
    let Some(name) = here.get("group-by") else { return Ok(None) };
    let known = GROUPS.into_iter().find(|known| *known == name);
    known.map(Some).ok_or_else(|| no_such(("报表维度", "dimension of a report"), name, &GROUPS))
}

/// The links between the groups.
pub(super) fn group_chips(here: &Address, lang: Lang, chosen: Option<&str>) -> Chips {
    let all = [
        ("", ("合计", "as a whole")),
        ("stream", ("业务流", "stream")),
        ("unit", ("责任单位", "unit")),
        ("community", ("村居", "community")),
    ];
    let chip = |(name, (zh, en)): (&str, (&str, &str))| Chip {
        href: here.with("group-by", name).href(),
        text: lang.of(zh, en).to_owned(),
        is_here: chosen.unwrap_or_default() == name,
        ..Chip::default()
    };
    Chips { label: lang.of("分列：", "by: ").to_owned(), chips: all.into_iter().map(chip).collect() }
}

/// A time of the address, in the zone of the edition; `now` is now.
pub(super) fn as_of(here: &Address, edition: &Edition, now: Millis) -> Result<Millis, Unclear> {
    match here.get("as-of") {
        None => Ok(edition.as_of),
        Some("now") => Ok(now),
        Some(text) => ask::instant("as-of", text, &zone(edition)),
    }
}
