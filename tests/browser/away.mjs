// ClickHouse goes and comes back while people look, and nobody has to do anything.
import { watched } from "./chromium.mjs";
import { must } from "./faults.mjs";

const LIVE = ["/wall?every=0", "/overview"];

export async function theStoreMayGoAndComeBack(browser, base, ask) {
  const opened = async (address, prepare = async () => {}) => {
    const page = await watched(browser);
    await page.clock.install();
    await page.goto(base + address);
    await prepare(page);
    return { page, address };
  };
  const numbers = page => page.locator("main .big").first().innerText();
  const live = page => page.waitForFunction(() => document.documentElement.dataset.link === "on").then(() => page.evaluate(() => { window.isFirst = true; }));
  const before = await Promise.all(LIVE.map(address => opened(address, live)));
  const was = await Promise.all(before.map(({ page }) => numbers(page)));
  await ask("away");
  // What was found serves for ten seconds more.
  const probe = before[0].page.request;
  for (let n = 0; n < 60 && (await probe.get(`${base}/events/wall.json`)).status() === 200; n += 1) await before[0].page.waitForTimeout(500);
  for (const { page, address } of before) {
    const state = () => page.locator("#live-state").innerText();
    // Its clock runs ahead of a busy server's: what was asked in the last turn may not be answered yet.
    for (let n = 0; n < 60 && !(await state()).includes("已断开"); n += 1) { await page.clock.runFor(15_000); await page.waitForTimeout(n < 5 ? 200 : 1_000); }
    const said = await state();
    must(said.includes("已断开"), `${address} while ClickHouse is away: ${said}`);
  }
  for (const [index, { page, address }] of before.entries()) must((await numbers(page)) === was[index], `${address}: the last numbers are gone`);
  const during = await Promise.all(LIVE.map(address => opened(address)));
  for (const { page, address } of during) {
    const said = await page.locator("main").innerText();
    must(said.includes("暂时查不到数据"), `${address} opened while ClickHouse is away: ${said.slice(0, 80)}`);
    await page.clock.runFor(16_000);
    await page.waitForTimeout(1_000);
    must((await page.locator("main").innerText()).includes("暂时查不到数据"), `${address}, asked again too early, says something else`);
  }
  await ask("back");
  await Promise.all(during.map(async ({ page, address }) => {
    await page.clock.runFor(16_000);
    await page.locator("main .big").first().waitFor().catch(() => must(false, `${address} does not come by itself`));
  }));
  await Promise.all(before.map(async ({ page, address }) => {
    const heard = () => page.evaluate(() => document.documentElement.dataset.link);
    // It is asked every 15 s, and listened to again after two minutes: then a busy server has time to answer before the page gives up.
    for (let n = 0; n < 60 && (await heard()) !== "on"; n += 1) { await page.clock.runFor(5_000); await page.waitForTimeout(n < 22 ? 250 : 1_500); }
    must((await heard()) === "on", `${address} after ClickHouse has come back: ${await heard()}`);
    must(await page.evaluate(() => window.isFirst === true), `${address} was loaded anew instead of going on`);
  }));
  for (const { page } of [...before, ...during]) await page.context().close();
}
