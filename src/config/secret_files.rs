//! Files that hold a secret, and who may read them besides us.

use std::{collections::BTreeMap, path::PathBuf};

use super::{AuthMode, ClickHouseSettings, Settings, is_secret};
use crate::tls::readers;

/// One sentence for each file that others than its owner can read or write. It is said and not refused: some ways to mount a
/// secret leave no choice, and a service that stops over it would be the greater harm.
pub fn exposed(settings: &Settings, origins: &BTreeMap<String, String>) -> Vec<String> {
    let named = secret_files(settings).into_iter().map(|(key, path)| (key.to_owned(), path));
    named
        .chain(holding_secrets(settings, origins))
        .filter_map(|(key, path)| {
            let (who, mode) = readers(&path).ok()??;
            let path = path.display();
            Some(format!(
                "{key}: {path} can be read or changed by {who} (mode {mode:04o}); chmod {path} to 0600 or 0400"
            ))
        })
        .collect()
}

fn secret_files(settings: &Settings) -> Vec<(&'static str, PathBuf)> {
    let Settings { kafka, clickhouse, privacy, http, .. } = settings;
    let accounts = (http.auth.mode != AuthMode::None).then(|| http.auth.accounts()).flatten();
    let named = [
        ("privacy.key_file", privacy.key_file.as_ref().or(privacy.default_key_file.as_ref())),
        ("kafka.password_file", kafka.password_file.as_ref()),
        ("kafka.certificate_key_file", kafka.certificate_key_file.as_ref()),
        ("kafka.certificate_key_password_file", kafka.certificate_key_password_file.as_ref()),
        ("clickhouse.password_file", clickhouse.password_file.as_ref()),
        ("clickhouse.certificate_key_file", clickhouse.certificate_key_file.as_ref()),
        ("http.auth.accounts_file", accounts.as_ref()),
    ];
    named.into_iter().filter_map(|(key, path)| Some((key, path?.clone()))).collect()
}

/// Files of settings that a secret stands in.
fn holding_secrets<'a>(
    settings: &'a Settings,
    origins: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = (String, PathBuf)> + 'a {
    let ClickHouseSettings { password, password_file, .. } = &settings.clickhouse;
    let is_set = move |key: &str| key != "clickhouse.password" || (password_file.is_none() && !password.is_empty());
    let secrets = origins.iter().filter(move |(key, _)| is_secret(key) && is_set(key));
    secrets.filter_map(|(key, origin)| Some((key.clone(), PathBuf::from(origin.strip_prefix("file:")?))))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn an_open_file_is_said_with_its_key_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        fs::write(&path, "x").unwrap();
        let env = [("TONGGUAN__CLICKHOUSE__PASSWORD_FILE".to_owned(), path.display().to_string())];
        let said = |mode| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let loaded = Settings::load(None, env.clone().into_iter()).unwrap();
            exposed(&loaded.settings, &loaded.origins)
        };
        assert_eq!(said(0o600), Vec::<String>::new());
        let open = said(0o644);
        assert_eq!(open.len(), 1);
        for part in ["clickhouse.password_file", "password", "0644", "chmod"] {
            assert!(open[0].contains(part), "{}", open[0]);
        }
    }

    #[test]
    fn a_configuration_that_holds_secrets_is_a_secret_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tongguan.toml");
        fs::write(&path, "[clickhouse]\npassword = \"x\"\n[kafka.extra]\nssl.keystore.password = \"x\"\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let loaded = Settings::load(Some(&path), [].into_iter()).unwrap();
        let said = exposed(&loaded.settings, &loaded.origins);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("clickhouse.password: "), "{said:?}");
        assert!(said[1].starts_with("kafka.extra.ssl.keystore.password: "), "{said:?}");
    }
}
