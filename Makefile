SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: up down status demo samples shots test lives faults check fmt bench bench-read bench-inlet bench-page bench-verify help clean build cargo

# Where the local Kafka and ClickHouse answer.
with_pair = eval "$$(deploy/local/env)";

up: ## start Kafka and ClickHouse on this machine (fetched once)
	@deploy/local/up

down: ## stop them; their data stays
	@deploy/local/down

status: ## say whether they answer
	@deploy/local/status

demo: cargo up build ## see it work: a synthetic year, its rates, and the cases behind them (ARGS=...; OPEN=1: its page stays up)
	@$(with_pair) "$${CARGO_TARGET_DIR:-target}/release/tongguan" demo $(ARGS)
	@[[ -z "$(OPEN)" ]] || { $(with_pair) export TONGGUAN__CLICKHOUSE__DATABASE=tongguan_demo; exec "$${CARGO_TARGET_DIR:-target}/release/tongguan" serve; }

samples: cargo up build ## print docs/samples anew, from a generated town of two years
	@$(with_pair) deploy/local/samples

shots: cargo up build ## look at the page: every view as a picture, into docs/samples/page
	@$(with_pair) deploy/local/shots

# Two tests a core: most of what they do is wait for servers.
test: cargo up build ## run every test, against the local Kafka and ClickHouse (ARGS=...)
	@$(with_pair) TONGGUAN_TESTED="$$(realpath "$${CARGO_TARGET_DIR:-target}/release/tongguan")" RUST_TEST_THREADS="$${RUST_TEST_THREADS:-$$((2 * $$(nproc)))}" cargo test --locked --no-fail-fast $(ARGS)

check: cargo ## what needs no server: format, lints, and the tests of the rules
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo clippy --lib --features oracle --locked -- -D warnings
	cargo test --locked --test check

fmt: cargo ## format the sources
	cargo fmt

lives: cargo ## histories and lives by lot, eight times as many as in `make test`, by an optimised build; no server needed
	cargo test --release --locked --lib domain::
	cargo test --release --locked --test oracle

faults: cargo ## one fault after the other, on servers of its own, and one judge (SEED=n MINUTES=m; a short form is part of `make test`)
	@TONGGUAN_FAULTS_SEED="$(SEED)" TONGGUAN_FAULTS_MINUTES="$(or $(MINUTES),30)" deploy/local/faults

bench: cargo up ## measure the whole path from Kafka to rates, as it ships (ARGS=...)
	@$(with_pair) cargo bench --profile dist --locked --bench path -- $(ARGS)

bench-read: cargo up build ## what figures, reports and single cases cost over CASES cases (1 million), beside SQL by hand (ARGS=...)
	@$(with_pair) CASES="$(or $(CASES),1000000)" deploy/local/bench-read
	@$(with_pair) cargo bench --profile release --locked --bench read -- $(ARGS)

bench-inlet: cargo up ## how many events a second the inlet answers, in batches and one by one, beside a producer that looks at nothing
	@$(with_pair) cargo bench --profile release --locked --bench inlet -- $(ARGS)

bench-page: cargo up build ## each view in a Chromium, over 79,000 and CASES cases (1 million), and ingest with VIEWERS readers (200) and without
	@$(with_pair) CASES="$(or $(CASES),1000000)" VIEWERS="$(or $(VIEWERS),200)" deploy/local/bench-page

bench-verify: cargo up build ## how long `tongguan verify` takes over MESSAGES rows (100 million)
	@$(with_pair) MESSAGES="$(or $(MESSAGES),100000000)" deploy/local/bench-verify

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

clean: cargo ## remove the build, and the local Kafka and ClickHouse with their data
	@deploy/local/down
	@deploy/local/down --secure
	@local="$${TONGGUAN_LOCAL_DIR:-.local}"; rm -rf "$$local/kafka" "$$local/clickhouse" "$$local/postgres" "$$local/mariadb" "$$local/secure" "$$local/lock"
	cargo clean

build: cargo
	@cargo build --release --locked

cargo:
	@command -v cargo >/dev/null || { \
	  echo 'error: cargo not found' >&2; \
	  echo '       install: Rust 1.95 or newer with rustup, and apt-get install gcc g++ make pkg-config libssl-dev' >&2; \
	  echo '       or run the containers instead: docker compose up' >&2; \
	  exit 1; }
	@[[ -n "$${OPENSSL_DIR-}$${OPENSSL_LIB_DIR-}" ]] || pkg-config --exists 'openssl >= 1.1.1' 2>/dev/null || { \
	  echo 'error: OpenSSL 1.1.1 or newer is not found with its headers; Kafka over TLS and SCRAM are built on it' >&2; \
	  echo '       install: apt-get install pkg-config libssl-dev' >&2; \
	  echo '       where it lies elsewhere: OPENSSL_DIR=...; or run the containers instead: docker compose up' >&2; \
	  exit 1; }
