#!/bin/sh
# Cuts the power under a store that is being written, again and again, and checks that all is there that the writer was told is kept.
#
#   tools/prove-power-cut.sh [ROUNDS]        needs root, loop devices, e2fsprogs and fsfreeze; 100 rounds without a number
#
# The store lies in an ext4 image that lies in another ext4 image. Freezing the outer one stops the inner one's device between two
# writes; a copy made then is what its disk held at that instant. What the inner file system had not sent to its disk yet is not in
# it, exactly as after a power cut. The copy is mounted (its journal is played back), the store in it opened and compared.
#
# What this does not show: a disk that acknowledges writes and loses them from its own cache, or turns their order round.
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
        # Only what was told before the cut must be there.
        cp "$work/told" "$work/told.cut"
        fsfreeze -f "$work/outer"
        cp --sparse=always "$work/outer/inner.img" "$work/copy.img"
        fsfreeze -u "$work/outer"
        mount -o loop "$work/copy.img" "$work/copy"
        if ! REDRAFT_TEST_STORE_CHECK="$work/copy/data" REDRAFT_TEST_STORE_TOLD="$work/told.cut" \
            "$test" --exact "$name" --nocapture >"$work/checked" 2>&1; then
            cat "$work/checked"
            echo "round $round of $rounds: something is lost"
            exit 1
        fi
        umount "$work/copy"
    done
    kill -9 "$writer"; wait "$writer" 2>/dev/null || true; writer=
    echo "$round of $rounds: $(grep -c '^[0-9]* [0-9]*$' "$work/told" || true) versions were told by the last writer, nothing is lost"
    umount "$work/inner"
done
