// The browser of the machine, and pages in it that are watched.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const modules = createRequire(`${process.env.TONGGUAN_BROWSER_MODULES}/package.json`);
export const axe = readFileSync(modules.resolve("axe-core"), "utf8");

export const LAPTOP = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

export function launched() {
  // Root has no sandbox of its own in most containers; nobody else goes without.
  const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
  const quiet = ["--disable-background-networking", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"];
  return modules("playwright-core").chromium.launch({ executablePath: process.env.TONGGUAN_CHROMIUM, args: [...sandbox, ...quiet] });
}

// A page and what the browser complained of: errors, refusals of the content policy, dialogs, what did not load.
export async function watched(browser, options = {}) {
  const context = await browser.newContext({ viewport: LAPTOP, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  // A report of a program that was not optimised, beside other tests.
  page.setDefaultNavigationTimeout(90_000);
  page.complaints = [];
  const note = text => page.complaints.push(`${text} (${page.url()})`);
  page.on("console", message => ["error", "warning"].includes(message.type()) && note(`console: ${message.text()}`));
  page.on("pageerror", error => note(`script: ${error.message}`));
  page.on("dialog", dialog => { note(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("response", answer => answer.status() >= 400 && note(`${answer.status()} ${answer.url()}`));
  return page;
}
