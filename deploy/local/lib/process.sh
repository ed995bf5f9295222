# shellcheck shell=bash
# A service as a detached process with a pid file: "pid start-time port". The start time tells our process from
# another one that got the same number later.

pid_file() { printf '%s\n' "$local_dir/$1/pid"; }

# Prints the start time of a process that is there and not a zombie.
start_time() {
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -r -a fields <<<"${stat##*) }"
    [[ ${fields[0]} != Z ]] || return 1
    printf '%s\n' "${fields[19]}"
}

# Prints the pid of a running service.
running_pid() {
    local pid started rest
    read -r pid started rest 2>/dev/null <"$(pid_file "$1")" || return 1
    [[ -n $started && $(start_time "$pid") == "$started" ]] && printf '%s\n' "$pid"
}

running_port() {
    local pid started port
    read -r pid started port <"$(pid_file "$1")" && printf '%s\n' "$port"
}

# start_detached SERVICE PORT COMMAND...: in a session of its own and with no file of the caller's open, so that
# nobody waits for it to end.
start_detached() {
    local service=$1 port=$2 dir=$local_dir/$1
    shift 2
    rm -f "$dir/pid"
    (
        cd "$dir"
        exec </dev/null >"$dir/output.log" 2>&1
        self=$BASHPID
        for fd in "/proc/$self/fd/"*; do
            ((${fd##*/} <= 2)) || eval "exec ${fd##*/}>&-"
        done
        printf '%s %s %s\n' "$self" "$(start_time "$self")" "$port" >"$dir/pid"
        exec setsid "$@"
    ) &
    until [[ -s $dir/pid ]]; do sleep 0.01; done
}

# stop_process SERVICE SIGNAL SECONDS: false if it is still there afterwards.
stop_process() {
    local service=$1 signal=$2 tries=$(($3 * 20)) pid
    pid=$(running_pid "$service") || return 0
    kill "-$signal" "$pid" 2>/dev/null || true
    while running_pid "$service" >/dev/null; do
        ((tries-- > 0)) || return 1
        sleep 0.05
    done
}
