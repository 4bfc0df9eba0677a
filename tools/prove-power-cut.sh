#!/bin/sh
# Cuts the power under a store during writes, again and again, and checks that every acknowledged change survives.
#
#   tools/prove-power-cut.sh [ROUNDS]        needs root, loop devices, e2fsprogs and fsfreeze; 100 rounds without a number
#
# The store is in an ext4 image inside another ext4 image. Freezing the outer file system stops the inner one's device between two
# writes, so a copy made then is the content of its disk at that instant. Data that the inner file system had not sent to its
# disk is missing, exactly as after a power cut. The script mounts the copy (which replays the journal), opens the store and compares.
#
# It does not test a disk that acknowledges writes and then loses them from its own cache, or reorders them.
set -eu

rounds=${1:-100}
work=$(mktemp -d)
test=$(cargo test --test store --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*\/store-[^"]*\)".*/\1/p' | tail -1)
name=a_killed_writer_loses_nothing_that_it_was_told_is_kept
writer=

clean() {
    [ -z "$writer" ] || kill -9 "$writer" 2>/dev/null || true
    fsfreeze -u "$work/outer" 2>/dev/null || true
    for at in copy inner outer; do umount "$work/$at" 2>/dev/null || true; done
    rm -rf "$work"
}
trap clean EXIT INT TERM

mkdir "$work/outer" "$work/inner" "$work/copy"
truncate -s 700M "$work/outer.img"
mkfs.ext4 -q "$work/outer.img"
mount -o loop "$work/outer.img" "$work/outer"

round=0
while [ "$round" -lt "$rounds" ]; do
    # Twenty-five cuts over one store, then a fresh one.
    truncate -s 0 "$work/outer/inner.img"
    truncate -s 256M "$work/outer/inner.img"
    mkfs.ext4 -q "$work/outer/inner.img"
    mount -o loop "$work/outer/inner.img" "$work/inner"
    : >"$work/told"
    REDRAFT_TEST_STORE_CHILD="$work/inner/data" "$test" --exact "$name" --nocapture >"$work/told" 2>/dev/null &
    writer=$!
    cuts=0
    while [ "$cuts" -lt 25 ] && [ "$round" -lt "$rounds" ]; do
        cuts=$((cuts + 1)); round=$((round + 1))
        sleep "0.$(((round * 7919) % 900 + 50))"
        # Only changes acknowledged before the cut must survive.
        cp "$work/told" "$work/told.cut"
        fsfreeze -f "$work/outer"
        cp --sparse=always "$work/outer/inner.img" "$work/copy.img"
        fsfreeze -u "$work/outer"
        mount -o loop "$work/copy.img" "$work/copy"
        if ! REDRAFT_TEST_STORE_CHECK="$work/copy/data" REDRAFT_TEST_STORE_TOLD="$work/told.cut" \
            "$test" --exact "$name" --nocapture >"$work/checked" 2>&1; then
            cat "$work/checked"
            echo "round $round of $rounds: an acknowledged change is lost"
            exit 1
        fi
        umount "$work/copy"
    done
    kill -9 "$writer"; wait "$writer" 2>/dev/null || true; writer=
    echo "$round of $rounds: $(grep -c '^[0-9]* [0-9]*$' "$work/told" || true) versions were acknowledged to the last writer, nothing is lost"
    umount "$work/inner"
done
