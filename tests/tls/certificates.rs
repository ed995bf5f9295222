//! Certificates as the secure pair wants them, good and bad.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};

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

    /// The server's, which Kafka wants in one file.
    pub fn sign_server(&self, folder: &Path, until: i32) {
        let [certificate, key] = self.sign(folder, "server", "127.0.0.1", until);
        let both = fs::read_to_string(key).unwrap() + &fs::read_to_string(certificate).unwrap() + &self.0.pem();
        fs::write(folder.join("kafka.keystore.pem"), both).unwrap();
    }
}
