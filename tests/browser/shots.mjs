// shots.mjs ADDRESS FOLDER: every view as it looks, for people to look at. Use: make shots
import { LAPTOP, launched, PHONE, watched } from "./chromium.mjs";
import { inLanguage } from "./views.mjs";

const [base, folder] = process.argv.slice(2);
const asked = "month=2021-06&as-of=2021-07-05";

const browser = await launched();
const page = await watched(browser);
page.setDefaultTimeout(120_000);

// A late case with a pause and an extension: there is much to see in it.
async function eventful() {
  const listed = await (await page.request.get(`${base}/figures/K06b/cases.json?${asked}&part=not-met&limit=1000`)).json();
  for (const { stream, case_id: id } of listed) {
    const address = `/cases/${stream}/${encodeURIComponent(id)}`;
    const told = await (await page.request.get(`${base}${address}.json?as-of=2021-07-05`)).text();
    if (told.includes('"suspended"') && told.includes('"extension_decided"')) return `${address}?as-of=2021-07-05`;
  }
  throw new Error("no late case has a pause and an extension");
}

async function tried() {
  await page.goto(`${base}/what-if`);
  await page.locator("input[name=month]").fill("2021-06");
  await page.locator('input[name="as-of"]').fill("2021-07-05T00:00");
  await page.locator("select[name=rule]").selectOption("hotline/DISPOSE");
  await page.locator("input[name=n]").fill("3");
  await page.locator("main form button").last().click();
  await page.waitForURL(/\/what-if\/.+/);
  await page.waitForFunction(() => !document.body.dataset.again && document.querySelector("table"));
  return new URL(page.url()).pathname;
}

async function shot(name, address, { size = LAPTOP, colorScheme = "light", fullPage = false } = {}) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme });
  const answer = await page.goto(base + address);
  if (!answer.ok()) throw new Error(`${address}: ${answer.status()}`);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
  console.log(`${name}.png ${address}`);
}

const life = await eventful();
const views = {
  overview: `/overview?${asked}`,
  figure: `/figures/K06b?${asked}`,
  list: `/figures/K06b/cases?${asked}&part=not-met`,
  "what-if": await tried(),
  reports: "/reports",
  edition: "/reports/month/2021-06/1",
  running: "/running",
  quarantine: "/running/quarantine",
  calendar: "/words/calendar?year=2021",
};
for (const lang of ["zh", "en"]) {
  for (const [name, address] of Object.entries(views)) await shot(`${name}-${lang}`, inLanguage(address, lang));
  await shot(`case-${lang}`, inLanguage(life, lang), { fullPage: true });
}
await shot("overview-phone", views.overview, { size: PHONE });
await shot("case-phone", life, { size: PHONE });
await shot("overview-dark", views.overview, { colorScheme: "dark" });
if ((await page.request.get(`${base}/wall`)).ok()) {
  for (const lang of ["zh", "en"]) await shot(`wall-${lang}`, inLanguage("/wall", lang), { size: { width: 1920, height: 1080 } });
}
await browser.close();
if (page.complaints.length) throw new Error(page.complaints.join("\n"));
