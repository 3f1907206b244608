#!/bin/sh
# Resident memory of `serve --roles api` on a demo store after a minute's rest: sh doc/rest.sh BINARY.
set -eu
dir=$(mktemp -d); trap 'kill "$pid" 2>/dev/null || true; rm -rf "$dir"' EXIT
"$1" demo --once --data "$dir" > /dev/null
"$1" serve --roles api --data "$dir" --addr 127.0.0.1:18099 2>/dev/null & pid=$!
sleep "${REST:-60}"
awk '/VmRSS/ {printf "resident after rest: %d MB (at most 150)\n", $2/1024; exit !($2 <= 153600)}' "/proc/$pid/status"
