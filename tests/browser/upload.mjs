// A file, as a clerk brings it: chosen, looked at, its columns checked, tried, sent; and what was refused is mended and sent.
import { LAPTOP } from "./chromium.mjs";
import { must } from "./faults.mjs";
import { sound } from "./views.mjs";

const HEADER = "工单编号,诉求类型,诉求来源,受理时间,承办单位,应办结日期,办结时间,结案时间,状态,诉求人,联系电话,诉求内容";
const TAIL = "<img src=x onerror=window.hostile=3>张三,13812345678,很长很长没有空格".concat("很长".repeat(60));
// Closed long ago, so that no figure that others look at is another one.
const row = (n, at) => `UP-${n},投诉,微信,${at},市容所,2019-03-20,2019-03-05 10:00:00,,已办结,${TAIL}`;
const file = (name, rows) => ({ name, mimeType: "text/csv", buffer: Buffer.from(`\ufeff${[HEADER, ...rows].join("\n")}\n`) });

// Loaded, and not about to be asked again: a page that has just come has no body yet.
const idle = page => page.waitForFunction(() => document.readyState === "complete" && !document.body.dataset.again, null, { timeout: 60_000 });

// A click asks for the next page; until it has come, the one before is there to be read.
async function says(page, place, words, fault) {
  const there = page.locator(place).filter({ hasText: words });
  await there.first().waitFor({ timeout: 15_000 }).catch(async () => must(false, `${fault}: ${(await page.locator("main").innerText()).slice(0, 200)}`));
}

// A step in both colours and sizes, and back to how it is read.
async function seen(page, what) {
  await sound(page, what);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(LAPTOP);
}

async function brought(page, base, given) {
  await page.goto(`${base}/upload`);
  await page.locator("select[name=stream]").selectOption("hotline");
  await page.locator("input[type=file]").setInputFiles(given);
  await page.locator("#choose button").click();
  await page.waitForURL(/\/upload\/[0-9a-f]{32}/);
  await idle(page);
}

export async function aFileIsBroughtAndMended(page, base) {
  const rows = [...Array(30).keys()].map(n => row(n, n === 7 ? "三月四日" : `2019-03-0${1 + (n % 4)} 09:00:00`));
  await brought(page, base, file("三月.csv", rows));
  await seen(page, "the preview of a file");
  must(!(await page.locator("main").innerText()).includes("张三"), "the preview shows a person");
  await page.locator("#next button").click();
  await page.waitForURL(/columns/);
  await seen(page, "the columns of a file");
  // Two columns could be the closing: nothing is tried before one is chosen.
  await page.locator("button[value=try]").click();
  await says(page, "main", "还没有选", "an open question is not said to be open");
  page.complaints.length = 0;
  await page.locator("select[aria-label=办结时间]").selectOption("closed");
  await page.locator("select[aria-label=结案时间]").selectOption("");
  await page.locator("button[value=try]").click();
  await page.waitForURL(/trial/);
  await idle(page);
  await says(page, "main", "30 行里有 1 行会被拒绝", "the trial does not say that one row is refused");
  await seen(page, "the trial of a file");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[href$='rejects.csv']").click()]);
  const refused = await new Response(await download.createReadStream()).text();
  must(refused.includes("UP-7,") && refused.includes("不是看得懂的时间"), `the refused rows: ${refused}`);
  await page.locator("#send button").click();
  await page.waitForURL(/sent/);
  await idle(page);
  await says(page, "main", "已由 Kafka 确认", "it is not said that it was sent");
  await seen(page, "a file that was sent");

  const mended = refused.replace("三月四日", "2019-03-04 09:00:00");
  await brought(page, base, { name: "改好.csv", mimeType: "text/csv", buffer: Buffer.from(mended) });
  await page.locator("#next button").click();
  await says(page, "#facts", "上次用同样表头", "the mapping before is not taken by itself");
  await seen(page, "the columns of a mended file");
  await page.locator("details summary").click();
  await page.locator("details button").click();
  await page.waitForURL(/trial/);
  await idle(page);
  await page.locator("#send button").click();
  await page.waitForURL(/sent/);
  await idle(page);
  await says(page, "#counts", "1", "the mended row is not counted");
  await page.goto(`${base}/upload?lang=en`);
  await sound(page, "/upload?lang=en with uploads");
}
