// The description of the topics as AsyncAPI's own parser reads it, with every schema to which it refers.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { CONTRACTS, TONGGUAN_IMPORTER_MODULES } = process.env;
const { Parser, fromFile } = createRequire(`${TONGGUAN_IMPORTER_MODULES}/package.json`)("@asyncapi/parser");

const { document, diagnostics } = await fromFile(new Parser(), `${CONTRACTS}/asyncapi.json`).parse();
// Not that there is a newer AsyncAPI than 3.0.
const wrong = diagnostics.filter(one => one.code !== "asyncapi-latest-version");
assert.deepEqual(wrong.map(one => `${one.path.join("/")}: ${one.message}`), []);
for (const message of document.allMessages()) {
  assert.ok(message.hasPayload() && message.examples().length > 0, message.id());
}
console.log(`${document.allChannels().length} topics`);
