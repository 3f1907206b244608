#!/bin/sh
# Figures on the project's blind test set, then on labelled reporting kept beside the project: sh data/eval.sh BINARY FOLDER. Prints
# nothing but figures; skips the second where the folder is missing.
set -eu
bin=$1 dir=$2
# The blind set of the project itself, so always there; part-b is measured and never read by who writes rules.
for part in a b; do echo "== retold, part $part"; "$bin" eval "extract/testdata/retold/part-$part.jsonl"; done
[ -f "$dir/score.py" ] || { echo "eval: no labelled reporting at $dir: nothing measured"; exit 0; }
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
# Out of fold: each record is read by a model that learned nothing from it (cmd/train).
echo "== reliability, out of fold"; go run ./cmd/train -data "$dir" -cross "$tmp/cross"
for set in hackmageddon roundup vcdb eurepoc casie; do
  echo "== $set"; python3 "$dir/score.py" "$dir/$set.dev.jsonl" "$tmp/cross/$set.jsonl"
done
echo "== articles"; python3 "$dir/score.py" "$dir/articles.dev.jsonl" "$tmp/cross/casie.jsonl"
echo "== newsroom"; "$bin" eval --newsroom
echo "== search"; python3 data/retrieval.py "$bin" "$dir" 18431
python3 - "$dir/pages" > "$tmp/pages.in" <<'PY'
import glob, json, sys
for f in sorted(glob.glob(sys.argv[1] + "/*.json")):
    r = json.load(open(f))
    print(json.dumps({"id": r["id"], "title": r.get("title", ""), "text": r["text"], "date": r.get("date", ""), "language": r.get("lang", "")}))
PY
"$bin" extract < "$tmp/pages.in" > "$tmp/pages.jsonl"
echo "== pages"; python3 "$dir/score.py" "$dir/pages" "$tmp/pages.jsonl"
mkdir "$tmp/html"
for f in "$dir"/html/*.html.gz; do gunzip -c "$f" > "$tmp/html/$(basename "$f" .gz)"; done
python3 - "$dir/html/gold.json" "$tmp/html" > "$tmp/html.in" <<'PY'
import json, os, sys
for g in json.load(open(sys.argv[1])):
    page = os.path.join(sys.argv[2], g["file"].removesuffix(".gz"))
    print(json.dumps({"id": g["file"], "html_path": page, "url": g.get("url", "")}))
PY
"$bin" read --jsonl < "$tmp/html.in" > "$tmp/html.jsonl" 2> "$tmp/html.err" || true
echo "== html"; python3 "$dir/score.py" "$dir/html/gold.json" "$tmp/html.jsonl"
