//! Layers, messages and secrets of the settings as a whole.

use std::{collections::BTreeSet, io::Write};

use tempfile::NamedTempFile;

use super::*;

fn load(file: Option<&str>, env: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let written = file.map(|text| {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    });
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::load(written.as_ref().map(NamedTempFile::path), env)
}

fn refusal(file: Option<&str>, env: &[(&str, &str)]) -> String {
    load(file, env).unwrap_err().to_string()
}

fn keys_of(table: &toml::Table, prefix: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (name, value) in table {
        match value.as_table() {
            Some(inner) => keys.extend(keys_of(inner, &format!("{prefix}{name}."))),
            None => _ = keys.insert(format!("{prefix}{name}")),
        }
    }
    keys
}

#[test]
fn the_defaults_are_valid_and_hold_exactly_the_settings_there_are() {
    let loaded = load(None, &[]).unwrap();
    let settings: BTreeSet<_> = loaded.entries().unwrap().into_iter().map(|e| e.key).collect();
    assert_eq!(settings, keys_of(&DEFAULT.parse().unwrap(), ""));
    assert_eq!(loaded.origins.keys().cloned().collect::<BTreeSet<_>>(), settings);
    assert!(loaded.origins.values().all(|origin| origin == "default"));
}

#[test]
fn every_key_has_a_comment_in_two_languages_above_it() {
    let mut comment = String::new();
    for line in DEFAULT.lines() {
        if let Some(text) = line.strip_prefix('#') {
            comment.push_str(text);
            continue;
        }
        if line.contains('=') {
            assert!(comment.len() > 40, "{line} has no comment");
            assert!(comment.chars().any(|c| ('一'..='龥').contains(&c)), "{line} has no Chinese gloss");
        }
        comment.clear();
    }
}

#[test]
fn every_number_has_a_range() {
    for (key, default) in keys_with_values() {
        let has_range = rules::RANGES.iter().any(|(known, ..)| *known == key);
        assert_eq!(has_range, default.is_integer(), "{key}");
    }
}

#[test]
fn the_environment_overrides_the_file_and_the_file_the_defaults() {
    let file = "[kafka]\ngroup = \"from-file\"\npartitions = 8\n";
    let env = [("TONGGUAN__KAFKA__GROUP", "from-env"), ("PATH", "/bin")];
    let Loaded { settings, origins } = load(Some(file), &env).unwrap();
    assert_eq!(settings.kafka.group, "from-env");
    assert_eq!(settings.kafka.partitions, 8);
    assert_eq!(settings.batch.rows_max, 98_304);
    assert_eq!(origins["kafka.group"], "env:TONGGUAN__KAFKA__GROUP");
    assert!(origins["kafka.partitions"].starts_with("file:/"));
    assert_eq!(origins["batch.rows_max"], "default");
}

#[test]
fn a_variable_is_read_as_the_type_of_its_key() {
    let env = [
        ("TONGGUAN__KAFKA__GROUP", "0012"),
        ("TONGGUAN__KAFKA__BROKERS", "a:1,b:2"),
        ("TONGGUAN__KAFKA__REPLICATION", "-1"),
        ("TONGGUAN__KAFKA__CREATE_TOPICS", "false"),
        ("TONGGUAN__TIMEZONE", "UTC"),
        ("TONGGUAN__HTTP__LISTEN", ""),
    ];
    let settings = load(None, &env).unwrap().settings;
    assert_eq!(settings.kafka.group, "0012");
    assert_eq!(settings.kafka.brokers, "a:1,b:2");
    assert_eq!(settings.kafka.replication, -1);
    assert!(!settings.kafka.create_topics);
    assert_eq!(settings.timezone.iana_name(), Some("UTC"));
    assert_eq!(settings.http.listen, None);
}

#[test]
fn a_misspelt_key_in_a_file_is_refused_with_the_nearest_right_one() {
    for (text, wrong, right) in [
        ("[kafka]\ngruop = \"x\"", "`kafka.gruop`", "`kafka.group`"),
        ("[kafak]\nbrokers = \"x\"", "`kafak.brokers`", "`kafka.brokers`"),
        ("rows_max = 5", "`rows_max`", "`batch.rows_max`"),
        ("[clickhouse]\ninsert_timeout_ms = 5", "`clickhouse.insert_timeout_ms`", "`clickhouse.insert_timeout_s`"),
        ("[sweeep]", "`sweeep`", "`sweep`"),
    ] {
        let message = refusal(Some(text), &[]);
        assert!(message.contains(&format!("unknown key {wrong}; the nearest")), "{message}");
        assert!(message.contains(&format!("one is {right}")), "{message}");
    }
}

