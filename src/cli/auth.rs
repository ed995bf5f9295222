//! Who may see the page, made from the configuration.

use std::collections::BTreeSet;

use super::setup::Setup;
use crate::{
    config::{Assessment, AuthMode, Settings},
    http::auth::{AddressRange, Auth, AuthPlan, AuthWay, PasswordRules, ProxyHeaders},
    pipeline::clock,
};

pub fn open(setup: &Setup) -> anyhow::Result<Auth> {
    let settings = &setup.settings;
    let auth = &settings.http.auth;
    let by_proxy = || ProxyHeaders { name: auth.proxy_name_header.clone(), roles: auth.proxy_roles_header.clone() };
    Ok(Auth::new(AuthPlan {
        way: match auth.mode {
            AuthMode::None => AuthWay::Nobody,
            AuthMode::Accounts => AuthWay::Accounts,
            AuthMode::Proxy => AuthWay::Proxy(by_proxy()),
            AuthMode::Certificates => AuthWay::Certificates,
        },
        accounts: auth.accounts().filter(|_| auth.mode != AuthMode::None),
        audit: auth.audit(),
        idle_ms: ms(auth.idle_timeout_s),
        session_ms: ms(auth.session_max_s),
        rules: password_rules(settings),
        proxies: proxies(&auth.proxies)?,
        zone: settings.timezone.clone(),
        now: Box::new(clock::now),
    })?)
}

fn ms(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX / 1000).saturating_mul(1000)
}

fn proxies(text: &str) -> anyhow::Result<Vec<AddressRange>> {
    let all = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    all.map(|one| one.parse().map_err(anyhow::Error::msg)).collect()
}

/// The words of the town are those at the head of its page.
pub fn password_rules(settings: &Settings) -> PasswordRules {
    let words: BTreeSet<String> = settings.page.title.split_whitespace().map(str::to_owned).collect();
    PasswordRules {
        is_dengbao: settings.http.auth.assessment == Assessment::Dengbao3,
        words: words.into_iter().collect(),
    }
}
