# shellcheck shell=bash
# Every setting of a pair, from the environment or its default. Sourced first, by every script.

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

local_dir=${TONGGUAN_LOCAL_DIR:-$(cd "$scripts/../.." && pwd)/.local}
[[ $local_dir == /* ]] || local_dir=$PWD/$local_dir
kafka_port=${TONGGUAN_LOCAL_KAFKA_PORT:-19092}
kafka_controller_port=${TONGGUAN_LOCAL_KAFKA_CONTROLLER_PORT:-19093}
kafka_more=${TONGGUAN_LOCAL_KAFKA_MORE:-}
clickhouse_port=${TONGGUAN_LOCAL_CLICKHOUSE_PORT:-18123}
ready_within=${TONGGUAN_LOCAL_READY_SECONDS:-15}

cache_dir=${XDG_CACHE_HOME:-${HOME:?is not set, and neither is XDG_CACHE_HOME}/.cache}/tongguan

say() { printf '%s\n' "$*"; }

die() {
    printf 'error: %s\n' "$1" >&2
    shift
    (($# == 0)) || printf '       %s\n' "$@" >&2
    exit 1
}

# The services named on the command line, or both.
services_of() {
    local service
    for service in "$@"; do
        [[ $service == kafka || $service == clickhouse ]] ||
            die "there is no service '$service'" "services: kafka, clickhouse"
    done
    if (($# > 0)); then printf '%s\n' "$@"; else printf '%s\n' kafka clickhouse; fi
}

# One command at a time changes a pair.
lock_pair() {
    mkdir -p "$local_dir"
    exec 9>"$local_dir/lock"
    flock 9
}
