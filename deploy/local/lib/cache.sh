# shellcheck shell=bash
# What is downloaded or compiled once for this user: folders that appear complete or not at all.
# shellcheck source=../versions.env
source "$scripts/versions.env"

other_way='or run the containers instead: docker compose up'

# Reads "TOOL:DEBIAN-PACKAGES" lines and names all that are missing, at once.
require_tools() {
    local entry missing=() packages=()
    while read -r entry; do
        command -v "${entry%%:*}" >/dev/null || { missing+=("${entry%%:*}"); packages+=("${entry#*:}"); }
    done
    ((${#missing[@]} == 0)) ||
        die "not found: ${missing[*]}" "install: apt-get install ${packages[*]}" "$other_way"
}

# in_cache NAME FUNCTION: has FUNCTION fill a new folder and moves it to NAME, unless NAME is there.
in_cache() {
    local target=$cache_dir/$1 fill=$2
    [[ ! -d $target ]] || return 0
    mkdir -p "$cache_dir"
    (
        exec 8>"$cache_dir/lock"
        flock 8
        [[ ! -d $target ]] || exit 0
        rm -rf "$cache_dir"/.part.* # of a fetch that was killed: we hold the lock
        part=$(mktemp -d "$cache_dir/.part.XXXXXX")
        trap 'rm -rf "$part"' EXIT
        chmod 755 "$part"
        cd "$part"
        "$fill"
        mv -T "$part" "$target"
    )
}

# fetching WHAT COMMAND...: quiet when it goes well, with the end of its output when it does not.
fetching() {
    local what=$1 log=$cache_dir/fetch.log
    shift
    "$@" >"$log" 2>&1 || {
        tail -n 12 "$log" >&2
        die "could not fetch $what (whole output: $log)" \
            "check the network and the registry, mirror or proxy settings of ${1}, then try again; what is complete is kept" \
            "$other_way"
    }
}

wrong_checksum() {
    die "the checksum of $1 is not the one pinned in $2; it was thrown away" \
        "try again; if it stays so, the registry or mirror hands out something else than it did: do not use it" \
        "$other_way"
}
