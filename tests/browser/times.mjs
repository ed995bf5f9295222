// times.mjs ADDRESS MONTH: how long each view takes until it is there, as a browser sees it. Use: make bench-page
import { launched, watched } from "./chromium.mjs";

const ROUNDS = 5;
const [base, month] = process.argv.slice(2);
const browser = await launched();
const page = await watched(browser);

async function listed() {
  const answer = await page.request.get(`${base}/figures/K06b/cases.json?month=${month}&part=not-met&limit=1`);
  const [{ stream, case_id: id }] = await answer.json();
  return `/cases/${stream}/${encodeURIComponent(id)}`;
}

// Milliseconds until the whole page is there, and until the answer's last byte.
async function taken(address) {
  const answer = await page.goto(base + address);
  if (!answer.ok()) throw new Error(`${address}: ${answer.status()}`);
  await page.waitForFunction(() => performance.getEntriesByType("navigation")[0].loadEventEnd > 0);
  return page.evaluate(() => {
    const { loadEventEnd, responseEnd } = performance.getEntriesByType("navigation")[0];
    return [loadEventEnd, responseEnd];
  });
}

const middle = numbers => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
const shown = ms => `${Math.round(ms)}`.padStart(6);

// Each round asks another day, so that no answer is one that was kept.
const views = [
  ["overview, month", round => `/overview?from=${month}-01&to=${month}-${28 - round}`],
  ["overview, year", round => `/overview?from=${month.slice(0, 4)}-01-01&to=${month.slice(0, 4)}-12-${30 - round}`],
  ["overview, kept", () => `/overview?month=${month}`],
  ["figure, month", round => `/figures/K06b?from=${month}-01&to=${month}-${28 - round}`],
  ["figure, by unit", round => `/figures/K06b?from=${month}-01&to=${month}-${28 - round}&group-by=unit`],
  ["figure, year", round => `/figures/K05a?from=${month.slice(0, 4)}-01-01&to=${month.slice(0, 4)}-12-${30 - round}`],
  ["list", round => `/figures/K06b/cases?from=${month}-01&to=${month}-${28 - round}&part=numerator`],
  ["list, sorted", round => `/figures/K06b/cases?from=${month}-01&to=${month}-${28 - round}&part=numerator&sort=due`],
];
const one = await listed();
views.push(["case", () => one], ["running", () => "/running"], ["catalogue", () => "/words"], ["reports", () => "/reports"]);

console.log("view                first  median, whole  median, answer (ms)");
for (const [name, address] of views) {
  const all = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push(await taken(address(round)));
  const [whole, answer] = [0, 1].map(place => middle(all.map(times => times[place])));
  console.log(`${name.padEnd(18)} ${shown(all[0][0])} ${shown(whole).padStart(14)} ${shown(answer).padStart(15)}`);
}
if (page.complaints.length > 0) throw new Error(page.complaints.join("; "));
await browser.close();
