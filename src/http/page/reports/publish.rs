//! Publishing: the form under a report, and what comes of it.

use std::sync::Arc;

use axum::response::{IntoResponse as _, Redirect, Response};

use super::{
    asked::{ReportAsked, edition_path, one_span},
    making::by_itself,
    trouble::ReportTrouble,
};
use crate::{
    http::page::{
        address::Address,
        sheet::{WebForm, elsewhere, only_takes},
        site::Site,
    },
    report::publish::{PublishOrder, publish},
    store::migrate,
};

/// What the report on the page shows is what is published: the same period and the same as-of, every stream and convention.
pub(super) fn form(here: &Address, asked: &ReportAsked) -> WebForm {
    let lang = asked.lang;
    let when = &asked.when;
    let zone = jiff::tz::TimeZone::get(&when.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let title = lang.of("发布", "Publish");
    let form = WebForm::get("publish", title, "/reports/publish", lang.of("发布这份报表", "Publish this report"));
    let form = form
        .hide(when.span.kind.word(), &when.span.name())
        .hide("as-of", &when.period.as_of.rfc3339(&zone))
        .hide("lang", here.get("lang").unwrap_or_default())
        .input("text", "by", lang.of("发布人", "by"), "", "")
        .input("text", "note", lang.of("备注", "note"), "", "");
    let note = lang.of(
        "冻结这一时段、这一截至时刻的全部指标（各业务流、各口径），连同每件案件的判定；再次发布是新的一版，以前的版次不变。",
        "Freezes every figure of this period and as-of, of all streams and conventions, with the verdict of every case. Publishing again \
         is a new edition; those before it stay.",
    );
    WebForm { method: "post".to_owned(), notes: vec![note.to_owned()], ..form }
}

/// The same checks and the same order as the command.
pub(super) async fn order(site: &Arc<Site>, here: &Address) -> Result<Response, ReportTrouble> {
    only_takes(here, &["csrf", "month", "quarter", "year", "as-of", "by", "note", "lang"])?;
    let ids = ((site.now)(), rand::random());
    let order = PublishOrder::read(&one_span(here)?, here.get("as-of"), &site.zone, ids)?;
    let said = |name| here.get(name).unwrap_or_default().to_owned();
    let order = PublishOrder { by: said("by"), note: said("note"), ..order };
    let published = by_itself(site, move |site, _| async move {
        migrate::check(&site.store).await?;
        // It comes to its end, whoever still waits; a publisher that ends before its head is there has published nothing.
        Ok(publish(&site.store, &order, std::future::pending()).await?)
    })
    .await?;
    let edition = published.edition;
    let there = elsewhere(here, &edition_path(&edition.report, edition.edition));
    Ok(Redirect::to(&there.href()).into_response())
}
