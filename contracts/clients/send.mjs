// Node 18 or newer: events to Tongguan by HTTP, nothing to install. Use: INLET=http://host:9602 KEY=tgf_… node send.mjs
const event = { type: "case.accepted.v1", case_id: "JS-1", id: "JS-1-1", source: "urn:example:12345",
  occurred_at: "2021-03-08T09:41:00+08:00", channel: "HOTLINE", kind: "投诉" };

async function send(events) {
  for (;;) {
    const answer = await fetch(`${process.env.INLET}/v1/events?stream=hotline`, { method: "POST", body: JSON.stringify(events),
      headers: { "content-type": "application/json", authorization: `Bearer ${process.env.KEY ?? ""}` } });
    if (answer.ok) return answer.json();
    // 429 and 503 say when to come again; anything else is to be mended.
    const wait = answer.headers.get("retry-after");
    if (wait === null) throw new Error(await answer.text());
    await new Promise(done => setTimeout(done, wait * 1000));
  }
}

const { taken, known, items } = await send([event]); // a batch: look at its counts, and at what was not taken
console.log(`${taken} taken, ${known} known already`);
for (const item of items) throw new Error(`${item.status} ${item.pointer ?? ""}: ${item.detail}`);
