//! Certificates as the secure pair wants them, good and bad.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use x509_cert::der::Decode as _;

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn write_ca(&self, path: &Path) {
        fs::write(path, self.0.pem()).unwrap();
    }

    /// `NAME.pem` and `NAME.key`, for one host, until the first day of a year.
    pub fn sign(&self, folder: &Path, name: &str, host: &str, until: i32) -> [PathBuf; 2] {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(until, 1, 1));
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let files = ["pem", "key"].map(|end| folder.join(format!("{name}.{end}")));
        fs::write(&files[0], certificate.pem()).unwrap();
        fs::write(&files[1], key.serialize_pem()).unwrap();
        files
    }

    /// The list of those that are no longer good.
    pub fn revoke(&self, list: &Path, certificates: &[&Path]) {
        let revoked_certs = certificates.iter().map(|path| RevokedCertParams {
            serial_number: serial(path),
            revocation_time: date_time_ymd(2026, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, 1),
            next_update: date_time_ymd(2100, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked_certs.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        fs::write(list, params.signed_by(&self.0).unwrap().pem().unwrap()).unwrap();
    }

    /// The server's, which Kafka wants in one file.
    pub fn sign_server(&self, folder: &Path, until: i32) {
        let [certificate, key] = self.sign(folder, "server", "127.0.0.1", until);
        let both = fs::read_to_string(key).unwrap() + &fs::read_to_string(certificate).unwrap() + &self.0.pem();
        fs::write(folder.join("kafka.keystore.pem"), both).unwrap();
    }
}

fn serial(path: &Path) -> SerialNumber {
    let der = CertificateDer::from_pem_file(path).unwrap();
    let certificate = x509_cert::Certificate::from_der(&der).unwrap();
    SerialNumber::from_slice(certificate.tbs_certificate.serial_number.as_bytes())
}
