// The wall for an hour and for half a day, by a clock of its own: it turns, loses and finds the server's line, and does not grow.
import { must, same } from "./faults.mjs";

const TURN_S = 20;
const HOUR = 180; // turns

export async function theWallStandsForAnHour(page, base) {
  await page.clock.install();
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`${base}/wall?every=${TURN_S}`);
  await page.waitForFunction(() => document.documentElement.dataset.link === "on");
  await page.evaluate(() => { window.links = []; new MutationObserver(() => window.links.push(document.documentElement.dataset.link)).observe(document.documentElement, { attributeFilter: ["data-link"] }); });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  // The least of some looks: what was just put in goes with the next collection, and what grows does not.
  const size = async () => {
    const looks = [];
    for (let n = 0; n < 6; n += 1) {
      await cdp.send("HeapProfiler.collectGarbage");
      looks.push((await cdp.send("Performance.getMetrics")).metrics);
      await page.waitForTimeout(100);
    }
    const least = name => Math.min(...looks.map(metrics => metrics.find(one => one.name === name).value));
    return { heap: least("JSHeapUsedSize"), nodes: least("Nodes"), listeners: least("JSEventListeners") };
  };
  const views = await page.locator(".wview").count();
  const seen = {};
  let early;
  for (let turn = 0; turn < HOUR; turn += 1) {
    await page.clock.runFor(TURN_S * 1000);
    // For what was asked to be answered.
    await page.waitForTimeout(30);
    const shown = await page.locator(".wview:visible").evaluateAll(all => all.map(view => view.id));
    if (!must(shown.length === 1, `turn ${turn}: ${shown.length} views at once`)) break;
    seen[shown[0]] = (seen[shown[0]] ?? 0) + 1;
    if (turn === HOUR / 6) early = await size();
  }
  const late = await size();
  same(Object.keys(seen).length, views, "views seen");
  for (const [view, times] of Object.entries(seen)) must(times >= HOUR / views - 1, `${view} was seen ${times} times of ${HOUR} turns`);
  const links = await page.evaluate(() => window.links);
  const times = mode => links.filter(link => link === mode).length;
  // The server speaks every ten seconds of its own time, which are minutes here: it is not heard for long, and asked.
  must(times("on") >= 5 && times("off") >= 5, `the line was found ${times("on")} times again, and lost ${times("off")} times`);
  must(times("poll") >= 20, `asked for ${times("poll")} times while it was lost`);
  must(late.heap < early.heap * 1.1 + 500_000, `the heap grew from ${early.heap} to ${late.heap} bytes`);
  must(late.nodes < early.nodes * 1.1 + 100, `nodes: from ${early.nodes} to ${late.nodes}`);
  // A line has four of them, and may just be there or not.
  must(late.listeners <= early.listeners + 8, `listeners: from ${early.listeners} to ${late.listeners}`);
  console.log(`an hour of the wall: heap ${early.heap} → ${late.heap} bytes, nodes ${early.nodes} → ${late.nodes}, listeners ${early.listeners} → ${late.listeners}, views ${JSON.stringify(seen)}, lines found again ${times("on")}`);
  // Half a day later it is made anew.
  await page.evaluate(() => { window.isOld = true; });
  await page.clock.fastForward(12 * 3600 * 1000);
  await page.waitForFunction(() => !window.isOld && document.querySelector(".wview"));
  must(page.complaints.length === 0, `the wall for an hour: ${page.complaints.slice(0, 3).join("; ")}`);
}
