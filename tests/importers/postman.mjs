// The descriptions as Postman's own importer reads them: every operation with its parameters, its example and its authorisation. What
// it makes of the inlet's is sent to a real one ($INLET, $KEY).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { CONTRACTS, INLET, KEY, TONGGUAN_IMPORTER_MODULES } = process.env;
const { convertV2 } = createRequire(`${TONGGUAN_IMPORTER_MODULES}/package.json`)("openapi-to-postmanv2");

// It goes on over what it cannot read, and says so here only.
const grumbled = [];
console.error = console.warn = (...words) => grumbled.push(words.map(String).join(" "));

/** As somebody imports it who has chosen examples; with the optional parameters ticked, or not. */
function imported(name, ticked) {
  const data = readFileSync(`${CONTRACTS}/${name}`, "utf8");
  const options = { parametersResolution: "Example", enableOptionalParameters: ticked };
  return new Promise((resolve, reject) => {
    convertV2({ type: "string", data }, options, (error, made) => {
      if (error || !made.result) return reject(error ?? new Error(made.reason));
      assert.deepEqual(grumbled, [], name);
      resolve({ described: JSON.parse(data), collection: made.output[0].data });
    });
  });
}

const requests = item => (item.item ? item.item.flatMap(requests) : [item]);
const path = ({ request }) => "/" + request.url.path.map(part => part.replace(/^:(.*)$/, "{$1}")).join("/");

/** Each operation, with what it was imported as. */
function operations({ described, collection }) {
  const items = requests(collection);
  const named = Object.entries(described.paths).flatMap(([at, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const found = items.filter(item => item.request.method === method.toUpperCase() && path(item) === at);
      assert.equal(found.length, 1, `${method} ${at}`);
      return { name: `${method} ${at}`, operation, item: found[0] };
    }),
  );
  assert.equal(items.length, named.length);
  return named;
}

function check({ described, ...made }, auth) {
  const resolved = one =>
    one.$ref
      ? one.$ref
          .slice(2)
          .split("/")
          .reduce((at, key) => at[key], described)
      : one;
  assert.equal(made.collection.auth?.type, auth);
  for (const { name, operation, item } of operations({ described, ...made })) {
    const { url, header, body } = item.request;
    const places = { query: url.query, path: url.variable, header };
    for (const parameter of operation.parameters.map(resolved)) {
      const found = places[parameter.in].find(one => one.key.toLowerCase() === parameter.name.toLowerCase());
      assert.ok(found, `${name}: ${parameter.name}`);
      if (parameter.example !== undefined) assert.equal(found.value, String(parameter.example), `${name}: ${parameter.name}`);
    }
    const example = operation.requestBody?.content["application/json"].example;
    if (example) assert.deepEqual(JSON.parse(body.raw), example, name);
    // What is written at the operation, or the collection's.
    assert.ok([undefined, null, auth].includes(item.request.auth?.type ?? null), `${name}: ${item.request.auth?.type}`);
    const answers = item.response.map(one => String(one.code));
    for (const status of Object.keys(operation.responses).filter(Number)) assert.ok(answers.includes(status), `${name}: ${status}`);
  }
}

/** As Postman sends it, with address and key filled in. */
async function sent({ request }) {
  const on = all => all.filter(one => !one.disabled);
  const parts = request.url.path.map(part => request.url.variable.find(one => `:${one.key}` === part)?.value ?? part);
  const query = on(request.url.query)
    .map(one => `${one.key}=${encodeURIComponent(one.value)}`)
    .join("&");
  const headers = Object.fromEntries(on(request.header).map(one => [one.key, one.value]));
  const answer = await fetch(`${INLET}/${parts.join("/")}?${query}`, {
    method: request.method,
    headers: { ...headers, authorization: `Bearer ${KEY}` },
    body: request.body?.raw,
  });
  return answer.status;
}

for (const ticked of [true, false]) {
  const inlet = await imported("inlet.openapi.json", ticked);
  check(inlet, "bearer");
  check(await imported("openapi.json", ticked), "noauth");
  for (const { name, operation, item } of operations(inlet)) {
    // Without `after` it waits for what comes.
    if (name === "get /v1/feed/tail" && !ticked) continue;
    const posted = operation.requestBody?.content["application/json"]["x-answered"];
    // The second time it is known.
    const wanted = posted && ticked ? posted : "200";
    assert.ok(operation.responses[wanted], `${name}: ${wanted} is described`);
    assert.equal(String(await sent(item)), wanted, name);
  }
}
console.log("imported and sent");
