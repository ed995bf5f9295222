// Every view of the page, and each as it must be: without complaint, without a barrier, within its window, in both languages.
import { axe, LAPTOP, PHONE, watched } from "./chromium.mjs";
import { must } from "./faults.mjs";

const WORDS = ["", "/streams", "/streams/hotline", "/policy", "/calendar?year=2021", "/due", "/due?start=2021-03-06T10:00&limit=1&unit=WORK_DAY", "/glossary", "/figures/K06b"];

export const views = ({ asked, month, hostile, quarantined, edition }) => [
  `/overview?${asked}`,
  `/figures?${asked}`,
  `/figures/K06b?${asked}`,
  `/figures/K06b?${asked}&group-by=unit`,
  `/figures/K01/cases?${asked}`,
  hostile,
  "/what-if",
  "/upload",
  "/reports",
  `/reports/made?${asked}`,
  `/reports/month/${month}`,
  edition,
  `${edition}/drift`,
  "/running",
  "/running/quarantine",
  quarantined,
  ...WORDS.map(more => `/words${more}`),
];

export const inLanguage = (address, lang) => (lang === "zh" ? address : `${address}${address.includes("?") ? "&" : "?"}lang=${lang}`);

export async function looked(browser, base, addresses) {
  const waiting = addresses.flatMap(address => ["zh", "en"].map(lang => inLanguage(address, lang)));
  const worker = async () => {
    const page = await watched(browser);
    for (let address = waiting.shift(); address; address = waiting.shift()) await one(page, base, address);
    await page.context().close();
  };
  await Promise.all([worker(), worker(), worker()]);
}

async function one(page, base, address) {
  page.complaints.length = 0;
  await page.setViewportSize(LAPTOP);
  await page.emulateMedia({ colorScheme: "light" });
  const answer = await page.goto(base + address);
  must(answer.status() === 200, `${address}: ${answer.status()}`);
  await sound(page, address);
}

// The page that is open, in both colours and sizes.
export async function sound(page, address) {
  must((await page.title()) && (await page.locator("h1").count()) === 1, `${address}: title and one h1`);
  await fits(page, `${address} at 1366`);
  must(page.complaints.length === 0, `${address}: ${page.complaints.join("; ")}`);
  must(await page.evaluate(() => window.hostile === undefined), `${address}: a hostile text ran`);
  must((await page.locator("[onerror], [onload], main script, main img, main iframe").count()) === 0, `${address}: a hostile text became an element`);
  await page.evaluate(axe);
  // Colours are the same in both languages, and looking at them takes the most time.
  const isEnglish = address.includes("lang=en");
  await barrierless(page, `${address} light`, isEnglish ? { rules: Object.fromEntries(COLOURS.map(rule => [rule, { enabled: false }])) } : {});
  await page.emulateMedia({ colorScheme: "dark" });
  if (!isEnglish) await barrierless(page, `${address} dark`, { runOnly: { type: "rule", values: COLOURS } });
  await page.setViewportSize(PHONE);
  await fits(page, `${address} at 390`);
}

const COLOURS = ["color-contrast", "link-in-text-block"];

// axe-core: nothing serious or critical. In the dark only what colours can change.
async function barrierless(page, what, rules) {
  const options = { resultTypes: ["violations"], preload: false, ...rules };
  const { violations } = await page.evaluate(options => window.axe.run(document, options), options);
  for (const { id, impact, nodes } of violations) {
    const where = nodes.slice(0, 3).map(node => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join(" | ");
    must(!["serious", "critical"].includes(impact), `${what}: axe ${id} (${impact}, ${nodes.length}): ${where}`);
  }
}

// Nothing makes the page itself wider than its window, is cut off at its edge where one cannot scroll to it, or lies over the next tile.
async function fits(page, what) {
  const { wide, cut, over } = await page.evaluate(() => {
    const scrolls = node => !["visible", "clip"].includes(getComputedStyle(node).overflowX);
    const reachable = node => { for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) if (scrolls(up)) return true; return false; };
    const out = [...document.body.querySelectorAll("*")].filter(node => {
      const box = node.getBoundingClientRect();
      return box.width > 1 && box.right > innerWidth + 1 && !node.closest("svg, .sr, .skip") && !reachable(node) && !scrolls(node);
    });
    const beyond = node => node.getBoundingClientRect().right > node.closest(".tile").getBoundingClientRect().right + 1;
    const over = [...document.querySelectorAll(".tile *")].filter(node => !node.closest(".sr") && !(node instanceof SVGElement && node.ownerSVGElement) && beyond(node));
    const name = node => `${node.tagName.toLowerCase()}.${node.getAttribute("class")} ${Math.round(node.getBoundingClientRect().right)}`;
    return { wide: document.documentElement.scrollWidth - innerWidth, cut: out.slice(0, 3).map(name), over: over.slice(0, 3).map(name) };
  });
  must(wide <= 0, `${what}: ${wide} px wider than the window`);
  must(over.length === 0, `${what}: over the edge of its tile: ${over.join(", ")}`);
  must(cut.length === 0, `${what}: cut off: ${cut.join(", ")}`);
}
