// The page that asks who comes.
import { must } from "./faults.mjs";
import { sound } from "./views.mjs";

// On the page of the log-in.
export async function logsIn(page, account, password) {
  await page.locator("input[name=name]").fill(account);
  await page.locator("input[name=password]").fill(password);
  await page.locator(".signin button, main form button").first().click();
}

export async function somebodyLogsInAndOut(page, base, { account, password, asked }) {
  await page.goto(`${base}/figures?${asked}`);
  await page.waitForURL(/\/login/);
  await sound(page, "log-in");
  await logsIn(page, account, "not the password of anybody");
  must((await page.locator(".err").count()) > 0, "a wrong password is not said to be wrong");
  await logsIn(page, account, password);
  await page.waitForURL(/\/figures/);
  must(page.url().includes(asked.split("&")[0]), `after the log-in one is elsewhere: ${page.url()}`);
  await page.locator(".who a").click();
  await page.waitForURL(/\/account/);
  page.complaints.length = 0;
  await sound(page, "account");
  await page.setViewportSize({ width: 1366, height: 768 });
  const cookies = await page.context().cookies();
  must(cookies.length > 0 && cookies.every(one => one.httpOnly && one.sameSite !== "None"), `cookies: ${JSON.stringify(cookies)}`);
  await page.locator(".tools form button").click();
  await page.goto(`${base}/figures`);
  must(page.url().includes("/login"), "after the log-out one is still in");
}
