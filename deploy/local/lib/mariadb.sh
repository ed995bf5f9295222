# shellcheck shell=bash
# MariaDB, for the tests of `tongguan pull`: Debian's, installed or unpacked. User and password: tongguan.

mariadb_home=$cache_dir/mariadb-$(uname -m)
mariadb_tools() { :; }

# Prints the folder above its usr: of this machine, or ours.
mariadb_root() {
    if [[ -x /usr/sbin/mariadbd && -e /usr/share/mysql/mysql_system_tables.sql ]]; then say ""; else say "$mariadb_home"; fi
}

mariadb_fetch() {
    [[ -n $(mariadb_root) && ! -d $mariadb_home ]] || return 0
    require_debian MariaDB "MariaDB 10.4 or newer, with /usr/sbin/mariadbd"
    say "mariadb: fetching (once)"
    in_cache "${mariadb_home##*/}" mariadb_fill
}

mariadb_fill() { unpack mariadb-server-core; }

mariadb_choose_ports() { choose_port TONGGUAN_LOCAL_MARIADB_PORT mariadb_port; }

mariadb_require_ports() { require_free_port "$mariadb_port" TONGGUAN_LOCAL_MARIADB_PORT mariadb; }

mariadb_start() {
    local dir=$local_dir/mariadb root with=() own=()
    mkdir -p "$dir"
    root=$(mariadb_root)
    [[ -z $root ]] || with=(env "LD_LIBRARY_PATH=$(library_path "$root")")
    [[ $(id -u) != 0 ]] || own=(--user=root)
    own+=("--lc-messages-dir=$root/usr/share/mysql" "--character-sets-dir=$root/usr/share/mysql/charsets" "--datadir=$dir/data")
    if [[ ! -e $dir/data/made ]]; then
        rm -rf "$dir/data"
        mkdir -p "$dir/data/mysql"
        mariadb_first "$root" | "${with[@]}" "$root/usr/sbin/mariadbd" --no-defaults --bootstrap "${own[@]}" >"$dir/bootstrap.log" 2>&1 ||
            { tail -n 12 "$dir/bootstrap.log" >&2; die "mariadb could not make its data folder $dir/data"; }
        touch "$dir/data/made"
    fi
    printf '[mariadbd]\n' >"$dir/more.cnf"
    [[ -z $mariadb_more ]] || cat "$mariadb_more" >>"$dir/more.cnf"
    start_detached mariadb "$mariadb_port" "${with[@]}" "$root/usr/sbin/mariadbd" "--defaults-file=$dir/more.cnf" "${own[@]}" \
        --bind-address=127.0.0.1 "--port=$mariadb_port" "--socket=$dir/socket" "--pid-file=$dir/mariadbd.pid" \
        --skip-name-resolve --character-set-server=utf8mb4 --innodb-flush-log-at-trx-commit=2 --innodb-buffer-pool-size=64M
}

# The tables of a new server, and who may use it.
mariadb_first() {
    local share=$1/usr/share/mysql
    printf 'use mysql;\n'
    cat "$share/mysql_system_tables.sql" "$share/mysql_performance_tables.sql" "$share/mysql_system_tables_data.sql"
    printf '%s;\n' "FLUSH PRIVILEGES" "CREATE USER tongguan@'%' IDENTIFIED BY 'tongguan'" \
        "GRANT ALL ON *.* TO tongguan@'%' WITH GRANT OPTION"
}

# True when it greets (protocol 10) and does not complain.
mariadb_answers() {
    local answer
    answer=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$mariadb_port" || exit 1
        timeout 1 head -c 5 <&3 | od -An -v -tx1 | tr -d ' \n'
    ) || return 1
    [[ ${answer:8} == 0a ]]
}

mariadb_complaint() { tail -n 15 "$local_dir/mariadb/output.log" >&2 2>/dev/null || true; }
