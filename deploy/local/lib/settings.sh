# shellcheck shell=bash
# Every setting of a pair, from the environment or its default. Sourced first, by every script.

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

local_dir=${TONGGUAN_LOCAL_DIR:-$(cd "$scripts/../.." && pwd)/.local}
[[ $local_dir == /* ]] || local_dir=$PWD/$local_dir

# port_of_ours VARIABLE USUAL: as the environment says, or as an earlier `up` chose because the usual one was taken (by another user
# of this machine, for example), or the usual one.
port_of_ours() {
    local chosen=
    [[ ! -r $local_dir/ports ]] || chosen=$(sed -n "s/^$1=\([0-9][0-9]*\)\$/\1/p" "$local_dir/ports")
    printf '%s\n' "${!1:-${chosen:-$2}}"
}

# --secure, the first word of any command: the pair that is reached over TLS, in a folder within and on ports of its own.
secure=
if [[ ${1-} == --secure ]]; then
    secure=1
    shift
    local_dir=$local_dir/secure
    kafka_port=${TONGGUAN_LOCAL_SECURE_KAFKA_PORT:-29092}
    kafka_controller_port=${TONGGUAN_LOCAL_SECURE_KAFKA_CONTROLLER_PORT:-29093}
    clickhouse_port=${TONGGUAN_LOCAL_SECURE_CLICKHOUSE_HTTP_PORT:-28123}
else
    kafka_port=$(port_of_ours TONGGUAN_LOCAL_KAFKA_PORT 19092)
    kafka_controller_port=$(port_of_ours TONGGUAN_LOCAL_KAFKA_CONTROLLER_PORT 19093)
    clickhouse_port=$(port_of_ours TONGGUAN_LOCAL_CLICKHOUSE_PORT 18123)
fi
kafka_internal_port=${TONGGUAN_LOCAL_SECURE_KAFKA_INTERNAL_PORT:-29094}
tls_port=${TONGGUAN_LOCAL_SECURE_CLICKHOUSE_PORT:-28443}
postgres_port=$(port_of_ours TONGGUAN_LOCAL_POSTGRES_PORT 15432)
mariadb_port=$(port_of_ours TONGGUAN_LOCAL_MARIADB_PORT 13306)
postgres_more=${TONGGUAN_LOCAL_POSTGRES_MORE:-}
mariadb_more=${TONGGUAN_LOCAL_MARIADB_MORE:-}
certificates=$local_dir/certificates
kafka_more=${TONGGUAN_LOCAL_KAFKA_MORE:-}
kafka_heap=${TONGGUAN_LOCAL_KAFKA_HEAP:-512m}
ready_within=${TONGGUAN_LOCAL_READY_SECONDS:-60}

cache_dir=${XDG_CACHE_HOME:-${HOME:?is not set, and neither is XDG_CACHE_HOME}/.cache}/tongguan

say() { printf '%s\n' "$*"; }

die() {
    printf 'error: %s\n' "$1" >&2
    shift
    (($# == 0)) || printf '       %s\n' "$@" >&2
    exit 1
}

# The services named on the command line, or all. tls belongs to a secure pair, however its folder was named; the databases that
# rows are pulled from belong to all once they were started by name.
services_of() {
    local service all=(kafka clickhouse) others=(postgres mariadb)
    [[ -z $secure && ! -e $local_dir/tls/pid ]] || all+=(tls)
    for service in "${others[@]}"; do
        [[ ! -e $local_dir/$service/pid ]] || all+=("$service")
    done
    for service in "$@"; do
        [[ " ${all[*]} ${others[*]} " == *" $service "* ]] || die "there is no service '$service'" "services: ${all[*]} ${others[*]}"
    done
    if (($# > 0)); then printf '%s\n' "$@"; else printf '%s\n' "${all[@]}"; fi
}

# A link that somebody else has put there could lead to any file of ours.
refuse_links() {
    local name
    for name in lock ports kafka clickhouse tls postgres mariadb certificates; do
        [[ ! -L $local_dir/$name ]] || die "$local_dir/$name is a symbolic link, which is not followed" \
            "remove it, or give this pair a folder of its own: TONGGUAN_LOCAL_DIR=..."
    done
}

# One command at a time changes a pair.
lock_pair() {
    mkdir -p "$local_dir"
    refuse_links
    exec 9>"$local_dir/lock"
    flock 9
}
