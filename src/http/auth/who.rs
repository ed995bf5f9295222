//! Who asks: by a session, by a certificate, by a proxy, by the token of a wall, or nobody in particular.

use axum::http::HeaderMap;

use super::{
    Auth, AuthWay,
    access::AccessNeed,
    accounts::PersonAccount,
    arrival::Arrival,
    cookie,
    proxy::ProxyHeaders,
    role::AuthRole,
    token,
    visitor::{Visitor, VisitorKind},
};

/// Why somebody is turned away before it is asked what he wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// The connection is not that of a listed proxy.
    NotByProxy,
    /// The proxy says no name, no role, or something twice.
    BadHeaders,
    /// The proxy names an account that is disabled, or the certificate is that of one.
    Disabled,
    /// A certificate that no account has.
    UnknownCertificate,
    /// A certificate that has ended since the connection began.
    EndedCertificate,
    /// Called by a name that is not this machine's.
    StrangeName,
}

impl Auth {
    /// Who asks, and for what.
    pub fn who(&self, headers: &HeaderMap, at: &Arrival, need: Option<AccessNeed>) -> Result<Visitor, Turned> {
        let mut visitor = match &self.way {
            AuthWay::Nobody => self.everybody(at)?,
            AuthWay::Accounts => self.by_session(headers, at, need),
            AuthWay::Proxy(by) => self.by_proxy(by, headers, at)?,
            AuthWay::Certificates => self.by_certificate(at)?,
        };
        if visitor.kind == VisitorKind::Nobody
            && let Some(wall) = cookie::get(headers, cookie::WALL).and_then(|token| self.wall(token, at))
        {
            visitor = wall;
        }
        visitor.asks_for_cases = matches!(need, Some(AccessNeed::Cases | AccessNeed::Exports));
        Ok(visitor)
    }

    fn everybody(&self, at: &Arrival) -> Result<Visitor, Turned> {
        if !at.is_called_by_this_machines_name() {
            return Err(Turned::StrangeName);
        }
        Ok(self.visitor(VisitorKind::Everybody, "", at, b"everybody"))
    }

    fn nobody(&self, at: &Arrival) -> Visitor {
        self.visitor(VisitorKind::Nobody, "", at, b"nobody")
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

    fn by_session(&self, headers: &HeaderMap, at: &Arrival, need: Option<AccessNeed>) -> Visitor {
        let nobody = || self.nobody(at);
        let Some(token) = cookie::get(headers, cookie::SESSION) else { return nobody() };
        let session = match need {
            Some(AccessNeed::Wall) => self.sessions.asked_by_itself(token, self.now()),
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

    /// By which the handshake has proved that it is the reader's own. Without one nobody is turned away: a wall has none.
    fn by_certificate(&self, at: &Arrival) -> Result<Visitor, Turned> {
        let Some(certificate) = at.certificate else {
            return Ok(self.nobody(at));
        };
        if certificate.ends.is_some_and(|ends| ends <= self.now()) {
            return Err(Turned::EndedCertificate);
        }
        let accounts = self.accounts();
        let account = accounts.with_certificate(&certificate.fingerprint).ok_or(Turned::UnknownCertificate)?;
        if account.disabled {
            return Err(Turned::Disabled);
        }
        let csrf_of = [b"certificate ", &certificate.fingerprint[..]].concat();
        let visitor = self.visitor(VisitorKind::Person(account.role), &account.name, at, &csrf_of);
        Ok(Visitor { own: account.own(), ..visitor })
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
}
