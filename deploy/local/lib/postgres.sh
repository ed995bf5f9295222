# shellcheck shell=bash
# PostgreSQL, for the tests of `tongguan pull`: Debian's, installed or unpacked. User and password: tongguan.

postgres_signal=INT # the sessions of clients are ended, not waited for
postgres_tools() { [[ $(id -u) != 0 ]] || say setpriv:util-linux; }

# Where its programs are: the newest that is installed, or else ours.
postgres_bin() {
    local found
    found=$(find /usr/lib/postgresql "$cache_dir"/postgres-*/usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    [[ -n $found ]] && printf '%s\n' "${found%/initdb}"
}

postgres_fetch() {
    postgres_bin >/dev/null && return
    require_debian PostgreSQL "PostgreSQL 12 or newer, with its programs in /usr/lib/postgresql/*/bin"
    say "postgres: fetching (once)"
    in_cache "postgres-$(uname -m)" postgres_fill
}

postgres_fill() {
    local package
    apt-cache show postgresql >/dev/null 2>&1 || fetching "Debian's lists of packages" apt-get update -q
    package=$(apt-cache depends postgresql | sed -n 's/.*Depends: \(postgresql-[0-9]*\)$/\1/p' | head -n 1)
    unpack "${package:-postgresql}"
}

postgres_choose_ports() { choose_port TONGGUAN_LOCAL_POSTGRES_PORT postgres_port; }

postgres_require_ports() { require_free_port "$postgres_port" TONGGUAN_LOCAL_POSTGRES_PORT postgres; }

# With the libraries that came along, where it is ours.
postgres_run() {
    local root=${1%/usr/lib/postgresql/*}
    [[ $root == "$cache_dir"/* ]] && printf '%s\n' env "LD_LIBRARY_PATH=$(library_path "$root")" || true
}

postgres_start() {
    local dir=$local_dir/postgres bin with
    mkdir -p "$dir"
    bin=$(postgres_bin) || die "PostgreSQL is not found"
    readarray -t with < <(postgres_run "$bin")
    ((${#as_nobody[@]} == 0)) || chown nobody "$dir"
    if [[ ! -e $dir/data/PG_VERSION ]]; then
        rm -rf "$dir/data"
        printf 'tongguan\n' >"$dir/password"
        "${with[@]}" "${as_nobody[@]}" "$bin/initdb" -D "$dir/data" -U tongguan --pwfile="$dir/password" \
            --auth=scram-sha-256 --encoding=UTF8 --no-locale --no-sync >"$dir/initdb.log" 2>&1 ||
            { tail -n 12 "$dir/initdb.log" >&2; die "postgres could not make its data folder $dir/data"; }
    fi
    : >"$dir/more.conf"
    [[ -z $postgres_more ]] || cat "$postgres_more" >"$dir/more.conf"
    grep -q more.conf "$dir/data/postgresql.conf" || printf "include '%s'\n" "$dir/more.conf" >>"$dir/data/postgresql.conf"
    postgres_left_behind "$dir/data"
    start_detached postgres "$postgres_port" "${with[@]}" "${as_nobody[@]}" "$bin/postgres" -D "$dir/data" -p "$postgres_port" \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=50 -c shared_buffers=32MB -c fsync=off
}

# A server that was killed leaves its lock, and its sessions for a moment, which must not meet a new one.
postgres_left_behind() {
    local tries=100
    while [[ -n $(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$1" -print -quit 2>/dev/null) ]]; do
        ((tries-- > 0)) || die "processes of a postgres that was killed still use $1"
        sleep 0.05
    done
    rm -f "$1/postmaster.pid"
}

# True when it asks for a password: a server that is still starting says so instead.
postgres_answers() {
    local answer
    answer=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$postgres_port" || exit 1
        printf '\0\0\0\x29\0\x03\0\0user\0tongguan\0database\0postgres\0\0' >&3
        timeout 1 head -c 1 <&3
    ) || return 1
    [[ $answer == R ]]
}

postgres_complaint() { tail -n 15 "$local_dir/postgres/output.log" >&2 2>/dev/null || true; }
