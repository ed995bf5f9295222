# shellcheck shell=bash
# Ports of this machine, read from /proc.

# Prints the socket inodes that listen on a port.
listening_inodes() {
    local hex
    printf -v hex '%04X' "$1"
    awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# Prints "pid (name)" of the process that holds a socket, where we may see it.
holder_of() {
    local fd pid
    fd=$(find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$1\]" -print -quit 2>/dev/null || true)
    [[ -n $fd ]] || return 1
    pid=${fd#/proc/}
    pid=${pid%%/*}
    printf '%s (%s)\n' "$pid" "$(cat "/proc/$pid/comm" 2>/dev/null)"
}

# require_free_port PORT VARIABLE SERVICE
require_free_port() {
    local inodes holder
    inodes=$(listening_inodes "$1")
    [[ -n $inodes ]] || return 0
    holder=$(holder_of "${inodes%%$'\n'*}") || holder="not visible to this user"
    die "port $1 is in use, $3 cannot take it" \
        "process: $holder" \
        "stop that process, or give another port: $2=...; or take free ones: eval \"\$(deploy/local/free-ports)\""
}
