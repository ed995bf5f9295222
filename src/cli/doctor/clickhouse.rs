//! ClickHouse: is it there, does it let us in, may we do what we have to, and has it room and the right time.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

use super::{
    finding::{DoctorCheck, DoctorFinding},
    machine,
};
use crate::{
    cli::setup::Setup,
    domain::time::Millis,
    store::{
        StoreError, migrate,
        migration_step::MigrationStep,
        server::{self, Disk, Need, ServerSetting},
    },
};

const GIB: u64 = 1 << 30;
/// The version that the tests run against, without its patch.
const TESTED: (u32, u32) = (26, 7);

/// Settings of the account by which our statements would fail: the least that is needed; 0 is without limit.
const LEAST: &[(&str, u64)] = &[
    ("max_query_size", 262_144),
    ("max_memory_usage", GIB),
    ("max_partitions_per_insert_block", 2),
    ("max_rows_to_read", u64::MAX),
    ("max_bytes_to_read", u64::MAX),
    ("max_result_rows", u64::MAX),
    ("max_concurrent_queries_for_user", 8),
];
/// Not a limit: anything but 0 forbids us to write.
const READONLY: &str = "readonly";

pub(super) async fn look(setup: &Setup, patience: Duration, now: impl Fn() -> Millis) -> Vec<DoctorFinding> {
    let url = &setup.settings.clickhouse.url;
    let store = match setup.store() {
        Ok(store) => store,
        Err(error) => return vec![away(&format!("{error:#}"))],
    };
    let before = now();
    let found = match asked(patience, server::server(&store)).await {
        Ok(found) => found,
        Err(Trouble::Late) => return vec![away(&format!("{url}: no answer within {} s", patience.as_secs()))],
        Err(Trouble::Said(error)) => return vec![refused(&error)],
    };
    // The answer was made about half-way.
    let ours = before.plus(now().since(before) / 2);
    let zones = [setup.settings.zone_name(), "Asia/Shanghai"];
    let names: Vec<&str> = LEAST.iter().map(|(name, _)| *name).chain([READONLY]).collect();
    let schema = async {
        migrate::check(&store).await?;
        migrate::plan(&store).await
    };
    let schema = asked(patience, schema).await;
    let is_current = schema.is_ok();
    let findings = [
        Ok(version(url, &found.version)),
        asked(patience, server::missing_rights(&store)).await.map(|missing| rights(&missing, is_current)),
        schema.map(|open| stands(&open)).or_else(no_schema),
        asked(patience, server::unknown_zones(&store, &zones)).await.map(|unknown| known(&found.zone, &unknown)),
        asked(patience, server::settings(&store, &names)).await.map(|settings| limits(&settings)),
        Ok(machine::clock(DoctorCheck::ServerClock, ours, found.now)),
    ];
    let checks = [
        DoctorCheck::Server,
        DoctorCheck::Rights,
        DoctorCheck::Schema,
        DoctorCheck::Zones,
        DoctorCheck::Limits,
        DoctorCheck::ServerClock,
    ];
    let mut findings: Vec<DoctorFinding> = checks
        .into_iter()
        .zip(findings)
        .map(|(check, found)| found.unwrap_or_else(|why| unanswered(check, why)))
        .collect();
    match asked(patience, server::disks(&store)).await {
        Ok(found) => findings.extend(found.iter().map(disk)),
        Err(why) => findings.push(unanswered(DoctorCheck::ServerDisk, why)),
    }
    findings
}

enum Trouble {
    Late,
    Said(StoreError),
}

async fn asked<T>(patience: Duration, ask: impl Future<Output = Result<T, StoreError>>) -> Result<T, Trouble> {
    timeout(patience, ask).await.map_err(|_| Trouble::Late)?.map_err(Trouble::Said)
}

fn away(reason: &str) -> DoctorFinding {
    DoctorFinding::no(
        DoctorCheck::Server,
        reason,
        "检查 ClickHouse 是否在运行、clickhouse.url 是否正确、防火墙是否放行",
        "is ClickHouse running, is clickhouse.url right, does a firewall let us through?",
    )
}

fn refused(error: &StoreError) -> DoctorFinding {
    match error {
        StoreError::Denied { .. } => DoctorFinding::no(
            DoctorCheck::Server,
            error.to_string(),
            "核对 clickhouse.user 与 clickhouse.password / password_file",
            "look at clickhouse.user and clickhouse.password or password_file",
        ),
        _ => away(&error.to_string()),
    }
}

/// What a question that came to nothing says; the account may lack a right to ask it.
fn unanswered(check: DoctorCheck, why: Trouble) -> DoctorFinding {
    let found = match why {
        Trouble::Late => "no answer in time".to_owned(),
        Trouble::Said(error) => error.to_string(),
    };
    DoctorFinding::warn(
        check,
        found,
        "未能查询；请用有 system 库读权限的账号再查一次",
        "could not be asked; try again with an account that may read the system database",
    )
}

