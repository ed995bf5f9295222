# shellcheck shell=bash
# TLS before the secure pair's ClickHouse, whose engine here listens for HTTP only: compile, start, ask.

terminator=$cache_dir/terminator-$(uname -m)-$(sha256sum <"$scripts/terminator.c" | cut -c1-12)

tls_tools() {
    certificates_tools
    [[ -d $terminator ]] || say 'cc:gcc libc6-dev libssl-dev'
}

tls_fetch() { in_cache "${terminator##*/}" tls_compile; }

tls_compile() {
    cc -O2 -Wall -o terminator "$scripts/terminator.c" -lssl -lcrypto -pthread ||
        die "could not compile terminator.c" "install: apt-get install gcc libc6-dev libssl-dev"
}

tls_require_ports() { require_free_port "$tls_port" TONGGUAN_LOCAL_SECURE_CLICKHOUSE_PORT tls; }

tls_start() {
    mkdir -p "$local_dir/tls"
    certificates_make
    start_detached tls "$tls_port" "$terminator/terminator" "$tls_port" "$clickhouse_port" \
        "$certificates/server.pem" "$certificates/server.key" "$certificates/ca.pem"
}

tls_answers() { speaks_tls "$tls_port" GET\ /ping\ HTTP/1.0$'\r\n\r\n' | grep -q '^Ok\.'; }

# speaks_tls PORT REQUEST: what comes back within a second. Whether the certificate is good is for clients to find out.
speaks_tls() {
    { printf %b "$2"; sleep 0.3; } | timeout 1 openssl s_client -quiet -connect "127.0.0.1:$1" -CAfile "$certificates/ca.pem" \
        -cert "$certificates/tongguan.pem" -key "$certificates/tongguan.key" 2>/dev/null || true
}

tls_complaint() { tail -n 15 "$local_dir/tls/output.log" >&2 2>/dev/null || true; }
