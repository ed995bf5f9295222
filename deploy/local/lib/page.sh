# shellcheck shell=bash
# The page of a program that was started in the background.

# listens_at PID LOG: sets `address` to where it says in its log that it listens; where it has ended, its last words.
listens_at() {
    until address=$(sed -n '/the page is listening/s/.*"address":"\([^"]*\)".*/\1/p' "$2") && [[ -n $address ]]; do
        kill -0 "$1" 2>/dev/null || { tail -n 5 "$2" >&2; exit 1; }
        sleep 0.2
    done
}
