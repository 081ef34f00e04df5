// Every page works without this file; with it, less waiting and more keys.
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startPickers } from "./picker.js";
import { startScanner } from "./scanner.js";
import { startTill } from "./till.js";

startForms();
startPickers(document);
startScanner();
startKeys();
startTill();
