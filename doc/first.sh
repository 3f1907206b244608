#!/bin/sh
# How long the demo takes to its first answer and to its last page: sh doc/first.sh COMMAND…
# With GOCACHE in an empty folder and `go run ./cmd/rapsheet` as the command: the newcomer's first run (at most 180 s).
set -eu
addr=127.0.0.1:${PORT:-18098}
out=$(mktemp)
pid=
# go run passes no signal on: what it started is stopped first.
stop() { test -z "$pid" || { pkill -INT -P "$pid" || true; kill "$pid" 2>/dev/null || true; }; rm -f "$out"; }
trap stop EXIT
start=$(date +%s%N)
"$@" demo --addr "$addr" > "$out" 2>/dev/null & pid=$!
since() { echo $((($(date +%s%N) - start) / 1000000)); }
until curl -sf "http://$addr/v1/search?q=ransomware" > /dev/null; do
  kill -0 "$pid" 2>/dev/null || { echo "the demo ended before it answered" >&2; exit 1; }
  sleep 0.05
done
first=$(since)
until grep -q '^Pages at' "$out"; do kill -0 "$pid" 2>/dev/null || { echo "the demo ended before it was done" >&2; exit 1; }; sleep 0.05; done
echo "first answer after $first ms (at most ${FIRST:-3000}), all done after $(since) ms (at most ${ALL:-15000})"
test "$first" -le "${FIRST:-3000}"
