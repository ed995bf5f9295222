# shellcheck shell=bash
# Apache Kafka: fetch, start, ask.

kafka_home=$cache_dir/kafka-$KAFKA_VERSION-$(sha256sum <"$scripts/jars.sha256" | cut -c1-12)
kafka_log=$local_dir/kafka/broker.log

# What it takes to start it now, as "tool:packages".
kafka_tools() {
    say java:openjdk-17-jre-headless
    [[ -z $secure ]] || certificates_tools
    [[ -d $kafka_home ]] || say mvn:maven
}

kafka_fetch() {
    [[ ! -d $kafka_home ]] || return 0
    say "kafka: fetching $KAFKA_VERSION (54 MB, once)"
    in_cache "${kafka_home##*/}" kafka_fill
}

kafka_fill() {
    fetching "Apache Kafka $KAFKA_VERSION from Maven Central" \
        mvn -q -B -Dstyle.color=never -f "$scripts/pom.xml" "-Dkafka.version=$KAFKA_VERSION" "-Dlog4j.version=$LOG4J_VERSION" \
        "org.apache.maven.plugins:maven-dependency-plugin:$MAVEN_DEPENDENCY_PLUGIN_VERSION:copy-dependencies" \
        -DincludeScope=runtime "-DoutputDirectory=$PWD"
    sha256sum -- *.jar | LC_ALL=C sort -k2 | cmp -s - "$scripts/jars.sha256" || wrong_checksum "Kafka's jars" jars.sha256
}

kafka_choose_ports() {
    choose_port TONGGUAN_LOCAL_KAFKA_PORT kafka_port
    choose_port TONGGUAN_LOCAL_KAFKA_CONTROLLER_PORT kafka_controller_port
}

kafka_require_ports() {
    require_free_port "$kafka_port" TONGGUAN_LOCAL_KAFKA_PORT kafka
    require_free_port "$kafka_controller_port" TONGGUAN_LOCAL_KAFKA_CONTROLLER_PORT kafka
    [[ -z $secure ]] || require_free_port "$kafka_internal_port" TONGGUAN_LOCAL_SECURE_KAFKA_INTERNAL_PORT kafka
}

kafka_start() {
    local dir=$local_dir/kafka internal='' accounts=()
    mkdir -p "$dir"
    [[ -z $secure ]] || certificates_make
    cp "$scripts/log4j2.properties" "$dir"
    {
        cat "$scripts/kafka.properties"
        [[ -z $secure ]] || { kafka_secured; internal=,INTERNAL://127.0.0.1:$kafka_internal_port; }
        printf '%s\n' \
            "listeners=BROKER://127.0.0.1:$kafka_port$internal,CONTROLLER://127.0.0.1:$kafka_controller_port" \
            "controller.quorum.voters=1@127.0.0.1:$kafka_controller_port" \
            "log.dirs=$dir/data"
        # The later line counts.
        [[ -z $kafka_more ]] || cat "$kafka_more"
    } >"$dir/server.properties"
    chmod 600 "$dir/server.properties"
    if [[ ! -e $dir/data/meta.properties ]]; then
        [[ -z $secure ]] || readarray -t accounts < <(kafka_accounts)
        java -cp "$kafka_home/*" kafka.tools.StorageTool format --ignore-formatted \
            -t Tongguan-local-000000A -c "$dir/server.properties" "${accounts[@]}" >"$dir/output.log" 2>&1 ||
            { kafka_complaint; die "kafka could not make its data folder $dir/data"; }
    fi
    start_detached kafka "$kafka_port" java -Xms256m "-Xmx$kafka_heap" -XX:+UseSerialGC "-XX:ErrorFile=$dir/crash.log" \
        "-Dkafka.log=$kafka_log" "-Dlog4j2.configurationFile=$dir/log4j2.properties" \
        -cp "$kafka_home/*" kafka.Kafka "$dir/server.properties"
}

kafka_secured() {
    cat "$scripts/kafka-secure.properties"
    printf '%s\n' \
        "ssl.keystore.location=$certificates/kafka.keystore.pem" \
        "ssl.truststore.location=$certificates/ca.pem" \
        "listener.name.internal.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"broker\" password=\"$(password_of kafka-broker)\";"
}

# Accounts that are there from the start: the broker's own, and the service's, for both mechanisms.
kafka_accounts() {
    printf '%s\n' --add-scram "SCRAM-SHA-512=[name=broker,password=$(password_of kafka-broker)]" \
        --add-scram "SCRAM-SHA-512=[name=tongguan,password=$(password_of kafka-tongguan)]" \
        --add-scram "SCRAM-SHA-256=[name=tongguan,password=$(password_of kafka-tongguan)]"
}

# True when the broker answers an ApiVersions request (key 18, version 0), the one that it takes before a login.
kafka_answers_secured() {
    local answer
    answer=$(speaks_tls "$kafka_port" '\0000\0000\0000\0012\0000\0022\0000\0000\0000\0000\0000\0001\0377\0377' | head -c 10 | od -An -v -tx1 | tr -d ' \n')
    [[ ${answer:8} == 000000010000 ]]
}

# True when the broker answers a Metadata request (key 3, version 1, no topic) and its answer lists brokers, itself at least:
# a port that is open is not enough, for a broker that was killed is kept out until its old session is over.
kafka_answers() {
    local answer
    [[ -z $secure ]] || { kafka_answers_secured; return; }
    answer=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$kafka_port" || exit 1
        printf '\0\0\0\x0e\0\x03\0\x01\0\0\0\x01\xff\xff\0\0\0\0' >&3
        timeout 1 head -c 12 <&3 | od -An -v -tx1 | tr -d ' \n'
    ) || return 1
    [[ ${answer:8} == 000000010000000[1-9] ]]
}

kafka_complaint() { tail -n 15 "$local_dir/kafka/output.log" "$kafka_log" >&2 2>/dev/null || true; }
