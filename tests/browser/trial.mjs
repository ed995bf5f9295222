// What if, by its form.
import { must } from "./faults.mjs";
import { sound } from "./views.mjs";

export async function aLimitIsTried(page, base, { month }) {
  await page.goto(`${base}/what-if`);
  await page.locator("input[name=month]").fill(month);
  await page.locator("select[name=rule]").selectOption("hotline/DISPOSE");
  await page.locator("input[name=n]").fill("1");
  await page.locator("main form button").last().click();
  await page.waitForURL(/\/what-if\/.+/);
  await page.waitForFunction(() => !document.body.dataset.again && document.querySelector("table"), null, { timeout: 90_000 });
  must((await page.locator("tbody tr").count()) > 0, "no figure in the result");
  await sound(page, "the result of a trial");
}
