#!/usr/bin/env bash
# Builds the image from the Dockerfile with buildah, without Docker and without a registry, and checks our claims about it: it is
# small and static; it starts with a read-only root as uid 65532 without capabilities; it is healthy, serves, and publishes an
# edit of a site whose name it resolves; it stops in time and stays small; and it says what to do if it cannot write.
#
#   tools/prove-container.sh            needs root, buildah, curl, ip, jq, pgrep, python3, readelf, setpriv, unshare
#
# If the Dockerfile's base image is not in local storage, the script makes a substitute with debootstrap and the present Rust
# toolchain. It copies the machine's root certificates, so that cargo can reach the crates as it does here.
set -euo pipefail
cd "$(dirname "$0")/.."

IMAGE=localhost/redraft:proof
DEBIAN=bookworm
MAX_IMAGE_BYTES=$((24 * 1000 * 1000))
MAX_IDLE_KIB=$((24 * 1024))
MAX_STOP_MILLISECONDS=5000

buildah() { command buildah --storage-driver vfs "$@"; }
step() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# hold CLAIM COMMAND…: runs the command; prints the claim if it succeeds, fails the script if not.
hold() { local what=$1; shift; "$@" || fail "$what"; printf 'ok: %s\n' "$what"; }

# ── build ──

base_image() { sed -n 's/^FROM \(.*\) AS build$/\1/p' Dockerfile; }

