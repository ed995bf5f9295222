// The wall, in its two sizes: all of it is on the screen, and nothing scrolls.
import { must } from "./faults.mjs";

export async function theWallFits(page, base) {
  for (const width of [1920, 3840]) {
    await page.setViewportSize({ width, height: 1080 });
    await page.goto(`${base}/wall`);
    const { wide, high } = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return { wide: scrollWidth - innerWidth, high: scrollHeight - innerHeight };
    });
    must(wide <= 0 && high <= 0, `the wall at ${width}: ${wide} px too wide, ${high} px too high`);
    must((await page.locator(".wview:visible").count()) > 0, `the wall at ${width}: no view is shown`);
    must(page.complaints.length === 0, `the wall at ${width}: ${page.complaints.join("; ")}`);
  }
}