#[test]
fn a_misspelt_variable_is_refused_with_the_nearest_right_one() {
    for (wrong, right) in [
        ("TONGGUAN__KAFKA__GRUOP", "TONGGUAN__KAFKA__GROUP"),
        ("TONGGUAN_KAFKA__GROUP", "TONGGUAN__KAFKA__GROUP"),
        ("TONGGUAN__kafka__group", "TONGGUAN__KAFKA__GROUP"),
        ("TONGGUAN__KAFKA_GROUP", "TONGGUAN__KAFKA__GROUP"),
        ("TONGGUAN__ROWS_MAX", "TONGGUAN__BATCH__ROWS_MAX"),
    ] {
        let message = refusal(None, &[(wrong, "x")]);
        let wanted = format!("unknown variable {wrong}; the nearest right one is {right}");
        assert!(message.contains(&wanted), "{message}");
    }
}

#[test]
fn variables_that_kubernetes_sets_for_a_service_of_our_name_are_none_of_ours() {
    let env = [("TONGGUAN_PORT", "tcp://10.0.0.1:9600"), ("TONGGUAN_SERVICE_HOST", "10.0.0.1")];
    assert!(load(None, &env).is_ok());
}

#[test]
fn a_wrong_type_names_key_source_expected_type_and_value() {
    let message = refusal(Some("[kafka]\npartitions = \"four\""), &[]);
    assert!(message.contains("kafka.partitions (file:/"), "{message}");
    assert!(message.contains("expected a whole number, got \"four\""), "{message}");
    let message = refusal(None, &[("TONGGUAN__KAFKA__CREATE_TOPICS", "yes")]);
    let wanted = "kafka.create_topics (env:TONGGUAN__KAFKA__CREATE_TOPICS): expected true or false, got \"yes\"";
    assert!(message.contains(wanted), "{message}");
    let message = refusal(Some("kafka = 3"), &[]);
    assert!(message.contains("`kafka` is a section, not a value; write [kafka]"), "{message}");
}

#[test]
fn all_faults_are_told_at_once() {
    let file = "[kafka]\ngroupp = \"x\"\npartitions = true\n";
    let message = refusal(Some(file), &[("TONGGUAN__LGO__LEVEL", "info")]);
    assert_eq!(message.lines().count(), 4, "{message}");
    let message = refusal(Some("[kafka]\npartitions = 0\nbrokers = \"here\"\n[log]\nlevel = \"loud\""), &[]);
    assert_eq!(message.lines().count(), 4, "{message}");
}

