//! Kafka: each broker, the topics, the group and where it stands, the stamps on the newest messages.

use std::time::Duration;

use tokio::{net::TcpStream, task::JoinSet, time::timeout};

use super::finding::{DoctorCheck, DoctorFinding};
use crate::{
    cli::setup::Setup,
    domain::time::Millis,
    feed::checkup::{CheckedCluster, CheckedPosition, Checkup, Group, Silent, Topic, TopicSettings, topic_settings},
};

const HOUR_MS: i64 = 3_600_000;
/// A weekend with a broken service has to fit.
const RETENTION_SHORT_MS: i64 = 72 * HOUR_MS;
const STAMP_AHEAD_MS: i64 = 2_000;

pub(super) async fn look(setup: &Setup, patience: Duration, now: impl Fn() -> Millis) -> Vec<DoctorFinding> {
    let wanted: Vec<String> = setup.streams.iter().map(|stream| stream.topic.to_string()).collect();
    let (connection, names) = (setup.connection(), wanted.clone());
    let asked = blocking(patience * 2, move || {
        let inquiry = Checkup::new(&connection, patience)?;
        let cluster = inquiry.cluster(&names)?;
        Ok((inquiry, cluster))
    });
    let (inquiry, cluster) = match asked.await {
        Ok(answered) => answered,
        Err(reason) => return vec![away(&setup.settings.kafka.brokers, &reason)],
    };
    let connection = setup.connection();
    let settings = timeout(patience, topic_settings(&connection, &cluster.topics, patience));
    let (deaf, settings) = tokio::join!(unreachable(&cluster.brokers, patience), settings);
    let settings = settings.ok().and_then(Result::ok).unwrap_or_default();
    let mut findings = vec![brokers(&cluster.brokers, &deaf)];
    findings.extend(topics(&wanted, setup.settings.kafka.create_topics, &cluster, &settings));
    let asked = blocking(patience * 4, move || {
        let group = inquiry.group()?;
        let positions = inquiry.positions(&cluster.topics)?;
        Ok((group, positions, inquiry.newest_stamp(&cluster.topics)?))
    });
    match asked.await {
        Ok((found, positions, stamp)) => {
            findings.push(group(&setup.settings.kafka.group, found.as_ref(), &positions));
            findings.extend(stamp.map(|stamp| stamped(Millis(stamp), now())));
        }
        Err(reason) => findings.push(DoctorFinding::no(
            DoctorCheck::Group,
            reason,
            "检查账号对消费组和主题的权限（ACL: READ、DESCRIBE）",
            "look at what the account may do with the group and the topics (ACLs: READ, DESCRIBE)",
        )),
    }
    findings
}

/// On a thread that may wait; its own patience ends it, and ours if that fails.
async fn blocking<T: Send + 'static>(
    patience: Duration,
    ask: impl FnOnce() -> Result<T, Silent> + Send + 'static,
) -> Result<T, String> {
    let asked: Result<_, _> = timeout(patience, tokio::task::spawn_blocking(ask)).await;
    match asked {
        Ok(Ok(answer)) => answer.map_err(|silent| silent.to_string()),
        Ok(Err(panicked)) => Err(panicked.to_string()),
        Err(_) => Err(format!("no answer within {} s", patience.as_secs())),
    }
}

/// Those of `host:port` that take no connection.
async fn unreachable(brokers: &[String], patience: Duration) -> Vec<String> {
    let mut tries = JoinSet::new();
    for broker in brokers.iter().cloned() {
        tries.spawn(async move {
            let reached = timeout(patience, connect(broker.clone())).await.is_ok_and(|reached| reached);
            (!reached).then_some(broker)
        });
    }
    let mut deaf: Vec<String> = tries.join_all().await.into_iter().flatten().collect();
    deaf.sort();
    deaf
}

async fn connect(broker: String) -> bool {
    TcpStream::connect(broker).await.is_ok()
}

fn away(brokers: &str, reason: &str) -> DoctorFinding {
    DoctorFinding::no(
        DoctorCheck::Brokers,
        format!("{brokers}: {reason}"),
        "检查 Kafka 是否在运行、kafka.brokers 与安全设置是否正确、防火墙是否放行",
        "is Kafka running, are kafka.brokers and its security settings right, does a firewall let us through?",
    )
}

