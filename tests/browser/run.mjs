// run.mjs FILE: looks at a page as people use it. FILE says where it is served and what must be on it; a line "> WORD" asks the one
// who started this to do something, which answers with a line. Ends with 1 when something is wrong.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { aLanguageKeepsTheState, filtersAreInTheAddress } from "./address.mjs";
import { theStoreMayGoAndComeBack } from "./away.mjs";
import { launched, watched } from "./chromium.mjs";
import { part, told } from "./faults.mjs";
import { aFigureOpensDownToAMessage, numbersAreTheCommands } from "./figures.mjs";
import { hostileTextsAreText } from "./hostile.mjs";
import { theWallStandsForAnHour } from "./hour.mjs";
import { aNewMessageIsSeen, aServerThatStopsIsSeen } from "./live.mjs";
import { somebodyLogsInAndOut } from "./log_in.mjs";
import { aKeyboardReachesAll, paperSaysWhatWasAsked } from "./reach.mjs";
import { eachRoleFindsItsOwn } from "./roles.mjs";
import { aLimitIsTried } from "./trial.mjs";
import { aFileIsBroughtAndMended } from "./upload.mjs";
import { looked, views } from "./views.mjs";
import { theWallFits } from "./wall.mjs";

const town = JSON.parse(readFileSync(process.argv[2], "utf8"));
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const ask = async word => { console.log(`> ${word}`); await answers.next(); };

const browser = await launched();
const alone = (name, run) => part(name, async () => {
  const page = await watched(browser);
  try { await run(page); } finally { await page.context().close(); }
});

await part("every view", () => looked(browser, town.page, views(town)));
await alone("numbers are the command's", page => numbersAreTheCommands(page, town.page, town));
await alone("a figure opens down to a message", page => aFigureOpensDownToAMessage(page, town.page, town));
await alone("filters are in the address", page => filtersAreInTheAddress(browser, page, town.page, town));
await alone("a language keeps the state", page => aLanguageKeepsTheState(page, town.page, town));
await alone("hostile texts are text", page => hostileTextsAreText(page, town.page, town));
await alone("a keyboard reaches all", page => aKeyboardReachesAll(page, town.page, town));
await alone("paper says what was asked", page => paperSaysWhatWasAsked(page, town.page, town));
await alone("a limit is tried", page => aLimitIsTried(page, town.page, town));
await alone("a file is brought and mended", page => aFileIsBroughtAndMended(page, town.page));
await alone("somebody logs in and out", page => somebodyLogsInAndOut(page, town.guarded, town));
await part("each role finds its own", () => eachRoleFindsItsOwn(browser, town.guarded, town));
await alone("the wall fits", page => theWallFits(page, town.page));
await alone("the wall stands for an hour", page => theWallStandsForAnHour(page, town.page));
await part("the store may go and come back", () => theStoreMayGoAndComeBack(browser, town.behind, ask));
await alone("a new message is seen", page => aNewMessageIsSeen(page, town.page, ask));
await alone("a server that stops is seen", page => aServerThatStopsIsSeen(page, town.page, ask));
await browser.close();
process.exit(told());
