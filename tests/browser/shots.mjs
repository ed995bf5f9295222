// shots.mjs ADDRESS FOLDER: every view as it looks, for people to look at. Use: make shots
import { LAPTOP, launched, PHONE, watched } from "./chromium.mjs";
import { inLanguage } from "./views.mjs";

const [base, folder] = process.argv.slice(2);
const asked = "month=2021-06&as-of=2021-07-05";

const browser = await launched();
const page = await watched(browser);
page.setDefaultTimeout(120_000);

// A case of the month with such an event, a late one if there is one: there is more to see in it.
async function caseWith(type) {
  for (const part of ["not-met", "numerator"]) {
    const listed = await (await page.request.get(`${base}/figures/K06b/cases.json?${asked}&part=${part}&limit=1000`)).json();
    for (const { stream, case_id: id } of listed) {
      const address = `/cases/${stream}/${encodeURIComponent(id)}`;
      const { facts } = await (await page.request.get(`${base}${address}.json?as-of=2021-07-05`)).json();
      if (facts.some(fact => fact.type === type)) return `${address}?as-of=2021-07-05`;
    }
  }
  throw new Error(`no case with ${type}`);
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

const paused = await caseWith("suspended");
const extended = await caseWith("extension_decided");
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
  await shot(`case-paused-${lang}`, inLanguage(paused, lang), { fullPage: true });
  await shot(`case-extended-${lang}`, inLanguage(extended, lang));
}
await shot("overview-phone", views.overview, { size: PHONE });
await shot("case-phone", paused, { size: PHONE });
await shot("overview-dark", views.overview, { colorScheme: "dark" });
// The wall: all of its views in Chinese, and what is widest in English.
const SIDES = { "": 1920, "-wide": 3840 };
async function walls(lang, side, wanted = () => true) {
  const n = SIDES[side] > 2000 ? 2 : 1;
  await page.setViewportSize({ width: SIDES[side], height: 1080 });
  await page.goto(base + inLanguage(`/wall?every=0&${asked}`, lang));
  const views = await page.locator(".wview").count();
  for (let view = 1; view <= views; view += n) {
    if (wanted(view)) await page.screenshot({ path: `${folder}/wall${side}-${view}-${lang}.png` });
    for (let turn = 0; turn < n; turn += 1) await page.keyboard.press("ArrowRight");
  }
  console.log(`wall${side}-*-${lang}.png /wall`);
}
await walls("zh", "");
await walls("zh", "-wide");
await walls("en", "", view => view === 4);
await walls("en", "-wide");
await browser.close();
if (page.complaints.length) throw new Error(page.complaints.join("\n"));
