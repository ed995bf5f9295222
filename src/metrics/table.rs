//! The one list of metrics: name, unit, labels and help of each.

use metrics::Unit;

pub(super) const MESSAGES: &str = "tongguan_messages_received_total";
pub(super) const EVENTS: &str = "tongguan_events_total";
pub(super) const QUARANTINED: &str = "tongguan_quarantined_total";
pub(super) const REJECTIONS_UNTOLD: &str = "tongguan_rejections_untold_total";
pub(super) const UNKNOWN_FIELDS: &str = "tongguan_unknown_fields_total";
pub(super) const AHEAD: &str = "tongguan_ahead_of_time_total";
pub(super) const DUPLICATES: &str = "tongguan_duplicates_total";
pub(super) const CONFLICTS: &str = "tongguan_conflicts_total";
pub(super) const OUT_OF_ORDER: &str = "tongguan_out_of_order_total";
pub(super) const SCRUBBED: &str = "tongguan_scrubbed_items_total";
pub(super) const BATCH_ROWS: &str = "tongguan_batch_rows";
pub(super) const STAGE_SECONDS: &str = "tongguan_stage_seconds";
pub(super) const CLICKHOUSE_ERRORS: &str = "tongguan_clickhouse_errors_total";
pub(super) const CLICKHOUSE_UP: &str = "tongguan_clickhouse_up";
pub(super) const PAUSED: &str = "tongguan_paused";
pub(super) const LAG: &str = "tongguan_consumer_lag_messages";
pub(super) const LAST_COMMIT: &str = "tongguan_last_commit_timestamp_seconds";
pub(super) const VISIBLE_DELAY: &str = "tongguan_visible_delay_seconds";
pub(super) const LOOKED_UP: &str = "tongguan_cases_looked_up_total";
pub(super) const HELD: &str = "tongguan_memory_held_bytes";
pub(super) const MEMORY_MAX: &str = "tongguan_memory_max_bytes";
pub(super) const SPLIT: &str = "tongguan_split_cases_total";
pub(super) const BEHIND: &str = "tongguan_cases_behind";
pub(super) const SWEPT: &str = "tongguan_swept_cases_total";
pub(super) const REBALANCES: &str = "tongguan_rebalances_total";
pub(super) const READY: &str = "tongguan_ready";
pub(super) const STUCK: &str = "tongguan_partition_stuck";
pub(super) const BROKERS: &str = "tongguan_kafka_brokers_connected";
pub(super) const UNREADABLE: &str = "tongguan_unreadable_total";
pub(super) const GAP_MESSAGES: &str = "tongguan_gap_messages_total";
pub(super) const COMMIT_REFUSED: &str = "tongguan_commit_refused_total";
pub(super) const RESTARTS: &str = "tongguan_restarts_total";
pub(super) const RENEWALS: &str = "tongguan_consumer_renewals_total";
pub(super) const CERTIFICATE_END: &str = "tongguan_certificate_end_timestamp_seconds";
pub(super) const TLS_RENEWAL_BROKEN: &str = "tongguan_page_tls_renewal_broken";
pub(super) const INLET_REQUESTS: &str = "tongguan_inlet_requests_total";
pub(super) const INLET_EVENTS: &str = "tongguan_inlet_events_total";
pub(super) const INLET_READY: &str = "tongguan_inlet_ready";
pub(super) const INLET_KEYS_BROKEN: &str = "tongguan_inlet_keys_broken";
pub(super) const ALERTS_SENT: &str = "tongguan_alerts_sent_total";
pub(super) const ALERTS_DROPPED: &str = "tongguan_alerts_dropped_total";
pub(super) const ALERTS_SENDING: &str = "tongguan_alerts_sending";
pub(super) const ALERTS_QUIET: &str = "tongguan_alerts_quiet";
pub(super) const ALERTS_PASSED: &str = "tongguan_alerts_last_pass_timestamp_seconds";
pub(super) const ALERT_PUSHES: &str = "tongguan_alert_pushes_total";
pub(super) const ALERT_PUSH_LAG: &str = "tongguan_alert_push_lag";
pub(super) const PULL_PASSED: &str = "tongguan_pull_last_pass_timestamp_seconds";
pub(super) const PULL_EVERY: &str = "tongguan_pull_every_seconds";
pub(super) const PULL_NEWEST: &str = "tongguan_pull_newest_timestamp_seconds";
pub(super) const PULL_ROWS: &str = "tongguan_pull_rows_total";
pub(super) const PULL_EVENTS: &str = "tongguan_pull_events_total";
pub(super) const PULL_REJECTED: &str = "tongguan_pull_rejected_total";
pub(super) const PULL_TROUBLE: &str = "tongguan_pull_trouble";
pub(super) const HTTP_CONNECTIONS: &str = "tongguan_http_connections";
pub(super) const BUILD_INFO: &str = "tongguan_build_info";
pub(super) const LAST_EVENT: &str = "tongguan_last_event_timestamp_seconds";
pub(super) const QUARANTINE_WAITING: &str = "tongguan_quarantine_waiting";
pub(super) const QUARANTINE_OLDEST: &str = "tongguan_quarantine_oldest_timestamp_seconds";
pub(super) const LAST_SWEEP: &str = "tongguan_last_sweep_timestamp_seconds";
pub(super) const LAST_VERIFY: &str = "tongguan_last_verify_timestamp_seconds";
pub(super) const GENERATION: &str = "tongguan_generation";
pub(super) const POLICY_INFO: &str = "tongguan_policy_info";
pub(super) const POLICY_END: &str = "tongguan_policy_end_timestamp_seconds";
pub(super) const CALENDAR_END: &str = "tongguan_calendar_end_timestamp_seconds";
pub(super) const WORKING_HOURS: &str = "tongguan_working_hours";
pub(super) const CPU_SECONDS: &str = "process_cpu_seconds_total";
pub(super) const OPEN_FDS: &str = "process_open_fds";
pub(super) const MAX_FDS: &str = "process_max_fds";
pub(super) const RESIDENT_MEMORY: &str = "process_resident_memory_bytes";
pub(super) const START_TIME: &str = "process_start_time_seconds";

