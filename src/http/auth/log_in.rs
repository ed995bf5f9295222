//! Logging in, out, and changing one's password.

use jiff::civil::Date;

use super::{
    Auth, AuthError,
    accounts::PersonAccount,
    arrival::Arrival,
    attempts::May,
    audit::AuditWhat,
    hashing::HashingBusy,
    password::{self, PasswordFault},
    sessions::LogInSession,
    totp,
    visitor::Visitor,
};
use crate::domain::time::Millis;

/// 等保: a password is changed after so many days.
const DENGBAO_DAYS: i32 = 90;

/// What somebody types.
#[derive(Clone, Default)]
pub struct Credentials {
    pub name: String,
    pub password: String,
    /// Of the second factor; empty: none.
    pub code: String,
    pub agent: String,
}

/// Never the password.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// Which of them is not told.
    #[error("name, password or code is wrong")]
    Wrong,
    #[error("too many wrong attempts")]
    TooMany,
    #[error("this account needs a second factor first")]
    NoSecondFactor,
    #[error(transparent)]
    NewPassword(#[from] PasswordFault),
    #[error("too many at once")]
    Busy,
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl From<HashingBusy> for LogInError {
    fn from(_: HashingBusy) -> Self {
        Self::Busy
    }
}

impl Auth {
    /// The token of a new session. A session that the browser had is ended: nobody can hand over one that he knows.
    pub async fn log_in(&self, given: Credentials, at: &Arrival, old: Option<&str>) -> Result<String, LogInError> {
        let now = self.now();
        // A name that nobody can have is nobody's, and is not kept anywhere.
        let account = self.accounts().person(&given.name).cloned();
        let audited = account.as_ref().map_or("", |account| account.name.as_str());
        if let May::Refused { is_first } = self.attempts.begin(&given.name, at.address, now) {
            if is_first {
                self.audit_of(audited, at, AuditWhat::LogIn, "", "refused: too many wrong attempts").await?;
            }
            return Err(LogInError::TooMany);
        }
        let judged = self.judge(account.as_ref(), &given, now).await?;
        if let Err(why) = judged {
            self.audit_of(audited, at, AuditWhat::LogIn, "", why.word()).await?;
            if let Some(account) = &account
                && why == WhyNot::Wrong
                && self.attempts.wrong(&account.name)
            {
                self.lock(account, at).await?;
            }
            return Err(if why == WhyNot::NoSecondFactor { LogInError::NoSecondFactor } else { LogInError::Wrong });
        }
        let Some(account) = account else { return Err(LogInError::Wrong) };
        self.audit_of(&account.name, at, AuditWhat::LogIn, "", "done").await?;
        self.attempts.right(&account.name, at.address);
        old.and_then(|old| self.sessions.end(old));
        self.begin(&account, at, given.agent, now)
    }

    fn begin(&self, account: &PersonAccount, at: &Arrival, agent: String, now: Millis) -> Result<String, LogInError> {
        let session = LogInSession {
            id: String::new(),
            name: account.name.clone(),
            stamp: account.stamp(),
            must_change: account.must_change || self.is_overdue(account, now),
            begun: now,
            seen: now,
            address: at.address,
            agent,
        };
        Ok(self.sessions.begin(session).map_err(AuthError::from)?)
    }

    /// Takes as long for an account that there is not, and for one that is disabled.
    async fn judge(
        &self,
        account: Option<&PersonAccount>,
        given: &Credentials,
        now: Millis,
    ) -> Result<Result<(), WhyNot>, LogInError> {
        if given.password.len() > password::BYTES_MAX {
            return Ok(Err(WhyNot::Wrong));
        }
        let hash = account.map(|account| account.password.clone());
        let is_right = self.hashing.is_right(hash, given.password.clone()).await?;
        let Some(account) = account.filter(|_| is_right) else { return Ok(Err(WhyNot::Wrong)) };
        Ok(match () {
            () if account.disabled => Err(WhyNot::Disabled),
            () if account.totp.is_empty() && self.rules.is_dengbao => Err(WhyNot::NoSecondFactor),
            () if account.totp.is_empty() || self.is_code(account, &given.code, now) => Ok(()),
            () => Err(WhyNot::Wrong),
        })
    }

    /// A code is good once: only a later step than that of the last one.
    fn is_code(&self, account: &PersonAccount, code: &str, now: Millis) -> bool {
        let Some(step) = totp::step(&account.totp, code, now) else { return false };
        let mut used = self.used_codes();
        let is_new = used.get(&account.name).is_none_or(|last| *last < step);
        if is_new {
            used.insert(account.name.clone(), step);
        }
        is_new
    }

    fn is_overdue(&self, account: &PersonAccount, now: Millis) -> bool {
        let days = self.today(now).since(account.changed).map_or(0, |span| span.get_days());
        self.rules.is_dengbao && days >= DENGBAO_DAYS
    }

    pub(super) fn today(&self, now: Millis) -> Date {
        now.date(&self.zone)
    }

    /// As `tongguan account disable` does.
    async fn lock(&self, account: &PersonAccount, at: &Arrival) -> Result<(), LogInError> {
        let what = "locked after 100 wrong attempts in a row";
        self.audit_of(&account.name, at, AuditWhat::AccountChanged, &account.name, what).await?;
        tracing::warn!(account = account.name, "an account is {what}; `tongguan account enable` opens it again");
        self.write_account(&account.name, |account| account.disabled = true).await?;
        Ok(())
    }

    /// The token of a new session; every other session of the account ends.
    pub async fn change_password(
        &self,
        visitor: &Visitor,
        given: Credentials,
        new: String,
        at: &Arrival,
    ) -> Result<String, LogInError> {
        let now = self.now();
        let Some(account) = self.accounts().person(&visitor.name).cloned() else { return Err(LogInError::Wrong) };
        if self.attempts.begin(&account.name, at.address, now) != May::Try {
            return Err(LogInError::TooMany);
        }
        if !self.hashing.is_right(Some(account.password.clone()), given.password.clone()).await? {
            self.audit_of(&account.name, at, AuditWhat::AccountChanged, &account.name, "wrong password").await?;
            return Err(LogInError::Wrong);
        }
        self.attempts.right(&account.name, at.address);
        if new == given.password {
            return Err(PasswordFault::Same.into());
        }
        self.rules.check(&new, &account.name, !account.totp.is_empty())?;
        let hash = self.hashing.hash(new).await?.map_err(AuthError::from)?;
        self.audit_of(&account.name, at, AuditWhat::AccountChanged, &account.name, "password").await?;
        let today = self.today(now);
        let account = self
            .write_account(&account.name, move |account| {
                account.password = hash;
                account.changed = today;
                account.must_change = false;
            })
            .await?;
        self.sessions.end_all(&account.name);
        self.begin(&account, at, given.agent, now)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WhyNot {
    Wrong,
    Disabled,
    NoSecondFactor,
}

impl WhyNot {
    /// For the audit; the reader is told less.
    fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Disabled => "refused: disabled",
            Self::NoSecondFactor => "refused: no second factor",
        }
    }
}
