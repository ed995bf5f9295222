//! What a notice is made with besides the data and what is asked: who issues it, and what things are called.

use jiff::{civil::Date, tz::TimeZone};

use super::{Headline, NoticeNames, NoticeOrder};
use crate::{
    ask::{
        instant,
        span::{CalendarSpan, SpanKind},
        unclear::{Unclear, ensure},
        zone as named_zone,
    },
    domain::{kpi::Period, time::Millis},
    report::{
        figures::ReportScope,
        paper::{Letterhead, Text, words},
    },
};

/// From the configuration.
#[derive(Clone, Debug, Default)]
pub struct NoticeBasis {
    /// None: neither head nor signature.
    pub issuer: Option<String>,
    /// With `{year}` and `{n}`.
    pub number: String,
    /// None: the day of the as-of.
    pub date: Option<Date>,
    /// Name and title of every stream that is declared.
    pub streams: Vec<(String, Text)>,
    /// What towns, units and channels are called on paper.
    pub names: NoticeNames,
}

/// Which period, and how it is seen.
#[derive(Clone, Debug)]
pub struct NoticeWhen {
    pub span: CalendarSpan,
    pub period: Period,
    /// IANA name.
    pub zone: String,
}

impl NoticeWhen {
    pub fn read(span: CalendarSpan, as_of: Option<&str>, zone: &str, now: Millis) -> Result<Self, Unclear> {
        let zone = named_zone(zone)?;
        let as_of = as_of.map_or(Ok(now), |text| instant("as-of", text, &zone))?;
        let period = span.period(&zone, as_of);
        ensure(period.from <= as_of, || Unclear::BeforeItBegins { span: span.name() })?;
        Ok(Self { span, period, zone: zone.iana_name().unwrap_or("UTC").to_owned() })
    }
}

impl NoticeBasis {
    /// What is to be written, for one stream or for all.
    pub(crate) fn order(&self, when: NoticeWhen, stream: Option<String>, headline: Headline) -> NoticeOrder {
        NoticeOrder {
            letterhead: self.letterhead(&when),
            span: when.span,
            scope: ReportScope { period: when.period, zone: when.zone, stream },
            headline,
            streams: self.streams.clone(),
            names: self.names.clone(),
        }
    }

    /// 文号 and the rest of the head. None: nobody issues it.
    pub(crate) fn letterhead(&self, when: &NoticeWhen) -> Option<Letterhead> {
        let span = when.span;
        let number = match span.kind {
            SpanKind::Month => span.first.month().to_string(),
            SpanKind::Quarter => format!("{}季度", words::chinese(span.quarter().unsigned_abs().into())),
            SpanKind::Year => "年度".to_owned(),
        };
        let zone = TimeZone::get(&when.zone).unwrap_or(TimeZone::UTC);
        let day = self.date.unwrap_or_else(|| when.period.as_of.date(&zone));
        let date = format!("{}年{}月{}日", day.year(), day.month(), day.day());
        self.issuer.as_ref().map(|issuer| Letterhead {
            issuer: issuer.clone(),
            number: self.number.replace("{year}", &span.first.year().to_string()).replace("{n}", &number),
            date: Text::new(date, day.strftime("%-d %B %Y").to_string()),
        })
    }
}
