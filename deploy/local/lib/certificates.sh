# shellcheck shell=bash
# What the secure pair shows and is logged in to with: a CA of its own, certificates and passwords, made once. Whoever finds
# files there already keeps them.

# Also to ask a server that speaks TLS whether it answers.
certificates_tools() { say openssl:openssl; }

certificates_make() {
    local part name
    [[ ! -d $certificates ]] || return 0
    part=$(umask 077 && mktemp -d "$local_dir/.certificates.XXXXXX")
    (
        umask 077
        cd "$part"
        authority
        # A broker can be a client too, of other brokers: Kafka does not start where its certificate may not be used so.
        signed server serverAuth,clientAuth IP:127.0.0.1,DNS:localhost
        signed tongguan clientAuth DNS:tongguan
        # Kafka takes key and certificates in one file.
        cat server.key server.pem ca.pem >kafka.keystore.pem
        for name in kafka-broker kafka-tongguan clickhouse-migrate clickhouse-tongguan clickhouse-analyst; do
            openssl rand -hex 16 >"$name.password"
        done
    ) >"$local_dir/certificates.log" 2>&1 ||
        { tail -n 12 "$local_dir/certificates.log" >&2; die "could not make certificates in $part"; }
    mv -T "$part" "$certificates"
}

# -noenc would be the new name of -nodes, which OpenSSL 1.1.1 does not know.
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Tongguan local CA' \
        -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.pem
}

# signed NAME USE ALTERNATIVE-NAMES: NAME.key and NAME.pem
signed() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
    printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
        "extendedKeyUsage=$2" "subjectAltName=$3" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -extfile "$1.ext" -out "$1.pem"
    rm -f "$1.csr" "$1.ext"
}

password_of() { cat "$certificates/$1.password"; }
