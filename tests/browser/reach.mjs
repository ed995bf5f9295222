// Keyboard and paper.
import { must } from "./faults.mjs";

export async function aKeyboardReachesAll(page, base, { asked }) {
  await page.goto(`${base}/overview?${asked}`);
  const seen = [];
  for (let n = 0; n < 60 && !seen.includes("figure"); n += 1) {
    await page.keyboard.press("Tab");
    seen.push(await page.evaluate(() => {
      const at = document.activeElement, style = getComputedStyle(at);
      if (style.outlineStyle === "none" && at.tagName === "A") return `unseen ${at.textContent}`;
      if (at.matches(".skip")) return at.getBoundingClientRect().left >= 0 ? "skip" : "skip that is not seen";
      return at.closest(".top nav") ? "nav" : at.closest(".tile") ? "figure" : at.closest(".filter") ? "filter" : "other";
    }));
  }
  must(seen[0] === "skip", `the first stop is ${seen[0]}`);
  for (const stop of ["nav", "filter", "figure"]) must(seen.includes(stop), `no ${stop} within 60 stops`);
  must(!seen.some(stop => stop.startsWith("unseen")), `where one is cannot be seen: ${seen.filter(stop => stop.startsWith("unseen"))}`);
  await page.goto(`${base}/overview?${asked}`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  must(await page.evaluate(() => document.activeElement.id === "main"), "the skip link does not lead to main");
}

export async function paperSaysWhatWasAsked(page, base, { asked }) {
  await page.goto(`${base}/overview?${asked}`);
  await page.emulateMedia({ media: "print" });
  must(!(await page.locator(".filter").isVisible()) && !(await page.locator(".top").isVisible()), "filters or navigation are printed");
  const head = await page.locator(".print-head").innerText();
  must(head.includes("截至") && head.includes(new URLSearchParams(asked).get("as-of")), `no as-of on paper: ${head}`);
  must(head.includes("/overview?"), `no address on paper: ${head}`);
  await page.emulateMedia({ media: "screen" });
}
