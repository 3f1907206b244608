"""How well search finds labelled reports: python3 retrieval.py BINARY FOLDER PORT.

Stores the short descriptions of FOLDER in a store of its own, serves it on loopback without crawling, and asks what the labelled
queries ask: each victim and each actor as plain words and as a filter. Prints figures only.
"""
import json, subprocess, sys, tempfile, time, urllib.error, urllib.parse, urllib.request

binary, folder, port = sys.argv[1], sys.argv[2], sys.argv[3]
base = f"http://127.0.0.1:{port}"


def get(path, **query):
    try:
        with urllib.request.urlopen(f"{base}{path}?{urllib.parse.urlencode(query)}", timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:  # an ambiguous name has candidates and no hits
        return {}


def found(**query):
    ids, cursor = [], ""
    while True:
        page = get("/v1/search", limit=200, **query, **({"cursor": cursor} if cursor else {}))
        ids += [hit["url"].rsplit("/", 1)[1] for hit in page.get("items", [])]
        cursor = page.get("next_cursor")
        if not cursor:
            return ids


def mean(values):
    return sum(values) / max(1, len(values))


def actors(gold):
    for how in ("q", "actor"):
        recall, precision = [], []
        for query in json.load(open(f"{folder}/search_actor.dev.json")):
            hits = set()
            for name in query["query_names"]:
                hits |= set(found(**{how: name}))
            # A report that does not name the actor can be found by nobody who reads it.
            named = {i for i in query["relevant"] if gold[i]["actor"]["in_text"]}
            if named:
                recall.append(len(hits & named) / len(named))
            if hits:
                precision.append(len(hits & set(query["relevant"])) / len(hits))
        print(f"  actors by {how + '=':8} recall {mean(recall):.3f}  precision {mean(precision):.3f}  ({len(recall)} actors, reports that name them)")


def victims():
    queries = json.load(open(f"{folder}/search_victim.dev.json"))
    ranks, held = [], []
    for query in queries:
        relevant = set(query["relevant"])
        first = [hit["url"].rsplit("/", 1)[1] for hit in get("/v1/search", q=query["query"], limit=10).get("items", [])]
        ranks.append(next((1 / (n + 1) for n, i in enumerate(first) if i in relevant), 0))
        held.append(bool(relevant & set(found(victim=query["query"]))))
    print(f"  victims by q=      mean reciprocal rank {mean(ranks):.3f}  ({len(queries)} queries, first ten hits)")
    print(f"  victims by victim= found {mean(held):.3f}")


gold = {r["id"]: r for r in map(json.loads, open(f"{folder}/hackmageddon.dev.jsonl"))}
with tempfile.TemporaryDirectory() as tmp:
    with open(f"{tmp}/reports.jsonl", "w") as out:
        for i, r in gold.items():
            print(json.dumps({"id": i, "url": f"https://retrieval.example/{i}", "text": r["text"], "published": r["date"][:10]}), file=out)
    subprocess.run([binary, "import", "reports", f"{tmp}/reports.jsonl", "--data", f"{tmp}/store"], check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([binary, "serve", "--roles", "api", "--data", f"{tmp}/store", "--addr", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                get("/readyz")
                break
            except OSError:
                time.sleep(0.1)
        actors(gold)
        victims()
    finally:
        server.terminate()
        server.wait()
