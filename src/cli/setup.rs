//! From the configuration to the parts: where ClickHouse and Kafka are, which streams there are, which key.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use smol_str::SmolStr;

use super::{connections, declared, event_types, feeder, usage::usage};
use crate::{
    ask::{
        GroupNames,
        unclear::{STREAM, no_such},
    },
    config::{
        ConfigError, Loaded, Problem, Settings, environment, names,
        streams::{self, StreamFile},
    },
    domain::{
        rules::{Limits, Rules},
        stream::Stream,
        time::Millis,
    },
    feed::{
        cluster::Cluster,
        connection::Connection,
        debezium::ChangeMappings,
        decode,
        inlet::{Inlet, InletPlan},
        privacy::Key,
        topics,
    },
    health::Health,
    pipeline::{clock, retry::Retry},
    store::{Store, client::Address, kpi::Dimension},
};

/// The configuration, loaded and checked.
#[derive(Debug, Clone)]
pub struct Setup {
    pub settings: Settings,
    /// Where each of them came from.
    pub origins: BTreeMap<String, String>,
    pub streams: Vec<Arc<Stream>>,
    /// What their files say besides: names, dimensions, rates.
    pub files: Vec<StreamFile>,
    /// What cases are judged by where no event states a due.
    pub limits: Arc<Limits>,
    /// By what changes of a platform's table are read, of the streams that are fed so.
    pub changes: Arc<ChangeMappings>,
}

/// By what the cases of each stream are folded under some limits.
pub fn rules_of(streams: &[Arc<Stream>], limits: &Arc<Limits>) -> HashMap<SmolStr, Rules> {
    let rules = |stream: &Arc<Stream>| Rules::new(Arc::clone(stream), Arc::clone(limits));
    streams.iter().map(|stream| (stream.name.clone(), rules(stream))).collect()
}

impl Setup {
    pub fn load(config_file: Option<&Path>) -> anyhow::Result<Self> {
        let Loaded { settings, origins } = Settings::load(config_file, environment())?;
        connections::check_keys(&settings, &origins)?;
        super::figures::adopt(&settings)?;
        let files = streams::load(settings.streams.dir.as_deref(), &settings.streams.built_in, &event_types())?;
        let streams = files.iter().map(|file| declared::stream(file, &settings.kafka.topic_prefix).map(Arc::new));
        let streams = streams.collect::<anyhow::Result<Vec<_>>>()?;
        let limits = declared::limits(&settings)?;
        let changes = Arc::new(declared::changes(&files)?);
        let setup = Self { settings, origins, streams, files, limits, changes };
        if let Some(topic) = setup.rejected_topic()
            && setup.streams.iter().any(|stream| stream.topic == topic)
        {
            let what = format!("{topic} is a stream's topic: what is refused would be taken, and refused, again");
            let problem = Problem::new("kafka.rejected_topic", what, "name a topic of its own");
            return Err(ConfigError::Invalid(vec![problem]).into());
        }
        Ok(setup)
    }

