// The wall, in its two sizes and languages: all of every view is on the screen, and nothing scrolls.
import { must } from "./faults.mjs";
import { inLanguage } from "./views.mjs";

export async function theWallFits(page, base) {
  for (const lang of ["zh", "en"]) {
    for (const width of [1920, 3840]) {
      await page.setViewportSize({ width, height: 1080 });
      await page.goto(base + inLanguage("/wall?every=0", lang));
      const what = `the wall at ${width} in ${lang}`;
      const views = await page.locator(".wview").count();
      must(views === 6, `${what}: ${views} views, with the map`);
      for (let turn = 0; turn < views; turn += 1) {
        const { wide, high, over } = await page.evaluate(beyond);
        must(wide <= 0 && high <= 0, `${what}: ${wide} px too wide, ${high} px too high`);
        must(over.length === 0, `${what}, view ${turn + 1}: beyond its place: ${over.slice(0, 3).join(", ")}`);
        must((await page.locator(".wview:visible").count()) === (width > 2000 ? 2 : 1), `${what}: not as many views as there is room for`);
        await page.keyboard.press("ArrowRight");
      }
      must(page.complaints.length === 0, `${what}: ${page.complaints.join("; ")}`);
    }
  }
}

// What of a view lies below its foot or beside it, where it would be cut off or lie on something else.
function beyond() {
  const foot = document.querySelector(".wfoot").getBoundingClientRect().top;
  const over = [...document.querySelectorAll(".wview:not([hidden])")].flatMap(view => {
    const edge = view.getBoundingClientRect().right;
    const is = node => {
      const { width, right, bottom } = node.getBoundingClientRect();
      return width > 1 && !node.closest(".sr, details") && (right > edge + 2 || bottom > foot + 1);
    };
    return [...view.querySelectorAll("*")].filter(is).map(node => `${view.id} ${node.tagName.toLowerCase()}.${node.getAttribute("class")}`);
  });
  const { scrollWidth, scrollHeight } = document.documentElement;
  return { wide: scrollWidth - innerWidth, high: scrollHeight - innerHeight, over };
}
