# shellcheck shell=bash
# What the benches share that copy a synthetic year inside ClickHouse.

# The database, topics and group of a bench.
use_bench() {
    export TONGGUAN__CLICKHOUSE__DATABASE=$1 TONGGUAN__KAFKA__TOPIC_PREFIX=$1. TONGGUAN__KAFKA__GROUP=$1
    export TONGGUAN__KAFKA__PARTITIONS=1 TONGGUAN__HTTP__LISTEN=127.0.0.1:0
}

ask() { curl -sSf "$TONGGUAN__CLICKHOUSE__URL" --data-binary "$1"; }

kafka_tool() { java -cp "$kafka_home/*" "org.apache.kafka.tools.$@"; }

delete_topics() {
    local topic
    for topic in hotline grid; do
        kafka_tool TopicCommand --bootstrap-server "$TONGGUAN__KAFKA__BROKERS" --delete --if-exists --topic "$TONGGUAN__KAFKA__TOPIC_PREFIX"case-events.$topic
    done
}

# An empty database, and no topic of an earlier run.
begin_bench() {
    ask "DROP DATABASE IF EXISTS ${TONGGUAN__CLICKHOUSE__DATABASE}_mart"
    ask "DROP DATABASE IF EXISTS $TONGGUAN__CLICKHOUSE__DATABASE SYNC"
    delete_topics
    "$tongguan" migrate >/dev/null
}

# Copies of wide rows in memory that does not grow with their number.
in_blocks="SETTINGS max_block_size = 8192, min_insert_block_size_rows = 65536, min_insert_block_size_bytes = 67108864"