/// By its first two numbers, so that 26.7 and later are taken as known.
fn version(url: &str, text: &str) -> DoctorFinding {
    let mut numbers = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let said = format!("{url}, version {text}");
    if found >= TESTED {
        return DoctorFinding::yes(DoctorCheck::Server, said);
    }
    DoctorFinding::warn(
        DoctorCheck::Server,
        said,
        format!("低于测试所用的 {}.{}：升级前请先在测试环境验证", TESTED.0, TESTED.1),
        format!("older than {}.{}, which the tests use: try it out before you rely on it", TESTED.0, TESTED.1),
    )
}

/// Who only runs needs no right to migrate, as long as there is nothing to migrate.
fn rights(missing: &[(Need, String)], is_current: bool) -> DoctorFinding {
    let check = DoctorCheck::Rights;
    if missing.is_empty() {
        return DoctorFinding::yes(check, "run, migrate, and kpi --known-by and whatif");
    }
    let list = |needs: &[Need]| {
        let rights = missing.iter().filter(|(need, _)| needs.contains(need)).map(|(_, right)| right.as_str());
        rights.collect::<Vec<_>>().join("; ")
    };
    let said = format!(
        "missing: {}",
        missing.iter().map(|(need, right)| format!("{right} ({})", needed_by(*need))).collect::<Vec<_>>().join("; ")
    );
    let hard = if is_current { vec![Need::Run] } else { vec![Need::Run, Need::Migrate] };
    let grant = format!("GRANT {} TO …", list(&[Need::Run, Need::Migrate, Need::Scratch]));
    if missing.iter().any(|(need, _)| hard.contains(need)) {
        return DoctorFinding::no(check, said, grant.clone(), grant);
    }
    DoctorFinding::warn(
        check,
        said,
        format!("升级或复算时才需要：{grant}"),
        format!("only needed to upgrade, or by those commands: {grant}"),
    )
}

fn needed_by(need: Need) -> &'static str {
    match need {
        Need::Run => "run",
        Need::Migrate => "migrate",
        Need::Scratch => "kpi --known-by, whatif",
    }
}

/// The tables are ours; what is open is about views.
fn stands(open: &[MigrationStep]) -> DoctorFinding {
    if open.is_empty() {
        return DoctorFinding::yes(DoctorCheck::Schema, "tables and views as this program defines them");
    }
    let names: Vec<&str> = open.iter().map(|step| step.name.as_str()).collect();
    DoctorFinding::warn(
        DoctorCheck::Schema,
        format!("views of another release: {}", names.join(", ")),
        "运行 tongguan migrate 安装本版本的视图",
        "run `tongguan migrate`, which installs the views of this release",
    )
}

fn no_schema(why: Trouble) -> Result<DoctorFinding, Trouble> {
    match why {
        Trouble::Said(error @ StoreError::NoSchema { .. }) => Ok(DoctorFinding::no(
            DoctorCheck::Schema,
            error.to_string(),
            "运行 tongguan migrate",
            "run `tongguan migrate`",
        )),
        Trouble::Said(error @ StoreError::Migration(_)) => Ok(DoctorFinding::no(
            DoctorCheck::Schema,
            error.to_string(),
            "使用与表结构一致的程序版本",
            "use the version of the program that fits the schema",
        )),
        other => Err(other),
    }
}

fn known(zone: &str, unknown: &[String]) -> DoctorFinding {
    if unknown.is_empty() {
        return DoctorFinding::yes(
            DoctorCheck::Zones,
            format!("the server's own is {zone}; columns and questions state theirs"),
        );
    }
    DoctorFinding::no(
        DoctorCheck::Zones,
        format!("unknown to ClickHouse: {}", unknown.join(", ")),
        "为 ClickHouse 服务器安装 tzdata",
        "install tzdata where ClickHouse runs",
    )
}

fn limits(found: &[ServerSetting]) -> DoctorFinding {
    let least = |name: &str| LEAST.iter().find(|(known, _)| *known == name).map_or(0, |(_, least)| *least);
    let hurts = |one: &&ServerSetting| match one.name.as_str() {
        READONLY => one.value != 0,
        name => one.value != 0 && one.value < least(name),
    };
    let hurting: Vec<String> = found.iter().filter(hurts).map(|one| format!("{} = {}", one.name, one.value)).collect();
    if hurting.is_empty() {
        return DoctorFinding::yes(
            DoctorCheck::Limits,
            "none that would be in our way; async_insert is switched off for each insert",
        );
    }
    let (zh, en) = (
        "在该账号的 settings profile 中放宽这些限额（0 为不限）",
        "loosen these in the settings profile of the account (0 is without limit)",
    );
    if found.iter().any(|one| one.name == READONLY && one.value != 0) {
        return DoctorFinding::no(DoctorCheck::Limits, hurting.join(", "), zh, en);
    }
    DoctorFinding::warn(DoctorCheck::Limits, hurting.join(", "), zh, en)
}