pub(super) const HELP_VISIBLE_DELAY: &str = "From the message's timestamp to its case acknowledged by ClickHouse.";
pub(super) const ROW_BOUNDS: &[f64] = &[1.0, 10.0, 100.0, 1e3, 4e3, 16e3, 65_536.0, 262_144.0];
pub(super) const STAGE_BOUNDS_S: &[f64] = &[0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram(&'static [f64]),
}
use MetricKind::{Counter, Gauge, Histogram};

/// Kind, name, unit, labels, help.
pub type MetricRow = (MetricKind, &'static str, Unit, &'static [&'static str], &'static str);

#[rustfmt::skip]
pub(super) const METRICS: &[MetricRow] = &[
    (Counter, MESSAGES, Unit::Count, &["topic", "envelope"], "Messages taken from Kafka, by envelope: structured, binary or bare."),
    (Counter, EVENTS, Unit::Count, &["stream", "type"], "Messages that were understood, by event type."),
    (Counter, QUARANTINED, Unit::Count, &["stream", "reason"], "Messages that were not understood and were set aside."),
    (Counter, REJECTIONS_UNTOLD, Unit::Count, &[], "Messages set aside of which the topic of rejections was not told; the quarantine has them."),
    (Counter, UNKNOWN_FIELDS, Unit::Count, &["stream"], "Fields that the contract does not know; they were accepted and ignored."),
    (Counter, AHEAD, Unit::Count, &["stream"], "Events that say they happened more than a minute after they arrived."),
    (Counter, DUPLICATES, Unit::Count, &["stream"], "Events seen again with the same content."),
    (Counter, CONFLICTS, Unit::Count, &["stream"], "Events seen again with other content; the first stays."),
    (Counter, OUT_OF_ORDER, Unit::Count, &["stream"], "Events that happened before one already folded into their case."),
    (Counter, SCRUBBED, Unit::Count, &["kind"], "Personal items blanked out of free text."),
    (Histogram(ROW_BOUNDS), BATCH_ROWS, Unit::Count, &[], "Messages in a batch."),
    (Histogram(STAGE_BOUNDS_S), STAGE_SECONDS, Unit::Seconds, &["stage"], "Time that a stage took for one batch, or one sweep."),
    (Counter, CLICKHOUSE_ERRORS, Unit::Count, &["code"], "Errors of ClickHouse, by its code, or by name when there was no answer."),
    (Gauge, CLICKHOUSE_UP, Unit::Count, &[], "1 while ClickHouse answers and takes what it is sent, else 0; asked every 5 s."),
    (Gauge, PAUSED, Unit::Count, &[], "1 while Kafka or ClickHouse makes us wait, else 0."),
    (Gauge, LAG, Unit::Count, &["topic", "partition"], "Messages of a partition that the group has not committed, whoever of the group has it."),
    (Gauge, READY, Unit::Count, &[], "1 while every check of /readyz is right, else 0; looked at every few seconds."),
    (Gauge, STUCK, Unit::Count, &["topic", "partition"], "1 while a partition of ours has messages and gives none, else 0."),
    (Gauge, BROKERS, Unit::Count, &[], "Brokers that the consumer is connected to."),
    (Counter, UNREADABLE, Unit::Count, &["topic", "partition"], "Times that a partition was found to hold bytes that the client library cannot read."),
    (Counter, GAP_MESSAGES, Unit::Count, &["topic", "partition"], "Offsets that were lost before they were read, written down as gaps."),
    (Counter, COMMIT_REFUSED, Unit::Count, &[], "Commits that Kafka refused; each is made again."),
    (Counter, RESTARTS, Unit::Count, &[], "Times that the pipeline broke off by a fault of this program and was started anew."),
    (Gauge, LAST_COMMIT, Unit::Seconds, &[], "When offsets were last committed, in seconds since 1970."),
    (Histogram(super::delays::BOUNDS_S), VISIBLE_DELAY, Unit::Seconds, &[], HELP_VISIBLE_DELAY),
    (Counter, LOOKED_UP, Unit::Count, &[], "Cases whose earlier events were read back from ClickHouse."),
    (Gauge, HELD, Unit::Bytes, &["share"], "Memory held, by share of memory.max_mb."),
    (Gauge, MEMORY_MAX, Unit::Bytes, &[], "The budget that is shared out: memory.max_mb."),
    (Counter, SPLIT, Unit::Count, &[], "Cases found with messages on partitions of several writers."),
    (Gauge, BEHIND, Unit::Count, &[], "Cases noted as split and not yet compared, by all instances."),
    (Counter, SWEPT, Unit::Count, &[], "Cases found folded in part that nobody had noted, and folded again."),
    (Counter, REBALANCES, Unit::Count, &["kind"], "Times that partitions were assigned, revoked or lost."),
    (Counter, RENEWALS, Unit::Count, &[], "Times that Kafka gave up on our consumer and a new one was made."),
    (Gauge, CERTIFICATE_END, Unit::Seconds, &["file"], "When the first certificate of a file of ours ends, in seconds since 1970."),
    (Counter, INLET_REQUESTS, Unit::Count, &["status"], "Requests that the inlet answered, by their status."),
    (Counter, INLET_EVENTS, Unit::Count, &["stream", "status"], "Events that the inlet answered, by their status: 202 taken, 200 known already, 503 not acknowledged by Kafka, any other refused."),
    (Gauge, INLET_READY, Unit::Count, &[], "1 while Kafka answers the inlet and has its topics, else 0; looked at every 5 s."),
    (Gauge, INLET_KEYS_BROKEN, Unit::Count, &[], "1 while the inlet's keys file cannot be used and the keys from before are in force."),
    (Counter, ALERTS_SENT, Unit::Count, &["kind"], "Alerts that were put on their topic."),
    (Counter, ALERTS_DROPPED, Unit::Count, &["why"], "Alerts that were not sent: overtaken, because they did not hold any more, or old."),
    (Gauge, ALERTS_SENDING, Unit::Count, &[], "1 while this instance sends the alerts, 0 while it stands by or cannot."),
    (Gauge, ALERTS_QUIET, Unit::Count, &[], "1 during quiet hours, when alerts wait, else 0."),
    (Gauge, ALERTS_PASSED, Unit::Seconds, &[], "When everything was last looked at for alerts, in seconds since 1970."),
    (Counter, ALERT_PUSHES, Unit::Count, &["hook", "result"], "Alerts pushed to an address: taken, refused and passed over, or to be sent again."),
    (Gauge, ALERT_PUSH_LAG, Unit::Count, &["hook"], "Messages on the topic of the alerts behind the one that an address is being sent."),
    (Gauge, PULL_PASSED, Unit::Seconds, &["task"], "When a pass of a task of pull last came to its end, in seconds since 1970; 0 for never."),
    (Gauge, PULL_EVERY, Unit::Seconds, &["task"], "From the beginning of a pass of the task to that of the next, in seconds."),
    (Gauge, PULL_NEWEST, Unit::Seconds, &["task"], "The newest row that was taken, by its growing column where that is a time, in seconds since 1970."),
    (Counter, PULL_ROWS, Unit::Count, &["task"], "Rows that were new or had changed."),
    (Counter, PULL_EVENTS, Unit::Count, &["task"], "Events of them that Kafka acknowledged."),
    (Counter, PULL_REJECTED, Unit::Count, &["task"], "Rows that were rejected."),
    (Gauge, PULL_TROUBLE, Unit::Count, &["task", "what"], "1 while the task waits for it: database, kafka or disk; else 0."),
    (Gauge, TLS_RENEWAL_BROKEN, Unit::Count, &[], "1 while renewed files of the page's TLS cannot be used and those from before are in force, else 0."),
    (Gauge, HTTP_CONNECTIONS, Unit::Count, &[], "Connections to the http port that are open."),
    (Gauge, BUILD_INFO, Unit::Count, &["version", "commit"], "Always 1; version and commit of this program are the labels."),
    (Gauge, LAST_EVENT, Unit::Seconds, &["stream", "source"], "When the last message of a source arrived, in seconds since 1970; 0 for never."),
    (Gauge, QUARANTINE_WAITING, Unit::Count, &["stream"], "Messages that wait in the quarantine."),
    (Gauge, QUARANTINE_OLDEST, Unit::Seconds, &["stream"], "When the oldest of them arrived, in seconds since 1970; 0 if none waits."),
    (Gauge, LAST_SWEEP, Unit::Seconds, &[], "When a sweep last came to its end, in seconds since 1970."),
    (Gauge, LAST_VERIFY, Unit::Seconds, &[], "When `tongguan verify` last found nothing amiss, in seconds since 1970; 0 for never."),
    (Gauge, GENERATION, Unit::Count, &[], "The generation under which cases are written."),
    (Gauge, POLICY_INFO, Unit::Count, &["policy", "calendar"], "Always 1; by what cases are judged is in the labels."),
    (Gauge, POLICY_END, Unit::Seconds, &[], "When a rule of the policy ends and none follows it, in seconds since 1970; 0 for never."),
    (Gauge, CALENDAR_END, Unit::Seconds, &[], "From when on the calendar's days off are not known, in seconds since 1970."),
    (Gauge, WORKING_HOURS, Unit::Count, &[], "1 inside the calendar's usual working hours, else 0."),
    (Counter, CPU_SECONDS, Unit::Seconds, &[], "Processor time of this process, user and system."),
    (Gauge, OPEN_FDS, Unit::Count, &[], "Files and connections that this process has open."),
    (Gauge, MAX_FDS, Unit::Count, &[], "How many it may have open; 0 for no limit."),
    (Gauge, RESIDENT_MEMORY, Unit::Bytes, &[], "Memory of this process that is in RAM."),
    (Gauge, START_TIME, Unit::Seconds, &[], "When this process was started, in seconds since 1970."),
];
