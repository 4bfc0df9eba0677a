#!/usr/bin/env bash
# Compares a hot feed with nginx sending the same bytes from a file. Both run in turns on this machine. The measure is requests per
# second of the server's processor time, for 200s and for 304s. Prints the ratios; fails if one is below 0.9.
#
#   tools/bench-serving.sh [TURNS]        needs cargo, curl, nginx, python3, wrk; REDRAFT=FILE measures that program
#
# The figures depend on the machine; only the ratios count.
set -euo pipefail
cd "$(dirname "$0")/.."

# Turns are short, so that other work of the machine slows both servers.
TURNS=${1:-8} SECONDS_A_TURN=2
LEAST_RATIO=0.9
SITE=18181 OURS=18182 THEIRS=18183

work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# ready URL: waits up to ten seconds for an answer.
ready() { curl -sf -o /dev/null --retry 100 --retry-delay 0 --retry-max-time 10 --retry-connrefused --retry-all-errors "$1" || fail "no answer from $1"; }

# ── a store with 25 edits ──

redraft=${REDRAFT:-$PWD/target/release/redraft}
[ -n "${REDRAFT:-}" ] || cargo build --release --quiet
python3 tools/bench_serving_site.py "$SITE" & pids+=($!)
ready "http://127.0.0.1:$SITE/feed.xml"
printf '[[source]]\nname = "site"\nurl = "http://127.0.0.1:%s/feed.xml"\n' "$SITE" >"$work/sources.toml"
settings=(--config "$work" --data "$work/data" --set 'fetch.allow_private=["127.0.0.0/8"]' --set fetch.host_spacing=0s)
"$redraft" once --now "${settings[@]}" >"$work/log" 2>&1 || fail "$(cat "$work/log")"
curl -sf -o /dev/null "http://127.0.0.1:$SITE/edit"
"$redraft" once --now "${settings[@]}" >>"$work/log" 2>&1 || fail "$(cat "$work/log")"
"$redraft" run --listen "127.0.0.1:$OURS" "${settings[@]}" >>"$work/log" 2>&1 & pids+=($!); ours=$!
feed=http://127.0.0.1:$OURS/edits.atom
ready "$feed"

# ── the same bytes as a file ──

mkdir -p "$work/www"
curl -sf -D "$work/head" -H 'Accept-Encoding: gzip' -o "$work/www/edits.atom.gz" "$feed"
gunzip -k "$work/www/edits.atom.gz"
cat >"$work/nginx.conf" <<NGINX
worker_processes 1; daemon off; pid $work/nginx.pid; error_log $work/error.log;
events {}
http {
  access_log off; sendfile on; tcp_nopush on; types { application/atom+xml atom; }
  client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
  server { listen 127.0.0.1:$THEIRS; root $work/www; gzip_static on; open_file_cache max=10; }
}
NGINX
nginx -c "$work/nginx.conf" & pids+=($!)
file=http://127.0.0.1:$THEIRS/edits.atom
ready "$file"
theirs=$(pgrep -P "$(cat "$work/nginx.pid")")

# ── measure ──

ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
resident_kib() { awk '/^VmRSS/ {print $2}' "/proc/$1/status"; }
# spend PID URL HEADER…: sends requests for one turn; prints the number of answers and the process's ticks.
spend() {
    local pid=$1 url=$2 before requests; shift 2
    before=$(ticks "$pid")
    requests=$(wrk -t2 -c64 -d"${SECONDS_A_TURN}s" "$@" "$url" | awk '/requests in/ {print $1}')
    printf '%s %s\n' "$requests" "$(($(ticks "$pid") - before))"
}
# rate FILE: prints the answers per second of processor time over all turns.
rate() { awk -v hz="$(getconf CLK_TCK)" '{n += $1; t += $2} END {printf "%.0f", n * hz / t}' "$1"; }
etag_of() { curl -sfI -H 'Accept-Encoding: gzip' "$1" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p'; }

printf 'the feed: %s bytes, gzipped %s\n' "$(stat -c %s "$work/www/edits.atom")" "$(stat -c %s "$work/www/edits.atom.gz")"
memory=$(resident_kib "$ours")
bad=0
for kind in 200 304; do
    our_header=() their_header=()
    if [ "$kind" = 304 ]; then
        our_header=(-H "If-None-Match: $(etag_of "$feed")") their_header=(-H "If-None-Match: $(etag_of "$file")")
    fi
    : >"$work/ours-$kind" >"$work/theirs-$kind"
    for _ in $(seq "$TURNS"); do
        spend "$ours" "$feed" -H 'Accept-Encoding: gzip' "${our_header[@]}" >>"$work/ours-$kind"
        spend "$theirs" "$file" -H 'Accept-Encoding: gzip' "${their_header[@]}" >>"$work/theirs-$kind"
    done
    we=$(rate "$work/ours-$kind") they=$(rate "$work/theirs-$kind")
    ratio=$(awk -v a="$we" -v b="$they" 'BEGIN {printf "%.2f", a / b}')
    printf '%s: redraft %s, nginx %s requests per processor second: ratio %s\n' "$kind" "$we" "$they" "$ratio"
    awk -v r="$ratio" -v least="$LEAST_RATIO" 'BEGIN {exit !(r < least)}' && bad=1
done
printf 'resident memory of redraft: %s KiB before, %s KiB after\n' "$memory" "$(resident_kib "$ours")"
[ "$bad" = 0 ] || fail "a ratio is under $LEAST_RATIO"
