// What changes while one looks.
import { must } from "./faults.mjs";

// `ask`: has the other side do something, and waits until it has.
export async function aNewMessageIsSeen(page, base, ask) {
  await page.goto(`${base}/running`);
  const state = page.locator("#live-state");
  await page.waitForFunction(() => document.documentElement.dataset.link === "on");
  must((await state.innerText()) === "实时", `live: ${await state.innerText()}`);
  const quarantine = page.locator("#quarantine tbody");
  const before = await quarantine.innerText();
  await ask("send");
  await page.waitForFunction(before => document.querySelector("#quarantine tbody").innerText !== before, before, { timeout: 30_000 });
  must(page.complaints.length === 0, `live: ${page.complaints.join("; ")}`);
}

// The last numbers stay, under a word that they are old.
export async function aServerThatStopsIsSeen(page, base, ask) {
  await page.clock.install();
  await page.goto(`${base}/running`);
  await page.waitForFunction(() => document.documentElement.dataset.link === "on");
  await ask("stop");
  const state = () => page.locator("#live-state").innerText();
  for (let n = 0; n < 60 && !(await state()).includes("已断开"); n += 1) {
    await page.clock.runFor(15_000);
    await page.waitForTimeout(n < 8 ? 100 : 1_000);
  }
  const said = await state();
  must(said.includes("已断开"), `after the server has stopped: ${said}`);
  must((await page.locator("#quarantine tbody").innerText()) !== "", "the last numbers are gone");
}
