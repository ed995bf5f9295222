// What somebody of each role finds, and what he is told of the rest.
import { watched } from "./chromium.mjs";
import { must, same } from "./faults.mjs";
import { logsIn } from "./log_in.mjs";

// By the least role that may (docs/security.md).
const FROM = [
  ["viewer", ["/overview", "/figures", "/running", "/reports", "/words"]],
  ["case-worker", ["/figures/K01/cases"]],
  ["analyst", ["/what-if"]],
  ["feeder", ["/upload"]],
  ["operator", ["/running/quarantine"]],
];
const IN_NAVIGATION = ["/overview", "/figures", "/running", "/what-if", "/upload", "/reports", "/words"];

export async function eachRoleFindsItsOwn(browser, base, { asked, kpi, password, roles }) {
  await Promise.all(FROM.map(async ([role], place) => {
    const page = await watched(browser);
    await page.goto(`${base}/login?next=${encodeURIComponent(`/figures?${asked}`)}`);
    await logsIn(page, roles[role].account, password);
    await page.waitForURL(/\/figures/);
    const may = FROM.slice(0, place + 1).flatMap(([, paths]) => paths);
    const mayNot = FROM.slice(place + 1).flatMap(([least, paths]) => paths.map(path => [path, least]));
    const nav = await page.locator(".top nav a").evaluateAll(all => all.map(a => new URL(a.href).pathname));
    same(nav, IN_NAVIGATION.filter(path => may.includes(path)), `the navigation of a ${role}`);
    const question = path => (path.startsWith("/figures") || path === "/overview" ? `${path}?${asked}` : path);
    for (const path of may) {
      const answer = await page.goto(base + question(path));
      same(answer.status(), 200, `${path} for a ${role}`);
    }
    must(page.complaints.length === 0, `a ${role}: ${page.complaints.join("; ")}`);
    for (const [path, least] of mayNot) {
      const answer = await page.goto(`${base}${question(path)}${question(path).includes("?") ? "&" : "?"}lang=en`);
      same(answer.status(), 403, `${path} for a ${role}`);
      const said = await page.locator("main .state.forbidden").innerText();
      must(said.includes(`the role ${least}`), `${path} for a ${role}: ${said}`);
    }
    if (role === "case-worker") await onlyHisOwn(page, base, { asked, ...roles[role] });
    const cases = place => page.goto(`${base}/overview?${asked}`).then(() => page.locator(`${place} a[href^="/cases/"]`).count());
    if (role === "viewer") must((await cases("main")) === 0, "a viewer is told cases");
    if (role === "analyst") same((await cases("#overdue")) > 0, kpi.K07.numerator > 0, "that an analyst is told cases");
    await page.context().close();
  }));
}

async function onlyHisOwn(page, base, { asked, unit, own, all }) {
  await page.goto(`${base}/figures/K01/cases?${asked}&limit=1000&columns=case,unit`);
  const main = await page.locator("main").innerText();
  must(own > 0 && own < all, `a unit with ${own} of ${all} cases shows nothing`);
  must(main.includes(`清单 ${own} = 指标 ${own}`), `a case worker's list does not say ${own} = ${own}`);
  same(await page.locator("tbody tr").count(), own, "cases of a case worker's list");
  must((await page.locator("body").innerText()).includes(unit), `the page does not say that it is of ${unit} only`);
}
