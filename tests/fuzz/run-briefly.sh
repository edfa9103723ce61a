#!/usr/bin/env bash
# Runs each fuzz target for a few seconds: FUZZ_SECONDS, 10 by default. Needs a nightly toolchain and cargo-fuzz; without them
# it says so and is done, since the corpora are replayed by the ordinary tests in any case.
set -euo pipefail
cd "$(dirname "$0")"

if ! rustup toolchain list 2> /dev/null | grep -q nightly; then
    echo "skipped: there is no nightly toolchain"
    exit 0
fi
if ! cargo fuzz --version > /dev/null 2>&1 && ! cargo install --quiet --locked cargo-fuzz; then
    echo "skipped: cargo-fuzz can't be installed"
    exit 0
fi
for target in fuzz_targets/*.rs; do
    name=$(basename "$target" .rs)
    echo "fuzzing $name"
    # What is found on the way goes to the first folder; the checked-in corpora are only read.
    found=$(mktemp -d)
    seeds=()
    case $name in
        scanner) seeds=(../corpus/scanner ../corpus/json-test-suite) ;;
        *) seeds=(../corpus/programs ../golden/cases) ;;
    esac
    cargo +nightly fuzz run --fuzz-dir . "$name" "$found" "${seeds[@]}" -- -max_len=4096 -max_total_time="${FUZZ_SECONDS:-10}" -rss_limit_mb=2048
done