#[test]
fn a_value_that_cannot_be_used_says_what_to_write() {
    for (name, value, remedy) in [
        ("TONGGUAN__TIMEZONE", "Asia/Miaohang", "such as Asia/Shanghai"),
        ("TONGGUAN__TIMEZONE", "+08:00", "such as Asia/Shanghai"),
        ("TONGGUAN__KAFKA__BROKERS", "a:9092,b", "host:port"),
        ("TONGGUAN__KAFKA__PARTITIONS", "0", "choose from 1 to"),
        ("TONGGUAN__KAFKA__REPLICATION", "0", "write -1"),
        ("TONGGUAN__KAFKA__TOPIC_PREFIX", "a b", "letters, digits"),
        ("TONGGUAN__KAFKA__BROKERS", "me:hunter2@a:9092", "user and password have keys of their own"),
        ("TONGGUAN__KAFKA__BROKERS", "sasl_ssl://a:9092", "host:port"),
        ("TONGGUAN__KAFKA__SECURITY", "ssl", "sasl_tls"),
        ("TONGGUAN__KAFKA__SASL_MECHANISM", "GSSAPI", "SCRAM-SHA-512"),
        ("TONGGUAN__CLICKHOUSE__URL", "localhost:8123", "http://host:port"),
        ("TONGGUAN__CLICKHOUSE__URL", "https://a:8443/?password=hunter2", "user and password have keys of their own"),
        ("TONGGUAN__CLICKHOUSE__DATABASE", "a-b", "letters, digits"),
        ("TONGGUAN__INGEST__EARLIEST", "1990-01-01", "with its offset"),
        ("TONGGUAN__HTTP__LISTEN", "localhost", "such as 127.0.0.1:9600"),
        ("TONGGUAN__RETRY__BACKOFF_MAX_MS", "100", "at least as long"),
        ("TONGGUAN__LOG__FORMAT", "xml", "auto, pretty or json"),
    ] {
        let message = refusal(None, &[(name, value)]);
        assert!(message.contains(&format!("(env:{name})")), "{message}");
        assert!(message.contains(remedy), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_date_without_quotes_is_a_date() {
    let loaded = load(Some("[ingest]\nearliest = 2001-01-01T00:00:00+08:00"), &[]).unwrap();
    assert_eq!(loaded.settings.ingest.earliest, "2000-12-31T16:00:00Z".parse().unwrap());
}

#[test]
fn a_secret_is_never_shown() {
    let loaded = load(Some("[clickhouse]\npassword = \"hunter2\""), &[]).unwrap();
    assert_eq!(loaded.settings.clickhouse.password.expose(), "hunter2");
    let entries = loaded.entries().unwrap();
    assert!(!format!("{loaded:?} {entries:?}").contains("hunter2"));
    let password = entries.iter().find(|e| e.key == "clickhouse.password").unwrap();
    assert_eq!(password.value, "***");
    for broken in [
        "[clickhouse]\npassword = hunter2",
        "[clickhouse]\npassword = \"hunter2",
        "[clickhouse]\npassword = ['hunter2']",
        "[clickhouse]\npasword = \"hunter2\"",
        "[clickhouse]\nurl = \"http://me:hunter2@host\"",
        "[clickhouse]\nurl = [\"http://me:hunter2@host\"]",
        "[clickhouse]\npassword = \"hunter2\"\npassword_file = \"/run/key\"",
    ] {
        let message = refusal(Some(broken), &[]);
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_password_may_stand_in_a_file_of_its_own() {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(b"hun ter2\r\n").unwrap();
    let path = file.path().to_str().unwrap();
    let loaded = load(None, &[("TONGGUAN__CLICKHOUSE__PASSWORD_FILE", path)]).unwrap();
    assert_eq!(loaded.settings.clickhouse.password.expose(), "hun ter2");
    assert_eq!(loaded.origins["clickhouse.password"], format!("file:{path}"));
    let message = refusal(None, &[("TONGGUAN__CLICKHOUSE__PASSWORD_FILE", "/nowhere/password")]);
    assert!(message.contains("cannot read /nowhere/password"), "{message}");
}

#[test]
fn a_file_that_is_not_toml_is_refused_with_its_line() {
    let message = refusal(Some("[kafka]\ngroup = \"a\"\nbrokers\n"), &[]);
    assert!(message.contains(", line 3, column 8: "), "{message}");
    let missing = Settings::load(Some(Path::new("/nowhere/tongguan.toml")), [].into_iter());
    assert!(missing.unwrap_err().to_string().contains("cannot read /nowhere/tongguan.toml"));
}

#[test]
fn the_key_of_pseudonyms_is_kept_in_the_state_folder() {
    let found = |env: &[(&str, &str)]| load(None, env).unwrap().settings.privacy.default_key_file;
    let at_home = Some(PathBuf::from("/home/ops/.local/state/tongguan/privacy.key"));
    assert_eq!(found(&[("HOME", "/home/ops")]), at_home);
    assert_eq!(found(&[("HOME", "/home/ops"), ("XDG_STATE_HOME", "relative")]), at_home);
    let stated = Some(PathBuf::from("/var/state/tongguan/privacy.key"));
    assert_eq!(found(&[("HOME", "/home/ops"), ("XDG_STATE_HOME", "/var/state")]), stated);
    assert_eq!(found(&[]), None);
}

fn keys_with_values() -> Vec<(String, toml::Value)> {
    let table: toml::Table = DEFAULT.parse().unwrap();
    let keys = keys_of(&table, "").into_iter();
    let table = toml::Value::Table(table);
    let value = |key: &str| key.split('.').fold(&table, |inner, name| &inner[name]).clone();
    keys.map(|key| (key.clone(), value(&key))).collect()
}
