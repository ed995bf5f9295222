//! What is written down of those who ask.

use super::{
    Auth, AuthError,
    accounts::hex,
    arrival::Arrival,
    audit::{AuditError, AuditLine, AuditWhat},
    visitor::{Visitor, visitor},
};

impl Auth {
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
    pub(super) async fn audit_of(
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

    /// Of a certificate that leads nowhere.
    pub async fn audit_certificate(
        &self,
        fingerprint: &[u8; 32],
        at: &Arrival,
        about: &str,
        result: &str,
    ) -> Result<(), AuthError> {
        let accounts = self.accounts();
        let name = accounts.with_certificate(fingerprint).map_or("", |account| account.name.as_str());
        let result = format!("{result}: certificate {}", hex(fingerprint));
        self.audit_of(name, at, AuditWhat::Refused, about, &result).await
    }

    async fn note(&self, what: AuditWhat, line: AuditLine) -> Result<(), AuditError> {
        match &self.audit {
            Some(audit) => audit.write(what, line, self.now()).await,
            None => Ok(()),
        }
    }
}