make_base_image() {
    local name=$1 tree=$work/base container mounted
    step "make a substitute for $name"
    debootstrap --variant=minbase --include=gcc,libc6-dev,ca-certificates "$DEBIAN" "$tree" >"$work/debootstrap.log"
    rm -rf "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/*
    mkdir -p "$tree/usr/local/rustup/toolchain" "$tree/usr/local/cargo/bin"
    cp -a "$(rustc --print sysroot)"/{bin,lib} "$tree/usr/local/rustup/toolchain/"
    ln -s /usr/local/rustup/toolchain/bin/{cargo,rustc,rustdoc} "$tree/usr/local/cargo/bin/"
    cp --remove-destination /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/ca-certificates.crt"
    container=$(buildah from scratch)
    mounted=$(buildah mount "$container")
    mv "$tree"/* "$mounted/"
    buildah umount "$container" >/dev/null
    buildah config --env CARGO_HOME=/usr/local/cargo \
        --env PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    buildah commit --quiet --rm "$container" "$name" >/dev/null
}

build_image() {
    step "build the image from the Dockerfile"
    buildah bud --pull-never --isolation chroot --format docker --tag "$IMAGE" . >"$work/build.log" 2>&1 || {
        tail -n 40 "$work/build.log"
        fail "the build"
    }
}

# The image's root file system, with the resolver and mount points that a container runtime adds.
unpack_image() {
    local container
    container=$(buildah from --pull-never "$IMAGE")
    mkdir "$root"
    cp -a "$(buildah mount "$container")/." "$root/"
    buildah rm "$container" >/dev/null
}

prepare_root() {
    mkdir -p "$root/proc" "$root/dev"
    printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
    printf 'nameserver 127.0.0.1\n' >"$root/etc/resolv.conf"
    mkdir "$work/config"
    printf '[[source]]\nurl = "http://news.test/feed.xml"\nname = "Proof"\n' >"$work/config/sources.toml"
    cat >"$work/config/redraft.toml" <<'TOML'
[fetch]
allow_private = ["127.0.0.0/8"]
host_spacing = "100ms"
[schedule]
feed_interval = "1s"
first_look = "1s"
TOML
}

# ── the image ──

prove_description() {
    step "the image's description"
    local description version
    description=$(buildah inspect --type image "$IMAGE" | jq .Docker.config)
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
    says() { [ "$(jq -r "$1" <<<"$description")" = "$2" ]; }
    hold "its user is 65532:65532" says .User 65532:65532
    hold "it starts /redraft run" says '.Entrypoint + .Cmd | join(" ")' "/redraft run"
    hold "SIGTERM stops it" says .StopSignal SIGTERM
    hold "its health check is /redraft health" says '.Healthcheck.Test | join(" ")' "CMD /redraft health"
    hold "its label names version $version" says '.Labels["org.opencontainers.image.version"]' "$version"
}

prove_files() {
    step "the image's files"
    local bytes
    (cd "$root" && find . -printf '%M %U:%G %9s %p\n')
    bytes=$(du --bytes --summarize "$root" | cut -f 1)
    hold "$bytes bytes are at most $MAX_IMAGE_BYTES" test "$bytes" -le "$MAX_IMAGE_BYTES"
    printf 'compressed: %d bytes\n' "$(tar -C "$root" -c . | gzip -9 | wc -c)"
    hold "the binary needs no loader" no grep -q INTERP <(readelf --program-headers "$root/redraft")
    hold "/data belongs to 65532:65532" test "$(stat -c %u:%g "$root/data")" = 65532:65532
}

no() { ! "$@"; }

# ── the running container, in its own network namespace, so that its port and the DNS port are free ──

# contained DATA ARGUMENT…: runs redraft as Docker does with read_only, cap_drop ALL and no-new-privileges: as the first process,
# in the image's root.
contained() {
    exec unshare --mount --pid --fork --kill-child "$BASH" -euc '
        root=$1 data=$2 config=$3; shift 3
        mount --bind "$root" "$root"
        mount --bind "$data" "$root/data"
        mount --bind "$config" "$root/config"
        mount -o remount,bind,ro "$root/config"
        mount -t proc proc "$root/proc"
        mount --bind /dev "$root/dev"
        mount -o remount,bind,ro "$root"
        exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid \
            env -i REDRAFT_SERVE_LISTEN=0.0.0.0:8080 REDRAFT_STORE_PATH=/data \
            "$(command -v chroot)" --userspec=65532:65532 --groups= "$root" /redraft "$@"
    ' contained "$root" "$1" "$work/config" "${@:2}"
}

# its_status FILE DATA ARGUMENT…: prints the exit status; the output goes into FILE.
its_status() { local status=0; (contained "${@:2}") >"$1" 2>&1 || status=$?; printf '%d' "$status"; }

redraft_pid() { pgrep --newest --uid 65532 --exact redraft; }
fetches() { curl --silent --fail --max-time 2 --output "$work/answer" "http://127.0.0.1$1"; }
edit_published() { fetches :8080/edits.atom && grep -q '<entry>' "$work/answer"; }
soon() { local n; for n in $(seq 150); do "$@" 2>/dev/null && return; sleep 0.1; done; tail -n 20 "$work"/*.log; return 1; }

prove_run() {
    step "a start with an empty /data"
    local pid daemon site resident
    install -d -o 65532 -g 65532 -m 0750 "$work/data"
    python3 tools/prove_container_site.py >"$work/site.log" 2>&1 &
    site=$!
    soon fetches :80/feed.xml
    contained "$work/data" run >"$work/run.log" 2>&1 &
    daemon=$!
    hold "it serves its health" soon fetches :8080/health
    hold "it serves its feed" fetches :8080/edits.atom
    hold "redraft health exits with 0" test "$(its_status "$work/health.log" "$work/data" health)" = 0
    pid=$(redraft_pid)
    grep -E '^(Uid|NoNewPrivs|NSpid)' "/proc/$pid/status"
    hold "it has no capability" grep -qE '^CapEff:\s0{16}$' "/proc/$pid/status"
    hold "its root is read-only" no nsenter --mount --target "$pid" touch "$root/x" 2>/dev/null
    hold "it resolves a name and publishes the edit there" soon edit_published
    grep -oE '<title[^>]*>[^<]*</title>' "$work/answer" | tail -n 1
    kill "$site"
    sleep 5
    resident=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
    awk '/^(RssAnon|RssFile|Threads)/' "/proc/$pid/status"
    stop "$pid" "$daemon"
    hold "idle it took $resident KiB, at most $MAX_IDLE_KIB" test "$resident" -le "$MAX_IDLE_KIB"
    hold "redraft health exits with 1 if redraft is not running" \
        test "$(its_status "$work/health.log" "$work/data" health)" = 1
}

# stop PID JOB: sends SIGTERM to redraft, then checks the exit status of the job that started it.
stop() {
    local started took status=0
    started=$(date +%s%3N)
    kill -TERM "$1"
    wait "$2" || status=$?
    took=$(($(date +%s%3N) - started))
    hold "after SIGTERM it exits with 0 ($status)" test "$status" = 0
    hold "after SIGTERM it is gone in $took ms, at most $MAX_STOP_MILLISECONDS" test "$took" -le "$MAX_STOP_MILLISECONDS"
}

prove_restart() {
    step "a restart with the same /data"
    local daemon
    contained "$work/data" run >"$work/again.log" 2>&1 &
    daemon=$!
    hold "it still publishes the edit" soon edit_published
    stop "$(redraft_pid)" "$daemon"
}

prove_unwritable() {
    step "a start with a /data of another user"
    local status
    install -d -o 0 -g 0 -m 0755 "$work/foreign"
    status=$(its_status "$work/unwritable.log" "$work/foreign" run)
    cat "$work/unwritable.log"
    hold "it exits with 78 ($status)" test "$status" = 78
    hold "it says what to do" grep -q 'chown 65532' "$work/unwritable.log"
}

if [ "${1:-}" = --inside ]; then
    trap 'kill $(jobs -p) 2>/dev/null' EXIT
    ip link set lo up
    prove_run
    prove_restart
    prove_unwritable
    exit
fi

[ "$(id -u)" = 0 ] || fail "this needs root: it makes namespaces"
work=$(mktemp -d)
root=$work/root
export work root
trap 'rm -rf "$work"' EXIT
buildah inspect --type image "$(base_image)" >/dev/null 2>&1 || make_base_image "$(base_image)"
build_image
prove_description
unpack_image
prove_files
prepare_root
unshare --net "$BASH" "$0" --inside
step "all checks passed"
