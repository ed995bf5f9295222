//! Who may: accounts and sessions, or what a trusted proxy says; roles; and the audit of what was done.
//!
//! The gate of the page asks here before anything is answered (`page::gate`), by the one table [`ACCESS`].

mod access;
mod account_file;
mod accounts;
mod arrival;
mod attempts;
mod audit;
mod cookie;
mod hashing;
mod log_in;
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

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::HeaderMap;
use jiff::tz::TimeZone;

pub use self::{
    access::{ACCESS, Need, Verdict, need, verdict},
    account_file::{AccountFile, AccountsError},
    accounts::{Accounts, PersonAccount, WallAccount, is_name},
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
    visitor::{Visitor, VisitorKind, is_narrowed, is_own_case, may_get, own_cases, visiting, visitor},
};
use self::{attempts::AttemptTable, hashing::Hashing, sessions::SessionTable};
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
    Accounts(#[from] AccountsError),
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

/// Why somebody is turned away before it is asked what he wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// The connection is not that of a listed proxy.
    NotByProxy,
    /// The proxy says no name, no role, or something twice.
    BadHeaders,
    /// The proxy names an account that is disabled.
    Disabled,
    /// Called by a name that is not this machine's.
    StrangeName,
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
        if let Some(file) = file.as_ref().filter(|_| plan.way == AuthWay::Accounts) {
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
            csrf_key: token::random()?,
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

    /// Who asks. `need` is what is asked for, by [`need`].
    pub fn who(&self, headers: &HeaderMap, at: &Arrival, need: Option<Need>) -> Result<Visitor, Turned> {
        let mut visitor = match &self.way {
            AuthWay::Nobody => self.everybody(at)?,
            AuthWay::Accounts => self.by_session(headers, at, need),
            AuthWay::Proxy(by) => self.by_proxy(by, headers, at)?,
        };
        if visitor.kind == VisitorKind::Nobody
            && let Some(wall) = cookie::get(headers, cookie::WALL).and_then(|token| self.wall(token, at))
        {
            visitor = wall;
        }
        visitor.asks_for_cases = matches!(need, Some(Need::Cases | Need::Exports));
        Ok(visitor)
    }

    fn everybody(&self, at: &Arrival) -> Result<Visitor, Turned> {
        if !at.is_called_by_this_machines_name() {
            return Err(Turned::StrangeName);
        }
        Ok(self.visitor(VisitorKind::Everybody, "", at, b"everybody"))
    }

    fn visitor(&self, kind: VisitorKind, name: &str, at: &Arrival, csrf_of: &[u8]) -> Visitor {
        Visitor {
            kind,
            name: name.to_owned(),
            address: at.address,
            own: Vec::new(),
            csrf: token::csrf(&self.csrf_key, csrf_of),
            session: String::new(),
            must_change: false,
            asks_for_cases: false,
        }
    }

    fn by_session(&self, headers: &HeaderMap, at: &Arrival, need: Option<Need>) -> Visitor {
        let nobody = || self.visitor(VisitorKind::Nobody, "", at, b"nobody");
        let Some(token) = cookie::get(headers, cookie::SESSION) else { return nobody() };
        let session = match need {
            Some(Need::Wall) => self.sessions.asked_by_itself(token, self.now()),
            _ => self.sessions.seen(token, self.now()),
        };
        let Some(session) = session else { return nobody() };
        let accounts = self.accounts();
        let account = accounts.person(&session.name).filter(|account| !account.disabled);
        let Some(account) = account.filter(|account| account.stamp() == session.stamp) else {
            self.sessions.end(token);
            return nobody();
        };
        Visitor {
            own: account.own(),
            session: session.id,
            must_change: session.must_change,
            ..self.visitor(VisitorKind::Person(account.role), &account.name, at, &token::hash(token))
        }
    }

    fn by_proxy(&self, by: &ProxyHeaders, headers: &HeaderMap, at: &Arrival) -> Result<Visitor, Turned> {
        if !at.is_proxy {
            return Err(Turned::NotByProxy);
        }
        let (name, role) = by.person(headers).map_err(|_| Turned::BadHeaders)?;
        let accounts = self.accounts();
        let account = accounts.person(&name);
        if account.is_some_and(|account| account.disabled) {
            return Err(Turned::Disabled);
        }
        let own = account.filter(|_| role == AuthRole::CaseWorker).map(PersonAccount::own).unwrap_or_default();
        let csrf_of = format!("proxy {name}");
        Ok(Visitor { own, ..self.visitor(VisitorKind::Person(role), &name, at, csrf_of.as_bytes()) })
    }

    fn wall(&self, token: &str, at: &Arrival) -> Option<Visitor> {
        let accounts = self.accounts();
        let wall = accounts.wall(token, at.address)?;
        Some(self.visitor(VisitorKind::Wall, &wall.name, at, b"wall"))
    }

    /// The cookie of a wall whose token stands in the address, once.
    pub fn wall_cookie(&self, token: &str, at: &Arrival) -> Option<String> {
        self.wall(token, at).map(|_| cookie::wall(token, at.is_secure))
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
        cookie::get(headers, cookie::SESSION)
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

    /// One line for whoever changes something or shows it: whose request it is, is known here. What cannot be written down must not
    /// be done.
    pub async fn audit(&self, what: AuditWhat, about: &str, result: &str) -> Result<(), AuditError> {
        let Some(visitor) = visitor() else { return self.note(what, AuditLine::default()).await };
        self.audit_for(&visitor, what, about, result).await
    }

    pub async fn audit_for(
        &self,
        visitor: &Visitor,
        what: AuditWhat,
        about: &str,
        result: &str,
    ) -> Result<(), AuditError> {
        let line = AuditLine {
            account: visitor.name.clone(),
            address: visitor.address.to_string(),
            role: visitor.role_name().to_owned(),
            about: about.to_owned(),
            result: result.to_owned(),
            ..AuditLine::default()
        };
        self.note(what, line).await
    }

    /// Of somebody who is not logged in yet.
    async fn audit_of(
        &self,
        account: &str,
        at: &Arrival,
        what: AuditWhat,
        about: &str,
        result: &str,
    ) -> Result<(), AuthError> {
        let line = AuditLine {
            account: account.to_owned(),
            address: at.address.to_string(),
            about: about.to_owned(),
            result: result.to_owned(),
            ..AuditLine::default()
        };
        Ok(self.note(what, line).await?)
    }

    async fn note(&self, what: AuditWhat, line: AuditLine) -> Result<(), AuditError> {
        match &self.audit {
            Some(audit) => audit.write(what, line, self.now()).await,
            None => Ok(()),
        }
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
