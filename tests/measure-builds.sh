#!/usr/bin/env bash
# How long builds take: of `gw` itself, the first build of a gateway, and a build after only its .gw file has changed.
#
#   bash tests/measure-builds.sh              all figures, in a cache folder of its own (a few minutes)
#   bash tests/measure-builds.sh --check      the same, and fails where a bound is not kept
#
# The bounds are for two cores that have nothing else to do: 3 s for `gw run`, 20 s for `gw build`.
set -euo pipefail
cd "$(dirname "$0")/.."

RUN_BOUND=3
BUILD_BOUND=20

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GATEWRIGHT_CACHE="$folder/cache"

cargo build --quiet --release --package gatewright-cli
gw="$(cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/gw"
cp -r examples/storefront "$folder/storefront"
# Only the gateway is measured, so nothing is started beside it.
rm "$folder/storefront/gatewright.toml"
program="$folder/storefront/frontpage.gw"

# Seconds that a command takes, with two decimals.
seconds() {
    local from to
    from=$(date +%s%N)
    "$@" > "$folder/out" 2>&1 || { cat "$folder/out" >&2; exit 1; }
    to=$(date +%s%N)
    printf '%d.%02d' $(((to - from) / 1000000000)) $(((to - from) / 10000000 % 100))
}

# Until the gateway listens, then stops it.
run() {
    "$gw" run "$program" --free-ports > "$folder/log" 2> "$folder/said" &
    local pid=$!
    until grep -q Listening "$folder/said"; do
        kill -0 "$pid" 2> /dev/null || { cat "$folder/said"; return 1; }
        sleep 0.02
    done
    kill -TERM "$pid"
    wait "$pid"
}

build() { "$gw" build "$program" -o "$folder/storefront-gateway"; }

# Takes one more field of each product, or one less.
change() {
    if grep -q 'id, name, price, stock }' "$program"; then
        sed -i 's/id, name, price, stock }/id, name, price }/' "$program"
    else
        sed -i 's/products() { id, name, price }/products() { id, name, price, stock }/' "$program"
    fi
}

# The middle one of three.
median() { printf '%s\n' "$@" | sort -n | sed -n 2p; }

check_failed=0
bound() {
    if [ "${check:-}" = 1 ] && [ "$(printf '%s\n' "$1" "$2" | sort -n | tail -1)" != "$2" ]; then
        echo "  more than $2 s" >&2
        check_failed=1
    fi
}
[ "${1:-}" = --check ] && check=1

# One figure. Assigned first, so that a command that fails ends the script.
figure() {
    local time
    time=$(seconds "${@:2}")
    echo "$1: $time s"
}

# The middle of three, each after a change of the .gw file, held against a bound.
changed() {
    local times=() time
    for _ in 1 2 3; do
        change
        time=$(seconds "$2")
        times+=("$time")
    done
    time=$(median "${times[@]}")
    echo "$1, only the .gw file changed: $time s (${times[*]})"
    bound "$time" "$3"
}

echo "cores: $(nproc), load: $(cut -d' ' -f1 /proc/loadavg)"
figure "gw check" "$gw" check "$program"
figure "gw run, the first time" run
changed "gw run" run "$RUN_BOUND"
figure "gw run, nothing changed" run
figure "gw build, the first time" build
changed "gw build" build "$BUILD_BOUND"
echo "binary: $(stat -c %s "$folder/storefront-gateway") bytes; cache: $(du -sm "$GATEWRIGHT_CACHE" | cut -f1) MB"
exit "$check_failed"
