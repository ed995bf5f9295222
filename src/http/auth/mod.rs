//! Who may: accounts and sessions, certificates, or what a trusted proxy says; roles; and the audit of what was done.
//!
//! The gate of the page asks here before anything is answered (`page::gate`), by the one table [`ACCESS`].

mod access;
mod accounts;
mod arrival;
mod attempts;
mod audit;
mod cookie;
mod hashing;
mod log_in;
mod noting;
mod password;
mod proxy;
mod range;
mod role;
mod sessions;
#[cfg(test)]
mod tests;
mod token;
mod totp;
mod visitor;
mod who;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::HeaderMap;
use jiff::tz::TimeZone;

pub use self::{
    access::{ACCESS, AccessNeed, AccessVerdict, may_get, need, verdict},
    accounts::{AccountFile, Accounts, PersonAccount, WallAccount, certificate_named, is_name},
    arrival::Arrival,
    audit::{AuditError, AuditLine, AuditLog, AuditWhat, lines},
    log_in::{Credentials, LogInError},
    password::{NoHash, PasswordFault, PasswordRules, hash, made},
    proxy::ProxyHeaders,
    range::AddressRange,
    role::AuthRole,
    sessions::LogInSession,
    token::{NoRandomness, fresh},
    totp::{secret, uri},
    visitor::{Visitor, VisitorKind, is_narrowed, is_own_case, own_cases, visiting, visitor},
    who::Turned,
};
use self::{attempts::AttemptTable, hashing::Hashing, sessions::SessionTable};
pub(super) use self::{cookie::SESSION, token::random};
use super::KeptFileError;
use crate::domain::time::Millis;

/// How people are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthWay {
    /// Nobody is asked: whoever is at this machine.
    Nobody,
    /// By the accounts file.
    Accounts,
    /// By headers of a listed proxy; the accounts file says whose cases a case worker sees.
    Proxy(ProxyHeaders),
    /// By a certificate that the reader has shown; the accounts file says whose it is.
    Certificates,
}

/// Made from the configuration by the caller.
pub struct AuthPlan {
    pub way: AuthWay,
    pub accounts: Option<PathBuf>,
    pub audit: Option<PathBuf>,
    pub idle_ms: i64,
    pub session_ms: i64,
    pub rules: PasswordRules,
    pub proxies: Vec<AddressRange>,
    pub zone: TimeZone,
    pub now: Box<dyn Fn() -> Millis + Send + Sync>,
}

impl std::fmt::Debug for AuthPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthPlan").field("way", &self.way).finish_non_exhaustive()
    }
}

impl AuthPlan {
    /// Nobody is asked, and nothing is written down.
    pub fn nobody(now: fn() -> Millis) -> Self {
        Self {
            way: AuthWay::Nobody,
            accounts: None,
            audit: None,
            idle_ms: 0,
            session_ms: 0,
            rules: PasswordRules::default(),
            proxies: Vec::new(),
            zone: TimeZone::UTC,
            now: Box::new(now),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error(transparent)]
    Accounts(#[from] KeptFileError),
    #[error(transparent)]
    Audit(#[from] AuditError),
    #[error(transparent)]
    Random(#[from] NoRandomness),
    #[error(transparent)]
    Hash(#[from] NoHash),
    #[error("there is no account {0:?} any more")]
    Gone(String),
    #[error("interrupted")]
    Interrupted,
}

pub struct Auth {
    way: AuthWay,
    file: Option<Arc<AccountFile>>,
    audit: Option<AuditLog>,
    sessions: SessionTable,
    attempts: AttemptTable,
    hashing: Hashing,
    rules: PasswordRules,
    proxies: Vec<AddressRange>,
    zone: TimeZone,
    /// By account, the step of the last code.
    used_codes: Mutex<HashMap<String, i64>>,
    csrf_key: [u8; 32],
    now: Box<dyn Fn() -> Millis + Send + Sync>,
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth").field("way", &self.way).finish_non_exhaustive()
    }
}

impl Auth {
    pub fn new(plan: AuthPlan) -> Result<Self, AuthError> {
        let now = (plan.now)();
        let file = plan.accounts.map(|path| Arc::new(AccountFile::new(&path)));
        if let Some(file) = file.as_ref().filter(|_| matches!(plan.way, AuthWay::Accounts | AuthWay::Certificates)) {
            file.read()?;
        }
        let audit = plan.audit.map(|folder| AuditLog::open(&folder, plan.zone.clone(), now)).transpose()?;
        Ok(Self {
            way: plan.way,
            file,
            audit,
            sessions: SessionTable::new(plan.idle_ms, plan.session_ms),
            attempts: AttemptTable::default(),
            hashing: Hashing::new(),
            rules: plan.rules,
            proxies: plan.proxies,
            zone: plan.zone,
            used_codes: Mutex::default(),
            csrf_key: random()?,
            now: plan.now,
        })
    }

    pub fn now(&self) -> Millis {
        (self.now)()
    }

    pub fn arrival(&self, headers: &HeaderMap, extensions: &axum::http::Extensions) -> Arrival {
        Arrival::of(headers, extensions, &self.proxies)
    }

    /// Whether there is a way to log in here.
    pub fn has_log_in(&self) -> bool {
        self.way == AuthWay::Accounts
    }

    fn accounts(&self) -> Arc<Accounts> {
        self.file.as_ref().map(|file| file.now()).unwrap_or_default()
    }

    fn used_codes(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.used_codes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a form was made for this visitor.
    pub fn is_csrf(&self, visitor: &Visitor, given: &str) -> bool {
        token::is_same(&visitor.csrf, given)
    }

    /// The cookie that a browser is given after log-in, and after log-out.
    pub fn cookie(&self, token: Option<&str>, at: &Arrival) -> String {
        token.map_or_else(|| cookie::no_session(at.is_secure), |token| cookie::session(token, at.is_secure))
    }

    pub fn token_of<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        cookie::get(headers, SESSION)
    }

    pub fn log_out(&self, headers: &HeaderMap) {
        if let Some(token) = self.token_of(headers) {
            self.sessions.end(token);
        }
    }

    pub fn sessions_of(&self, visitor: &Visitor) -> Vec<LogInSession> {
        self.sessions.of(&visitor.name, self.now())
    }

    pub fn end_session(&self, visitor: &Visitor, id: &str) -> bool {
        self.sessions.end_by_id(&visitor.name, id)
    }

    async fn write_account(
        &self,
        name: &str,
        change: impl FnOnce(&mut PersonAccount) + Send + 'static,
    ) -> Result<PersonAccount, AuthError> {
        let Some(file) = self.file.clone() else { return Err(AuthError::Gone(name.to_owned())) };
        let name = name.to_owned();
        let write = move || {
            file.change(|accounts| {
                let account = accounts.people.iter_mut().find(|person| person.name == name);
                let account = account.ok_or_else(|| AuthError::Gone(name.clone()))?;
                change(account);
                Ok(account.clone())
            })
        };
        tokio::task::spawn_blocking(write).await.map_err(|_| AuthError::Interrupted)?
    }
}
