//! `tongguan healthcheck`: asks a running service whether it is ready, and says in words what is not.

use std::{
    io::{self, Write},
    net::SocketAddr,
    time::Duration,
};

use clap::Args;

use super::asking;
use crate::health::Readiness;

#[derive(Debug, Args)]
pub struct HealthcheckArgs {
    /// Where to ask [default: /readyz at http.listen]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// How long to wait for the answer (s)
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub timeout_s: u64,
}

/// True when it is ready; what is not ready is written to `out`.
pub async fn run(args: &HealthcheckArgs, listen: Option<SocketAddr>, out: &mut impl Write) -> anyhow::Result<bool> {
    let url = match &args.url {
        Some(url) => url.clone(),
        None => format!("{}/readyz", asking::base(None, listen)?),
    };
    let answer = asking::get(&url, Duration::from_secs(args.timeout_s)).await?;
    let is_ready = answer.status == 200;
    match serde_json::from_str::<Readiness>(&answer.body) {
        Ok(readiness) => write_checks(&readiness, out)?,
        Err(_) => writeln!(out, "{url} answered with status {}", answer.status)?,
    }
    Ok(is_ready)
}

fn write_checks(readiness: &Readiness, out: &mut impl Write) -> io::Result<()> {
    for check in &readiness.checks {
        let verdict = if check.ok { "ok  " } else { "FAIL" };
        writeln!(out, "{verdict} {}: {}", check.name, check.detail)?;
    }
    let failed: Vec<&str> =
        readiness.checks.iter().filter(|check| !check.ok).map(|check| check.name.as_str()).collect();
    match (readiness.ready, failed.is_empty()) {
        (true, _) => writeln!(out, "就绪 ready"),
        (false, false) => writeln!(out, "未就绪 not ready: {}", failed.join(", ")),
        (false, true) => writeln!(out, "未就绪 not ready"),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::net::TcpListener;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{
        health::{Health, HealthCheck},
        http::{HttpState, PortLimits, serve},
        metrics,
    };

    /// A running service that knows of `health`, and where it listens.
    async fn service(health: &Health) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = HttpState::new(health.clone(), metrics::install("test").unwrap());
        let limits = PortLimits { connections_max: 9, request_timeout: Duration::from_secs(9), idle_timeout: None };
        tokio::spawn(serve(listener, state, limits, CancellationToken::new()));
        address
    }

    async fn asked(listen: Option<SocketAddr>, url: Option<String>) -> (anyhow::Result<bool>, String) {
        let mut out = Vec::new();
        let verdict = run(&HealthcheckArgs { url, timeout_s: 5 }, listen, &mut out).await;
        (verdict, String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn a_service_is_healthy_when_it_is_ready_and_else_says_what_is_not() {
        let health = Health::default();
        for check in [HealthCheck::Kafka, HealthCheck::Assignment, HealthCheck::Partitions] {
            health.set(check, Ok("4 partitions"));
        }
        health.set(HealthCheck::Schema, Ok("version 3"));
        let address = service(&health).await;
        let (verdict, text) = asked(Some(address), None).await;
        assert!(!verdict.unwrap());
        assert!(text.contains("FAIL clickhouse: not checked yet"), "{text}");
        assert!(text.ends_with("not ready: clickhouse\n"), "{text}");

        health.set(HealthCheck::ClickHouse, Ok("26.7"));
        let everywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
        let (verdict, text) = asked(Some(everywhere), None).await;
        assert!(verdict.unwrap());
        assert!(text.contains("ok   clickhouse: 26.7") && text.ends_with(" ready\n"), "{text}");
    }

    #[tokio::test]
    async fn another_address_can_be_asked() {
        let address = service(&Health::default()).await;
        let (verdict, _) = asked(None, Some(format!("http://{address}/livez"))).await;
        assert!(verdict.unwrap());
    }

    #[tokio::test]
    async fn who_cannot_be_asked_is_an_error_that_says_why() {
        let (verdict, _) = asked(None, None).await;
        assert!(verdict.unwrap_err().to_string().contains("--url"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let free = listener.local_addr().unwrap();
        drop(listener);
        let (verdict, _) = asked(Some(free), None).await;
        assert!(verdict.unwrap_err().to_string().contains("is the service running"));
    }
}