    pub fn stream(&self, name: &str) -> anyhow::Result<&Arc<Stream>> {
        self.streams.iter().find(|stream| stream.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.streams.iter().map(|stream| stream.name.as_str()).collect();
            no_such(STREAM, name, &names).into()
        })
    }

    /// The one that is named, or the only one that there is.
    pub fn stream_or_only(&self, name: Option<&str>) -> anyhow::Result<&Arc<Stream>> {
        match (name, &self.streams[..]) {
            (Some(name), _) => self.stream(name),
            (None, [only]) => Ok(only),
            (None, all) => {
                let names: Vec<&str> = all.iter().map(|stream| stream.name.as_str()).collect();
                Err(usage(format!("which stream? give --stream and one of: {}", names.join(", "))).into())
            }
        }
    }

    /// By what the cases of each stream are folded.
    pub fn rules(&self) -> HashMap<SmolStr, Rules> {
        self.rules_under(&self.limits)
    }

    /// By what they would be folded under other limits.
    pub fn rules_under(&self, limits: &Arc<Limits>) -> HashMap<SmolStr, Rules> {
        rules_of(&self.streams, limits)
    }

    /// Whether the stream would take what this program puts on its topic; `source` where all of it is one's.
    pub fn may_feed(&self, stream: &Stream, source: Option<&str>) -> Result<(), ConfigError> {
        Ok(feeder::check(stream, &self.settings.kafka.feeder, source)?)
    }

    /// How a command waits for ClickHouse; `run` shows its own health.
    pub fn retry(&self) -> Retry {
        let pause = Duration::from_millis;
        let settings = &self.settings.retry;
        Retry::new(pause(settings.backoff_min_ms), pause(settings.backoff_max_ms), Health::default())
    }

    pub fn store(&self) -> anyhow::Result<Store> {
        self.store_in(&self.settings.clickhouse.database)
    }

    pub fn store_in(&self, database: &str) -> anyhow::Result<Store> {
        let at = &self.settings.clickhouse;
        Ok(Store::new(Address {
            url: at.url.clone(),
            tls: at.tls(),
            database: database.to_owned(),
            user: at.user.clone(),
            password: at.password.expose().to_owned(),
            insert_timeout: Duration::from_secs(at.insert_timeout_s),
            query_timeout: Duration::from_secs(at.query_timeout_s),
            lookup_timeout: Duration::from_secs(at.lookup_timeout_s),
        })?)
    }

    /// The codes of a grouping as the names file and the streams' files call them, besides what the cases say.
    pub async fn group_names(&self, group_by: &[Dimension], store: &Store) -> anyhow::Result<GroupNames> {
        if group_by.is_empty() {
            return Ok(GroupNames::default());
        }
        Ok(GroupNames::read(group_by, store, self.names_of()?).await?)
    }

    /// Names by the code, of a dimension.
    pub fn names_of(&self) -> Result<impl Fn(Dimension) -> BTreeMap<String, String> + use<>, ConfigError> {
        let file = names::load(self.settings.names.file.as_deref())?;
        let titles = |file: &StreamFile| (file.name.clone(), file.title.zh.clone());
        let streams: BTreeMap<String, String> = self.files.iter().map(titles).collect();
        Ok(move |dimension: Dimension| match dimension {
            Dimension::Stream => streams.clone(),
            _ if !dimension.fixed().is_empty() => {
                dimension.fixed().iter().map(|value| (value.name.to_owned(), value.zh.to_owned())).collect()
            }
            _ => file.in_chinese(dimension.name()),
        })
    }

    pub fn connection(&self) -> Connection {
        connections::reader(&self.settings)
    }

    pub fn cluster(&self) -> Cluster {
        connections::cluster(&self.settings.kafka)
    }

    /// What takes events one by one and answers each.
    pub fn inlet(&self) -> anyhow::Result<Inlet> {
        let settings = &self.settings.inlet;
        let plan = InletPlan {
            limits: self.times(),
            remembered: settings.remembered,
            ack_timeout: Duration::from_secs(settings.ack_timeout_s),
            now: clock::now,
        };
        Ok(Inlet::new(&self.cluster(), Key::of_this_process()?, plan)?)
    }

    /// Where it is told what was refused.
    pub fn rejected_topic(&self) -> Option<String> {
        let kafka = &self.settings.kafka;
        (!kafka.rejected_topic.is_empty()).then(|| format!("{}{}", kafka.topic_prefix, kafka.rejected_topic))
    }

    /// Creates the streams' topics where they are missing and this is allowed.
    pub async fn ensure_topics(&self) -> anyhow::Result<()> {
        let kafka = &self.settings.kafka;
        if kafka.create_topics {
            let rejected = self.rejected_topic();
            let streams = self.streams.iter().map(|stream| stream.topic.as_str());
            let names: Vec<&str> = streams.chain(rejected.as_deref()).collect();
            topics::ensure(&self.cluster(), &names, kafka.partitions, kafka.replication).await?;
        }
        Ok(())
    }

    /// The privacy key: a file that somebody gave, or one that is made on first use and kept.
    pub fn key(&self) -> anyhow::Result<Key> {
        let privacy = &self.settings.privacy;
        match (&privacy.key_file, &privacy.default_key_file) {
            (Some(path), _) => Key::read(path).with_context(|| format!("privacy.key_file {}", path.display())),
            (None, Some(path)) => Key::read_or_create(path).with_context(|| format!("privacy key {}", path.display())),
            (None, None) => {
                bail!("no privacy key: set privacy.key_file, or XDG_STATE_HOME or HOME for a key made here")
            }
        }
    }

    pub fn times(&self) -> decode::TimeLimits {
        decode::TimeLimits {
            earliest: Millis(self.settings.ingest.earliest.as_millisecond()),
            future_max_ms: self.settings.ingest.future_max_s as i64 * 1000,
        }
    }
}
