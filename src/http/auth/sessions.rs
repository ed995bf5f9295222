//! Who is logged in: in memory only, by the hash of a token that only the browser knows.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::token::{self, NoRandomness, TokenHash};
use crate::domain::time::Millis;

/// Sessions of one account; the one that was not used for longest goes for a new one.
const OF_ACCOUNT_MAX: usize = 16;
/// What a browser calls itself, as far as it is kept.
const AGENT_MAX: usize = 120;

#[derive(Debug)]
pub(super) struct SessionTable {
    idle_ms: i64,
    longest_ms: i64,
    open: Mutex<HashMap<TokenHash, LogInSession>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogInSession {
    /// By which its owner may end it; says nothing of the token.
    pub id: String,
    pub name: String,
    /// Of the account as it was at log-in: when that changes, the session ends.
    pub(super) stamp: [u8; 32],
    pub must_change: bool,
    pub begun: Millis,
    pub seen: Millis,
    pub address: IpAddr,
    pub agent: String,
}

impl SessionTable {
    pub(super) fn new(idle_ms: i64, longest_ms: i64) -> Self {
        Self { idle_ms, longest_ms, open: Mutex::default() }
    }

    /// A token that nobody had before.
    pub(super) fn begin(&self, session: LogInSession) -> Result<String, NoRandomness> {
        let token = token::fresh()?;
        let hash = token::hash(&token);
        let mut open = self.open();
        self.forget(&mut open, session.seen);
        let mut own: Vec<(Millis, TokenHash)> =
            open.iter().filter(|(_, one)| one.name == session.name).map(|(hash, one)| (one.seen, *hash)).collect();
        own.sort_unstable();
        own.iter().rev().skip(OF_ACCOUNT_MAX - 1).for_each(|(_, hash)| drop(open.remove(hash)));
        let agent = session.agent.chars().take(AGENT_MAX).collect();
        let id = data_encoding::HEXLOWER.encode(&token::hash(&format!("id {token}"))[..8]);
        open.insert(hash, LogInSession { id, agent, ..session });
        Ok(token)
    }

    /// The session of a token, which is used now.
    pub(super) fn seen(&self, token: &str, now: Millis) -> Option<LogInSession> {
        self.of_token(token, now, true)
    }

    /// Without its owner: a page that is live asks by itself, and is no sign of somebody.
    pub(super) fn asked_by_itself(&self, token: &str, now: Millis) -> Option<LogInSession> {
        self.of_token(token, now, false)
    }

    fn of_token(&self, token: &str, now: Millis, is_used: bool) -> Option<LogInSession> {
        let hash = token::hash(token);
        let mut open = self.open();
        let session = open.get_mut(&hash)?;
        if self.is_over(session, now) {
            open.remove(&hash);
            return None;
        }
        if is_used {
            session.seen = Millis(session.seen.0.max(now.0));
        }
        Some(session.clone())
    }

    pub(super) fn end(&self, token: &str) -> Option<LogInSession> {
        self.open().remove(&token::hash(token))
    }

    /// Whether there was such a one of that account.
    pub(super) fn end_by_id(&self, name: &str, id: &str) -> bool {
        let mut open = self.open();
        let before = open.len();
        open.retain(|_, session| session.name != name || session.id != id);
        open.len() < before
    }

    pub(super) fn end_all(&self, name: &str) {
        self.open().retain(|_, session| session.name != name);
    }

    /// The newest first.
    pub(super) fn of(&self, name: &str, now: Millis) -> Vec<LogInSession> {
        let mut open = self.open();
        self.forget(&mut open, now);
        let mut own: Vec<_> = open.values().filter(|session| session.name == name).cloned().collect();
        own.sort_by(|a, b| (b.seen, &b.id).cmp(&(a.seen, &a.id)));
        own
    }

    fn forget(&self, open: &mut HashMap<TokenHash, LogInSession>, now: Millis) {
        open.retain(|_, session| !self.is_over(session, now));
    }

    fn is_over(&self, session: &LogInSession, now: Millis) -> bool {
        now.0 - session.seen.0 >= self.idle_ms || now.0 - session.begun.0 >= self.longest_ms
    }

    fn open(&self) -> MutexGuard<'_, HashMap<TokenHash, LogInSession>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn session(name: &str, at: i64) -> LogInSession {
        LogInSession {
            id: String::new(),
            name: name.to_owned(),
            stamp: [0; 32],
            must_change: false,
            begun: Millis(at),
            seen: Millis(at),
            address: IpAddr::from([127, 0, 0, 1]),
            agent: "x".repeat(500),
        }
    }

    fn table() -> SessionTable {
        SessionTable::new(30 * MINUTE, 720 * MINUTE)
    }

    #[test]
    fn it_ends_after_half_an_hour_of_nothing_and_after_twelve_hours_of_use() {
        let table = table();
        let token = table.begin(session("li", 0)).unwrap();
        assert!(table.seen(&token, Millis(30 * MINUTE - 1)).is_some());
        assert!(table.seen(&token, Millis(60 * MINUTE - 1)).is_none(), "half an hour after it was seen last");
        let token = table.begin(session("li", 0)).unwrap();
        assert!((0..30).all(|minute| table.asked_by_itself(&token, Millis(minute * MINUTE)).is_some()));
        assert!(table.seen(&token, Millis(30 * MINUTE)).is_none(), "a page that asks by itself keeps nobody logged in");
        let token = table.begin(session("li", 0)).unwrap();
        for minute in (0..720).step_by(20) {
            assert!(table.seen(&token, Millis(minute * MINUTE)).is_some(), "{minute}");
        }
        assert!(table.seen(&token, Millis(720 * MINUTE)).is_none());
    }

    #[test]
    fn a_token_is_new_each_time_and_what_was_not_given_out_is_nobodys() {
        let table = table();
        let (one, other) = (table.begin(session("li", 0)).unwrap(), table.begin(session("li", 0)).unwrap());
        assert_ne!(one, other);
        assert!(one.len() >= 43, "256 bits: {one}");
        assert!(table.seen("chosen-by-somebody", Millis(1)).is_none());
        let kept = format!("{:?}", table.open());
        assert!(!kept.contains(&one) && !kept.contains(&other), "only hashes are kept");
        assert_eq!(table.end(&one).unwrap().name, "li");
        assert!(table.seen(&one, Millis(1)).is_none() && table.seen(&other, Millis(1)).is_some());
    }

    #[test]
    fn one_ends_ones_own_and_nobody_elses() {
        let table = table();
        let (li, wang) = (table.begin(session("li", 0)).unwrap(), table.begin(session("wang", 0)).unwrap());
        let id = table.of("wang", Millis(1))[0].id.clone();
        assert!(!table.end_by_id("li", &id));
        assert!(table.end_by_id("wang", &id));
        assert!(table.seen(&wang, Millis(1)).is_none());
        table.end_all("li");
        assert!(table.seen(&li, Millis(1)).is_none());
    }

    #[test]
    fn an_account_has_so_many_and_no_text_of_a_browser_is_kept_whole() {
        let table = table();
        for at in 0..100 {
            table.begin(session("li", at)).unwrap();
        }
        let open = table.of("li", Millis(100));
        assert_eq!(open.len(), OF_ACCOUNT_MAX);
        assert_eq!((open[0].seen, open[0].agent.len()), (Millis(99), AGENT_MAX));
    }
}