fn brokers(all: &[String], deaf: &[String]) -> DoctorFinding {
    let said = all.join(", ");
    if deaf.is_empty() {
        return DoctorFinding::yes(DoctorCheck::Brokers, said);
    }
    let said = format!("{said}; no connection to {}", deaf.join(", "));
    let (zh, en) = (
        "本机须能连到集群公布的每个节点：检查 advertised.listeners、域名解析和防火墙",
        "this machine must reach every broker that the cluster advertises: advertised.listeners, names, firewall",
    );
    if deaf.len() == all.len() {
        DoctorFinding::no(DoctorCheck::Brokers, said, zh, en)
    } else {
        DoctorFinding::warn(DoctorCheck::Brokers, said, zh, en)
    }
}

fn topics(
    wanted: &[String],
    may_create: bool,
    cluster: &CheckedCluster,
    settings: &[TopicSettings],
) -> Vec<DoctorFinding> {
    let unknown = TopicSettings::default();
    let found = |name: &String| {
        let place = cluster.topics.iter().position(|topic| topic.name == *name);
        match place {
            Some(place) => topic(&cluster.topics[place], settings.get(place).unwrap_or(&unknown)),
            None if may_create => DoctorFinding::warn(
                DoctorCheck::Topics,
                format!("{name}: not there (or hidden from this account)"),
                "run 启动时会自动创建",
                "`run` makes it when it starts",
            ),
            None => DoctorFinding::no(
                DoctorCheck::Topics,
                format!("{name}: not there (or hidden from this account)"),
                "请主题管理方建好该主题，或打开 kafka.create_topics",
                "have it made by those who own the topics, or switch kafka.create_topics on",
            ),
        }
    };
    wanted.iter().map(found).collect()
}

fn topic(topic: &Topic, settings: &TopicSettings) -> DoctorFinding {
    let check = DoctorCheck::Topics;
    let min = settings.min_insync_replicas;
    let said = format!(
        "{}: {} partitions, {} of {} replicas in sync (least {}), {}",
        topic.name,
        topic.partitions.len(),
        topic.in_sync,
        topic.replicas,
        min.map_or("?".to_owned(), |min| min.to_string()),
        kept(settings.retention_ms)
    );
    if !topic.leaderless.is_empty() {
        let said = format!("{said}; partitions without a leader: {:?}", topic.leaderless);
        return DoctorFinding::no(
            check,
            said,
            "恢复持有这些分区的节点",
            "bring back the brokers that hold these partitions",
        );
    }
    if settings.cleanup_policy.as_deref().is_some_and(|policy| policy.contains("compact")) {
        return DoctorFinding::no(
            check,
            format!("{said}, compacted"),
            "cleanup.policy 须为 delete：压缩会删掉同一案件较早的消息",
            "cleanup.policy must be delete: compaction removes the earlier messages of a case",
        );
    }
    if min.is_some_and(|min| topic.in_sync < min) {
        return DoctorFinding::no(
            check,
            said,
            "同步副本不足，发送会被拒绝：检查落后的节点",
            "too few replicas are in sync, so sending is refused: look at the brokers that lag behind",
        );
    }
    if settings.retention_ms.is_some_and(|kept| (0..RETENTION_SHORT_MS).contains(&kept)) {
        return DoctorFinding::warn(
            check,
            said,
            "保留时间短于三天：停机一个周末就可能丢消息，调大 retention.ms",
            "kept for less than three days: a weekend's outage may lose messages. Raise retention.ms",
        );
    }
    DoctorFinding::yes(check, said)
}

fn kept(retention_ms: Option<i64>) -> String {
    match retention_ms {
        None => "kept for ?".to_owned(),
        Some(ms) if ms < 0 => "kept for ever".to_owned(),
        Some(ms) => format!("kept for {} h", ms / HOUR_MS),
    }
}

fn group(name: &str, found: Option<&Group>, positions: &[CheckedPosition]) -> DoctorFinding {
    let check = DoctorCheck::Group;
    let committed = positions.iter().filter(|one| one.committed.is_some()).count();
    let waiting: i64 = positions.iter().map(|one| (one.high - one.committed.unwrap_or(one.low)).max(0)).sum();
    let state = found.map_or("no member".to_owned(), |group| format!("{}, {} members", group.state, group.members));
    let said =
        format!("{name}: {state}; {committed} of {} partitions committed, {waiting} messages wait", positions.len());
    let place =
        |one: &CheckedPosition| format!("{}/{} at {}", one.topic, one.partition, one.committed.unwrap_or_default());
    let lost: Vec<String> =
        positions.iter().filter(|one| one.committed.is_some_and(|next| next < one.low)).map(place).collect();
    let beyond: Vec<String> =
        positions.iter().filter(|one| one.committed.is_some_and(|next| next > one.high)).map(place).collect();
    if !beyond.is_empty() {
        let said = format!("{said}; behind the end of the topic: {}", beyond.join(", "));
        return DoctorFinding::no(
            check,
            said,
            "主题被重建过：见 docs/operations.md“主题重建”",
            "the topic was made anew: see docs/operations.md, \"A topic was deleted and made anew\"",
        );
    }
    if !lost.is_empty() {
        let said = format!("{said}; before the start of the topic: {}", lost.join(", "));
        return DoctorFinding::no(
            check,
            said,
            "未读消息已被保留策略删除：见 docs/operations.md“越界”",
            "retention deleted what was not read: see docs/operations.md, \"Out of range\"",
        );
    }
    DoctorFinding::yes(check, said)
}

