// Every page works without this file; with it, less waiting and more keys.
import { startChoosing } from "./choosing.js";
import { startCounting } from "./counting.js";
import { startForms } from "./forms.js";
import { startKeypad } from "./keypad.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startLock } from "./lock.js";
import { startPickers } from "./picker.js";
import { startScanner } from "./scanner.js";
import { startTill } from "./till.js";
import { startTrial } from "./trial.js";

startForms();
startChoosing();
startPickers(document);
startScanner();
startKeys();
startKeypad();
startTill();
startTrial();
startCounting();
startLock();
startLive();

// On a narrow screen the tab that is open may stand out of sight, at the end of its row.
const tab = document.querySelector(".views [aria-current]");
if (tab) {
  const [mine, row] = [tab, tab.closest(".views")].map((each) => each.getBoundingClientRect());
  tab.closest(".views").scrollBy(mine.left + mine.width / 2 - row.left - row.width / 2, 0);
}
