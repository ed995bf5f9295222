# shellcheck shell=bash
# What every command needs.
set -euo pipefail
[[ $(uname -s) == Linux ]] || { echo 'error: this runs on Linux only; elsewhere: docker compose up' >&2; exit 1; }
lib=$(dirname "${BASH_SOURCE[0]}")
source "$lib/settings.sh"
source "$lib/process.sh"
source "$lib/port.sh"
source "$lib/cache.sh"
source "$lib/certificates.sh"
source "$lib/tls.sh"
source "$lib/kafka.sh"
source "$lib/clickhouse.sh"
source "$lib/debian.sh"
source "$lib/postgres.sh"
source "$lib/mariadb.sh"