/// An old stamp means a quiet topic; one from the future a wrong clock.
fn stamped(newest: Millis, now: Millis) -> DoctorFinding {
    let ahead = newest.since(now);
    if ahead > STAMP_AHEAD_MS {
        return DoctorFinding::warn(
            DoctorCheck::KafkaClock,
            format!("the newest message is stamped {:.1} s ahead of this machine", ahead as f64 / 1e3),
            "校准发送方或 Kafka 节点的时钟（NTP）",
            "set the clock of the sender or of the broker right (NTP)",
        );
    }
    DoctorFinding::yes(DoctorCheck::KafkaClock, format!("the newest message is {} s old", -ahead / 1000))
}

#[cfg(test)]
mod tests {
    use super::{super::finding::DoctorVerdict, *};

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn one_broker_of_some_may_be_away_but_not_all() {
        let all = names(&["a:1", "b:1"]);
        for (deaf, verdict) in
            [(&[][..], DoctorVerdict::Yes), (&["b:1"], DoctorVerdict::Warn), (&["a:1", "b:1"], DoctorVerdict::No)]
        {
            assert_eq!(brokers(&all, &names(deaf)).verdict, verdict, "{deaf:?}");
        }
    }

    #[test]
    fn a_topic_that_is_missing_is_made_or_asked_for() {
        let found = |may_create| topics(&names(&["t"]), may_create, &CheckedCluster::default(), &[]).remove(0).verdict;
        assert_eq!((found(true), found(false)), (DoctorVerdict::Warn, DoctorVerdict::No));
    }

    #[test]
    fn a_topic_must_have_leaders_enough_copies_no_compaction_and_time() {
        let good = Topic { name: "t".into(), partitions: vec![0, 1], leaderless: vec![], replicas: 3, in_sync: 3 };
        let settings = |min, retention_ms, policy: &str| TopicSettings {
            min_insync_replicas: Some(min),
            retention_ms: Some(retention_ms),
            cleanup_policy: Some(policy.to_owned()),
        };
        for (found, set, verdict) in [
            (good.clone(), settings(2, -1, "delete"), DoctorVerdict::Yes),
            (good.clone(), TopicSettings::default(), DoctorVerdict::Yes),
            (good.clone(), settings(2, RETENTION_SHORT_MS, "delete"), DoctorVerdict::Yes),
            (good.clone(), settings(2, RETENTION_SHORT_MS - 1, "delete"), DoctorVerdict::Warn),
            (good.clone(), settings(2, -1, "compact,delete"), DoctorVerdict::No),
            (Topic { in_sync: 1, ..good.clone() }, settings(2, -1, "delete"), DoctorVerdict::No),
            (Topic { leaderless: vec![1], ..good }, settings(2, -1, "delete"), DoctorVerdict::No),
        ] {
            assert_eq!(topic(&found, &set).verdict, verdict, "{found:?} {set:?}");
        }
    }

    #[test]
    fn a_group_stands_within_its_topics() {
        let at = |committed| CheckedPosition { topic: "t".into(), partition: 0, committed, low: 10, high: 20 };
        for (committed, verdict) in [
            (None, DoctorVerdict::Yes),
            (Some(10), DoctorVerdict::Yes),
            (Some(20), DoctorVerdict::Yes),
            (Some(9), DoctorVerdict::No),
            (Some(21), DoctorVerdict::No),
        ] {
            assert_eq!(group("g", None, &[at(committed)]).verdict, verdict, "{committed:?}");
        }
        assert!(group("g", None, &[at(None), at(Some(15))]).found.contains("15 messages wait"));
    }

    #[test]
    fn a_message_from_the_future_is_said() {
        assert_eq!(stamped(Millis(12_000), Millis(10_000)).verdict, DoctorVerdict::Yes);
        assert_eq!(stamped(Millis(12_001), Millis(10_000)).verdict, DoctorVerdict::Warn);
        assert_eq!(stamped(Millis(-999_999), Millis(10_000)).verdict, DoctorVerdict::Yes);
    }
}
