#!/usr/bin/env bash
# Clients generated from api/openapi.json, compiled and tried against a running demo: Go with oapi-codegen, TypeScript with
# openapi-typescript. Needs the network once, for the generators; node for the second.
#   bash doc/clients.sh bin/rapsheet
set -euo pipefail
bin=$(realpath "${1:-bin/rapsheet}")
spec=$(realpath "$(dirname "$0")/../api/openapi.json")
work=$(mktemp -d)
"$bin" serve --roles api --addr 127.0.0.1:0 --data "$work/data" 2>"$work/log" &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do test -s "$work/data/server" && break; sleep 0.1; done
url=$(cat "$work/data/server")

echo "== Go"
mkdir "$work/go" && cd "$work/go"
go mod init example.com/client >/dev/null 2>&1
go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.5.0 -generate types,client -package main "$spec" > client.gen.go
cat > main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	c, err := NewClientWithResponses(os.Args[1])
	if err != nil {
		panic(err)
	}
	r, err := c.GetV1EnrichByValueWithResponse(context.Background(), "UNC3944", nil)
	if err != nil || r.StatusCode() != 200 {
		panic(fmt.Sprint(err, r.Status()))
	}
	var a EnrichAnswer
	if err := json.Unmarshal(r.Body, &a); err != nil {
		panic(err)
	}
	found := (*a.Results)[0]
	fmt.Println("Go client:", *found.Value, *found.Status, *(*found.Candidates)[0].Name)
}
GO
go mod tidy >/dev/null 2>&1
go run . "$url"

echo "== TypeScript"
mkdir "$work/ts" && cd "$work/ts"
export npm_config_update_notifier=false npm_config_loglevel=error
npm init -y >/dev/null && npm pkg set type=module
npm install --silent --no-audit --no-fund typescript@5 openapi-typescript@7 openapi-fetch@0.14 @types/node@22 >/dev/null
npx openapi-typescript "$spec" -o schema.d.ts >/dev/null
cat > main.ts <<'TS'
import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";

const client = createClient<paths>({ baseUrl: process.argv[2] });
const { data, error, response } = await client.POST("/v1/resolve", { body: { items: [{ id: "1", value: "UNC3944" }] } });
if (error || !data || typeof data === "string" || !("results" in data)) throw new Error(`${response.status}`);
console.log("TypeScript client:", JSON.stringify(data.results?.[0]).slice(0, 140));
TS
npx tsc --strict --target es2022 --module nodenext --moduleResolution nodenext --skipLibCheck --outDir out main.ts
node out/main.js "$url"
