use super::*;

/// Everything recorded once, apart from other tests.
fn rendered() -> String {
    let recorder = recorder().unwrap();
    let metrics = Metrics(recorder.handle());
    metrics::with_local_recorder(&recorder, || {
        describe("1.2.3");
        start_at_zero(&["hotline"], &["bad_json"]);
        messages_received("case-events.hotline", "bare", 3);
        events("hotline", "accepted", 2);
        quarantined("hotline", "bad_json", 1);
        unknown_fields("hotline", 4);
        scrubbed_items("mobile", 5);
        batch_rows(65_536);
        stage_took(MetricStage::Fold, Duration::from_millis(30));
        clickhouse_error("252");
        consumer_lag("case-events.hotline", 3, 12);
        start_partition_at_zero("case-events.hotline", 3);
        committed(1_700_000_000_000);
        visible_delays([0.2, 0.3]);
        ahead_of_time("hotline", 2);
        drop(Holding::new("waiting", 9));
        rebalance("assigned");
        certificate_ends("/etc/tongguan/ca.pem", jiff::Timestamp::from_second(1_800_000_000).unwrap());
        last_event("hotline", "12345", 1_700_000_001_500);
        quarantine_waits("hotline", 2, Some(1_700_000_002_000));
        generation(3);
        judged_by("shanghai-town@2026.1", "cn-2026.1");
        calendar_ends(1_800_000_000_000);
        policy_ends(None);
        is_working_time(true);
        process::record();
        http_connections(2);
        inlet_request(207);
        inlet_event("hotline", 202);
        inlet_ready(true);
        inlet_keys_broken(false);
        rejections_untold(1);
        alert_sent("overdue");
        alert_dropped("overtaken");
        alerts_sending(true);
        alerts_quiet(false);
        alerts_passed(1_700_000_000.0);
        alert_pushed("oa", "taken");
        alert_push_lag("oa", 2);
        memory_max(1 << 20);
        pull_passed("grid", 1_700_000_003.0);
        pull_every("grid", 86_400);
        pull_newest("grid", 1_700_000_004.5);
        pull_counts("grid", 7, 6, 1);
        pull_trouble("grid", "kafka", true);
    });
    metrics.render()
}

#[test]
fn every_metric_of_the_table_appears_once_with_its_help_type_and_labels() {
    let text = rendered();
    for (kind, name, _, labels, help) in METRICS {
        assert!(text.contains(&format!("# HELP {name} {help}\n")), "{name}\n{text}");
        let kind = match kind {
            Counter => "counter",
            Gauge => "gauge",
            Histogram(_) => "histogram",
        };
        assert_eq!(text.matches(&format!("# TYPE {name} {kind}\n")).count(), 1, "{name}");
        let sample = text.lines().find(|line| line.starts_with(name)).unwrap();
        for label in *labels {
            assert!(sample.contains(&format!("{label}=\"")), "{sample} has no {label}");
        }
    }
    assert_eq!(text.matches("# TYPE ").count(), METRICS.len());
}

#[test]
fn names_follow_the_conventions_of_prometheus() {
    for (kind, name, ..) in METRICS {
        assert!(name.starts_with("tongguan_") || name.starts_with("process_"), "{name}");
        assert_eq!(*kind == Counter, name.ends_with("_total"), "{name}");
    }
}

#[test]
fn counts_and_times_are_what_was_recorded() {
    let text = rendered();
    for line in [
        "tongguan_events_total{stream=\"hotline\",type=\"accepted\"} 2",
        "tongguan_duplicates_total{stream=\"hotline\"} 0",
        "tongguan_paused 0",
        "tongguan_last_commit_timestamp_seconds 1700000000",
        "tongguan_stage_seconds_bucket{stage=\"fold\",le=\"0.05\"} 1",
        "tongguan_batch_rows_bucket{le=\"16000\"} 0",
        "tongguan_certificate_end_timestamp_seconds{file=\"/etc/tongguan/ca.pem\"} 1800000000",
        "tongguan_last_event_timestamp_seconds{stream=\"hotline\",source=\"12345\"} 1700000001.5",
        "tongguan_last_event_timestamp_seconds{stream=\"hotline\",source=\"other\"} 0",
        "tongguan_quarantine_waiting{stream=\"hotline\"} 2",
        "tongguan_quarantine_oldest_timestamp_seconds{stream=\"hotline\"} 1700000002",
        "tongguan_last_sweep_timestamp_seconds 0",
        "tongguan_generation 3",
        "tongguan_policy_info{policy=\"shanghai-town@2026.1\",calendar=\"cn-2026.1\"} 1",
        "tongguan_calendar_end_timestamp_seconds 1800000000",
        "tongguan_policy_end_timestamp_seconds 0",
        "tongguan_working_hours 1",
        "tongguan_http_connections 2",
        "tongguan_pull_every_seconds{task=\"grid\"} 86400",
        "tongguan_pull_newest_timestamp_seconds{task=\"grid\"} 1700000004.5",
        "tongguan_pull_rejected_total{task=\"grid\"} 1",
        "tongguan_pull_trouble{task=\"grid\",what=\"kafka\"} 1",
        &format!("tongguan_build_info{{version=\"1.2.3\",commit=\"{COMMIT}\"}} 1"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
fn installing_twice_gives_the_same_metrics() {
    let first = install("1.2.3").unwrap();
    let second = install("1.2.3").unwrap();
    swept_cases(1);
    assert!(first.render().contains("tongguan_swept_cases_total 1"));
    assert!(second.render().contains("tongguan_swept_cases_total 1"));
}