fn disk(disk: &Disk) -> DoctorFinding {
    if disk.is_unusable != 0 {
        return DoctorFinding::no(
            DoctorCheck::ServerDisk,
            format!("{}: broken or read-only", disk.name),
            "修复 ClickHouse 的磁盘",
            "mend the disk of ClickHouse",
        );
    }
    // Remote storage has no end.
    let free = if disk.total == 0 { u64::MAX } else { disk.free.saturating_sub(disk.kept) };
    machine::room(DoctorCheck::ServerDisk, &disk.name, free, GIB, 5 * GIB)
}

#[cfg(test)]
mod tests {
    use super::{super::finding::DoctorVerdict, *};

    #[test]
    fn a_version_older_than_the_tested_one_is_said() {
        for (text, verdict) in [
            ("26.7.2.1", DoctorVerdict::Yes),
            ("26.10.1.1", DoctorVerdict::Yes),
            ("27.1.1", DoctorVerdict::Yes),
            ("26.6.9.9", DoctorVerdict::Warn),
            ("24.8", DoctorVerdict::Warn),
            ("?", DoctorVerdict::Warn),
        ] {
            assert_eq!(version("http://c", text).verdict, verdict, "{text}");
        }
    }

    #[test]
    fn a_right_that_run_needs_must_be_there_and_one_of_migrate_only_before_an_upgrade() {
        let run = (Need::Run, "INSERT ON t.*".to_owned());
        let migrate = (Need::Migrate, "CREATE TABLE ON t.*".to_owned());
        let scratch = (Need::Scratch, "DROP DATABASE ON t_scratch.*".to_owned());
        for (missing, is_current, verdict) in [
            (vec![], true, DoctorVerdict::Yes),
            (vec![run], true, DoctorVerdict::No),
            (vec![migrate.clone()], true, DoctorVerdict::Warn),
            (vec![migrate], false, DoctorVerdict::No),
            (vec![scratch], false, DoctorVerdict::Warn),
        ] {
            assert_eq!(rights(&missing, is_current).verdict, verdict, "{missing:?}");
        }
    }

    #[test]
    fn a_limit_that_is_in_our_way_is_named() {
        for (name, value, verdict) in [
            ("max_query_size", 262_144, DoctorVerdict::Yes),
            ("max_query_size", 1_000, DoctorVerdict::Warn),
            ("max_memory_usage", 0, DoctorVerdict::Yes),
            ("max_memory_usage", 1_000_000, DoctorVerdict::Warn),
            ("max_rows_to_read", 1_000_000_000, DoctorVerdict::Warn),
            ("readonly", 0, DoctorVerdict::Yes),
            ("readonly", 2, DoctorVerdict::No),
        ] {
            let found = limits(&[ServerSetting { name: name.to_owned(), value }]);
            assert_eq!(found.verdict, verdict, "{name} = {value}: {}", found.found);
        }
    }

    #[test]
    fn what_the_server_keeps_free_is_not_ours_and_remote_storage_has_no_end() {
        let of = |free, total, kept, is_unusable| Disk { name: "d".into(), free, total, kept, is_unusable };
        for (found, verdict) in [
            (of(9 * GIB, 99 * GIB, 0, 0), DoctorVerdict::Yes),
            (of(9 * GIB, 99 * GIB, 6 * GIB, 0), DoctorVerdict::Warn),
            (of(GIB - 1, 99 * GIB, 0, 0), DoctorVerdict::No),
            (of(0, 0, 0, 0), DoctorVerdict::Yes),
            (of(9 * GIB, 99 * GIB, 0, 1), DoctorVerdict::No),
        ] {
            assert_eq!(disk(&found).verdict, verdict, "{found:?}");
        }
    }

    #[test]
    fn views_of_another_release_are_named() {
        assert_eq!(stands(&[]).verdict, DoctorVerdict::Yes);
        let finding = stands(&crate::store::views::steps(&[]));
        assert_eq!(finding.verdict, DoctorVerdict::Warn);
        assert!(finding.found.contains("cases_at, kpi_flags"), "{}", finding.found);
    }

    #[test]
    fn a_schema_that_is_missing_or_newer_says_what_to_do() {
        let missing = StoreError::NoSchema { code: 60, detail: "no".into() };
        let todo = |error| no_schema(Trouble::Said(error)).ok().unwrap().todo.unwrap().en;
        assert!(todo(missing).contains("tongguan migrate"));
        assert!(todo(StoreError::Migration("newer".into())).contains("version"));
        assert!(no_schema(Trouble::Late).is_err());
    }
}
