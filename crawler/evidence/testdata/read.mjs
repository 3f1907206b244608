// Prints what npm's warcio makes of a WARC file: node read.mjs FOLDER-WITH-NODE_MODULES FILE.
import { createReadStream } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(join(process.argv[2], "x.js")));
const { WARCParser } = await import(pathToFileURL(require.resolve("warcio")));

for await (const record of new WARCParser(createReadStream(process.argv[3]))) {
  const body = Buffer.from((await record.readFully(false)) ?? []);
  const uri = record.warcTargetURI ?? "";
  let line = `${record.warcType} ${uri}`;
  if (record.warcType === "response") {
    const digest = "sha256:" + createHash("sha256").update(body).digest("hex");
    const ok = digest === record.warcPayloadDigest ? "digest ok" : `digest ${digest} is not ${record.warcPayloadDigest}`;
    line = `response ${record.httpHeaders.statusCode} ${uri} ${body.length} ${ok}`;
  }
  console.log(line.trim());
}
