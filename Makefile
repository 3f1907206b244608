# What a developer runs. `make check` is what CI runs.
export CGO_ENABLED = 0
FUZZTIME ?= 30s
FUZZPKGS ?= ./...
EVAL ?= ../shared/eval
REF ?= ../shared/reference
LINT_VERSION = v2.15.0

.PHONY: check test build size lint fuzz newsroom eval bench bench-api memory bench-crawl clients catalogue rest soak warc first first-cold
check: ; .ci/run
test: ; go test ./...

build: bin/rapsheet
bin/rapsheet: FORCE
	go build -trimpath -ldflags='-s -w' -o $@ ./cmd/rapsheet
FORCE:

# The binary with all its data must stay below 90 MB.
size: bin/rapsheet
	@size=$$(stat -c %s bin/rapsheet); echo "binary: $$((size / 1000000)) MB (at most 90)"; test $$size -le 90000000

lint:
	go run -modfile=tools/go.mod github.com/golangci/golangci-lint/v2/cmd/golangci-lint run ./...

# Every fuzz target of the tree for FUZZTIME each, one after another.
fuzz:
	@go list $(FUZZPKGS) | while read -r pkg; do \
	  for f in $$(go test -list '^Fuzz' $$pkg 2>/dev/null | grep '^Fuzz' || true); do \
	    echo "$$pkg $$f"; go test -run='^$$' -fuzz="^$$f\$$" -fuzztime=$(FUZZTIME) $$pkg || exit 1; done; done

# The demo newsroom crawled by the built binary, as a newcomer would.
newsroom: bin/rapsheet
	cd $$(mktemp -d) && $(CURDIR)/bin/rapsheet demo --once

# Figures on the blind test set, and on the labelled reporting where it is present beside the project.
eval: bin/rapsheet
	@sh data/eval.sh bin/rapsheet $(EVAL)

# The embedded catalogue, from copies of the public catalogues in REF. The same copies give the same bytes.
catalogue:
	go run ./cmd/gen-catalogue -misp $(REF)/misp-galaxy/threat-actor.json -ransomware $(REF)/misp-galaxy/ransomware.json \
	  -attack $(REF)/attack-groups.stix.json -software $(REF)/attack-software.stix.json -microsoft $(REF)/microsoft-threat-actor-names.json

bench: ; go test -run='^$$' -bench=. -benchmem ./api ./cmd/rapsheet ./exchange/... ./extract/... ./index/... ./names/... ./store/...

# The API as its callers meet it: a built rapsheet and a bare net/http server, loaded by turns from a second process. SOAK_API=10m
# adds a soak.
SOAK_API ?= 0
bench-api: bin/rapsheet
	go run ./cmd/bench-api -bin bin/rapsheet -soak $(SOAK_API)

# What the server holds in memory with 100,000 reports of 300 words and 300,000 claims: all of it, store and index together.
memory: bin/rapsheet
	go run ./cmd/bench-api -bin bin/rapsheet -only memory -reports 100000 -words 300

# The fetch path against bare colly, the whole path's CPU a page against reading and one gzip, reading against trafilatura with its
# fallback: pairs of which the ratio counts.
bench-crawl:
	go test -run='^$$' -bench='Fetch|WholePath|ReadAndGzip|Pages|Trafilatura' -benchtime=3s -count=2 ./crawler ./cmd/rapsheet ./extract/article

# Clients generated from the contract, in Go and TypeScript, compiled and tried against a server. Needs the network for the generators.
clients: bin/rapsheet
	bash doc/clients.sh bin/rapsheet

# Resident memory of serve on the demo store after a minute's rest (at most 150 MB).
rest: bin/rapsheet
	sh doc/rest.sh bin/rapsheet

# The crawler against 200 sources of 100 pages and a fault server on loopback, on a compressed clock, for SOAK.
SOAK ?= 30m
soak:
	RAPSHEET_SOAK=$(SOAK) go test ./crawler -run '^TestSoak$$' -v -timeout 120m

# Another reader, npm's warcio, accepts the WARC files. It needs node and npm.
WARCIO ?= $(or $(TMPDIR),/tmp)/rapsheet-warcio
warc:
	npm install --no-audit --no-fund --silent --prefix $(WARCIO) warcio@2.4.11
	RAPSHEET_WARCIO=$(WARCIO) go test ./crawler/evidence -run '^TestAnotherReaderAcceptsTheFiles$$' -v -count=1

# How long the demo takes to its first answer: from the built binary, and from an empty build cache as a newcomer has it.
first: bin/rapsheet
	sh doc/first.sh bin/rapsheet
first-cold:
	GOCACHE=$$(mktemp -d) FIRST=180000 ALL=180000 sh doc/first.sh go run ./cmd/rapsheet
