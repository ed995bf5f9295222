//! People who come by certificate.

use super::*;
use crate::http::PeerCertificate;

#[test]
fn a_certificate_is_one_accounts_until_it_ends_or_the_account_is_disabled() {
    let office = Office::with(|plan| AuthPlan { way: AuthWay::Certificates, ..plan });
    let certificate = PeerCertificate { fingerprint: [0xab; 32], ends: Some(Millis(NOON + MINUTE)) };
    let who =
        |certificate| office.auth.who(&HeaderMap::new(), &Arrival { certificate, ..here() }, Some(AccessNeed::Cases));
    assert_eq!(who(None).unwrap().kind, VisitorKind::Nobody);
    assert_eq!(who(Some(certificate)).unwrap_err(), Turned::UnknownCertificate);
    office.edit("wang", |account| account.certificates.push("ab".repeat(32)));
    let wang = who(Some(certificate)).unwrap();
    assert_eq!(
        (wang.name.as_str(), wang.role(), &wang.own[0].1[..]),
        ("wang", Some(AuthRole::CaseWorker), &["MH-02".to_owned()][..])
    );
    let other = PeerCertificate { fingerprint: [0xac; 32], ..certificate };
    office.edit("li.na", |account| account.certificates.push("ac".repeat(32)));
    let li = who(Some(other)).unwrap();
    assert!(
        !office.auth.is_csrf(&li, &wang.csrf) && office.auth.is_csrf(&wang, &wang.csrf),
        "a form is one certificate's"
    );
    office.wait(1);
    assert_eq!(who(Some(certificate)).unwrap_err(), Turned::EndedCertificate);
    let lasting = PeerCertificate { ends: None, ..certificate };
    assert!(who(Some(lasting)).is_ok());
    office.edit("wang", |account| account.disabled = true);
    assert_eq!(who(Some(lasting)).unwrap_err(), Turned::Disabled);
}
