// Numbers that are the command's, and the way from a figure down to a message.
import { must, same } from "./faults.mjs";

const number = text => Number(text.replace(/[^\d.]/g, ""));

// `kpi`: what `tongguan kpi --json` printed, by figure.
export async function numbersAreTheCommands(page, base, { asked, kpi }) {
  await page.goto(`${base}/overview?${asked}`);
  for (const [id, { numerator, denominator, rate }] of Object.entries(kpi)) {
    const tile = page.locator(`#tile-${id}`);
    const links = await tile.locator(".nd a").evaluateAll(all => all.map(a => [new URL(a.href).searchParams.get("part"), a.textContent]));
    must(links.length > 0, `${id}: no count on its tile`);
    for (const [part, text] of links) {
      same(number(text), part === "denominator" ? denominator : numerator, `overview ${id} ${part ?? "all"}`);
    }
    const big = number(await tile.locator(".big").innerText());
    // As Chinese offices write a rate: two digits.
    const wanted = ["K01", "K07"].includes(id) ? numerator : Number((rate * 100).toFixed(2));
    must(Math.abs(big - wanted) < 0.0051, `overview ${id}: ${big} instead of ${wanted}`);
  }
  const twin = await (await page.request.get(`${base}/overview.json?${asked}`)).json();
  same(twin.figures.filter(({ id }) => kpi[id]).length, Object.keys(kpi).length, "figures of overview.json");
  for (const { id, now } of twin.figures) {
    if (kpi[id]) same([now.numerator, now.denominator], [kpi[id].numerator, kpi[id].denominator], `overview.json ${id}`);
  }
}

// By clicks only.
export async function aFigureOpensDownToAMessage(page, base, { asked, lates }) {
  await page.goto(`${base}/overview?${asked}`);
  await page.locator("#tile-K06b h2 a").click();
  await page.waitForURL(/\/figures\/K06b\?/);
  await page.locator('.to-cases a[href*="part=not-met"]').click();
  await page.waitForURL(/\/figures\/K06b\/cases\?.*part=not-met/);
  must((await page.locator("main").innerText()).includes(`清单 ${lates} = 指标 ${lates}`), `the list of K06b does not say ${lates} = ${lates}`);
  const rows = page.locator('tbody a[href*="/cases/"]');
  same(await rows.count(), lates, "rows of the list");
  const first = await rows.first().innerText();
  await rows.first().click();
  await page.waitForURL(/\/cases\/(hotline|grid)\//);
  must((await page.locator("main").innerText()).includes(first), `the case is not ${first}`);
  must((await page.locator(".verdict .say").count()) === 1, "no verdict");
  const places = await page.locator(".events .place").allInnerTexts();
  must(places.length > 0 && places.every(place => /\[\d+\]@\d+/.test(place)), `no place of a message: ${places.slice(0, 3)}`);
  must((await page.locator(".axis svg a").count()) > 0, "no picture");
}
