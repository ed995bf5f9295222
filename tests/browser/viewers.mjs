// viewers.mjs ADDRESS COUNT MONTH: so many people who look at the overview, kept up to date, and follow a link once a minute, until the
// process is told to end; then how they fared. Use: make bench-page
import http from "node:http";

const [base, count, month] = process.argv.slice(2);
const EACH_MS = 60_000;
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(count) });
const links = [`/overview?month=${month}`, `/figures/K06b?month=${month}`, `/figures/K06b/cases?month=${month}&part=not-met`];
const taken = [];
let [live, parts, failed] = [0, 0, 0];

function asked(address) {
  const begun = performance.now();
  const request = http.get(base + address, { agent }, answer => {
    answer.resume();
    answer.on("end", () => (answer.statusCode === 200 ? taken.push(performance.now() - begun) : (failed += 1)));
  });
  request.on("error", () => (failed += 1));
}

function kept() {
  const request = http.get(`${base}/events/overview?month=${month}`, answer => {
    if (answer.statusCode === 200) live += 1; else failed += 1;
    // Also without news there is an event, which has no part.
    answer.on("data", data => (parts += data.toString().split("event: part").length - 1));
    answer.on("error", () => {});
  });
  request.on("error", () => (failed += 1));
}

for (let viewer = 0; viewer < Number(count); viewer += 1) {
  kept();
  setTimeout(() => {
    let nth = viewer;
    asked(links[nth % links.length]);
    setInterval(() => asked(links[(nth += 1) % links.length]), EACH_MS);
  }, (EACH_MS * viewer) / Number(count));
}
process.on("SIGTERM", () => {
  taken.sort((one, other) => one - other);
  const at = share => `${Math.round(taken[Math.floor((taken.length - 1) * share)] ?? 0)} ms`;
  console.log(`${live} kept up to date, ${parts} parts; ${taken.length} pages: half within ${at(0.5)}, 99 of 100 within ${at(0.99)}; ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
});
