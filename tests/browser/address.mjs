// Every state is in the address.
import { watched } from "./chromium.mjs";
import { must, same } from "./faults.mjs";

// What is on the page, without how long it took.
const shown = page => page.locator("main").innerText();

export async function filtersAreInTheAddress(browser, page, base, { asked }) {
  await page.goto(`${base}/figures/K01/cases?${asked}`);
  await page.locator('.filter select[name="stream"]').selectOption("hotline");
  await page.locator(".filter button").first().click();
  await page.waitForURL(/stream=hotline/);
  const query = new URL(page.url()).searchParams;
  same(query.get("as-of")?.slice(0, 10), new URLSearchParams(asked).get("as-of"), "the as-of after filtering");
  const here = await shown(page);
  must((await page.locator("tbody tr").count()) > 0, "no case of the stream is listed");
  must(!/\bgrid\b/.test(await page.locator("tbody").innerText()), "cases of another stream are listed");
  const other = await watched(browser);
  await other.goto(page.url());
  same(await shown(other), here, "the address alone gives the same page");
  same(other.complaints, [], "the address alone");
  await other.context().close();
  await page.locator(".steps .step").first().click();
  await page.waitForURL(/2021-05/);
  same(new URL(page.url()).searchParams.get("stream"), "hotline", "the stream after turning the month");
}

export async function aLanguageKeepsTheState(page, base, { asked }) {
  await page.goto(`${base}/figures/K06b/cases?${asked}&part=not-met&sort=due&desc=1`);
  const numbers = async () => (await page.locator("tbody tr").evaluateAll(all => all.map(row => row.querySelector("a")?.textContent)));
  const [before, listed] = [new URL(page.url()).searchParams, await numbers()];
  must(listed.length > 0, "no case is listed");
  await page.locator(".tools a[hreflang=en]").click();
  await page.waitForURL(/lang=en/);
  const after = new URL(page.url()).searchParams;
  for (const [name, value] of before) same(after.get(name), value, `${name} in the other language`);
  same(await page.locator("html").getAttribute("lang"), "en", "the language");
  same(await numbers(), listed, "the list in the other language");
  await page.locator(".tools a[hreflang=zh-CN]").click();
  await page.waitForURL(url => !url.searchParams.has("lang"));
  same([...new URL(page.url()).searchParams].sort(), [...before].sort(), "there and back");
}
