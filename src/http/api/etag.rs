//! Whether somebody has the answer already. An answer to a question of a given as-of is decided by what is stored, by the program and
//! by its definitions; the mark of what is stored costs no reading, so that who has the newest answer is told so without a figure being asked.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};

use super::{Api, Said, form::ApiForm, problem::Refusal};
use crate::{domain::kpi::Figure, report::kpi_catalogue, store::mark};

#[derive(Clone, Debug)]
pub(super) struct ETag(HeaderValue);

/// None where it cannot be said.
pub(super) async fn of(
    api: &Api,
    said: &Said,
    form: ApiForm,
    figures: impl Iterator<Item = &'static Figure>,
) -> Result<Option<ETag>, Refusal> {
    let Some(mark) = mark::mark(&api.site.store).await? else { return Ok(None) };
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    let of_all = [env!("CARGO_PKG_VERSION"), api.site.store.database(), &mark, form.name(), &said.path, &api.site.zone];
    of_all.into_iter().for_each(&mut add);
    for (name, value) in &said.pairs {
        add(name);
        add(value);
    }
    versions(api).iter().for_each(|version| add(version));
    figures.for_each(|figure| add(&kpi_catalogue::definition(figure).to_string()));
    let text: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Ok(HeaderValue::from_str(&format!("\"{text}\"")).ok().map(ETag))
}

/// Of the rules by which cases are judged.
pub(super) fn versions(api: &Api) -> Vec<String> {
    let mut all: Vec<String> = api
        .site
        .rules
        .values()
        .filter_map(|rules| rules.limits.as_ref())
        .map(|limits| format!("{} {}", limits.policy_version, limits.calendar_version))
        .collect();
    all.sort();
    all.dedup();
    all
}

impl ETag {
    /// The answer that it has not changed, if whoever asks has this one.
    pub(super) fn not_modified(&self, said: &Said) -> Option<Response> {
        let ours = self.0.to_str().ok()?;
        let mut theirs = said.headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let is_theirs = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one) == ours;
        theirs
            .any(|list| list.split(',').map(str::trim).any(is_theirs))
            .then(|| self.on(StatusCode::NOT_MODIFIED.into_response()))
    }

    /// It may be kept, and has to be asked for each time whether it still holds.
    pub(super) fn on(&self, mut response: Response) -> Response {
        response.headers_mut().insert(header::ETAG, self.0.clone());
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response
    }
}
