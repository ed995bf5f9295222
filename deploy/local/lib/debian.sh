# shellcheck shell=bash
# Servers out of Debian's packages, without installing anything: unpacked into the cache, with whatever libraries this machine lacks.

# A server that refuses to run as root runs as nobody, who may read and write what root may.
as_nobody=()
if [[ $(id -u) == 0 ]]; then
    rights=+dac_override,+dac_read_search,+fowner,+chown
    as_nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups "--inh-caps=$rights" "--ambient-caps=$rights")
fi

# require_debian WHAT HINT: packages can be fetched here.
require_debian() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
        die "$1 is not found, and there is no apt-get to fetch it by" "install: $2"
}

# unpack PACKAGE: it and what it needs and is not installed here, into this folder.
unpack() {
    local package=$1 missing
    missing=$(missing_with "$package") || {
        fetching "Debian's lists of packages" apt-get update -q
        missing=$(missing_with "$package") || die "Debian has no package $package that fits this machine" "try: apt-get -s install $package"
    }
    # One may be installed already, but not where it is looked for.
    # shellcheck disable=SC2086
    fetching "Debian's packages for $package" apt-get download -q $(printf '%s\n' $missing "$package" | sort -u) || return 1
    local file
    for file in *.deb; do
        dpkg -x "$file" .
        rm -f "$file"
    done
}

# Names of packages that an installation would bring.
missing_with() {
    local said
    said=$(LC_ALL=C apt-get -s -q install --no-install-recommends "$1" 2>/dev/null) || return 1
    awk '/^Inst /{print $2}' <<<"$said"
}

# library_path ROOT: where its libraries lie.
library_path() {
    local triplet
    triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || printf '%s-linux-gnu\n' "$(uname -m)")
    printf '%s\n' "$1/usr/lib/$triplet:$1/lib/$triplet"
}
