// Texts that would run if they could: shown as text, wherever they come from.
import { must } from "./faults.mjs";

export async function hostileTextsAreText(page, base, { asked, hostile, mark }) {
  for (const address of [hostile, `/figures/K01/cases?${asked}&limit=1000`, `/figures/K01?${asked}&group-by=unit`]) {
    await page.goto(base + address);
    const text = await page.locator("main").innerText();
    must(text.includes(mark), `${address}: ${mark} is not shown`);
    must(await page.evaluate(() => window.hostile === undefined), `${address}: it ran`);
  }
  const script = encodeURIComponent("<script>hostile=1</script>");
  for (const address of [`/figures?lang=${script}`, `/nothing/${script}?${encodeURIComponent("\"><img src=x onerror=hostile=1>")}=1`]) {
    await page.goto(base + address);
    must(await page.evaluate(() => window.hostile === undefined && !document.querySelector("main img, main script")), `${address} ran`);
    must((await page.locator("h1").count()) === 1, `${address}: what is refused has no page`);
  }
  // The watch itself: what is put in against the policy is refused, and the browser complains.
  page.complaints.length = 0;
  await page.evaluate(() => { const script = document.createElement("script"); script.textContent = "window.hostile = 1"; document.body.append(script); });
  must(await page.evaluate(() => window.hostile === undefined), "the content policy lets a script within the page run");
  must(page.complaints.some(text => text.includes("Content Security Policy")), "a refusal is not noticed");
}
