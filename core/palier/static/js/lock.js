// The device of the day: four digits open it, and it locks when nobody touches it.
import { openDialog } from "./forms.js";

const DIGITS = 4;
// The top row of a French or Belgian keyboard without the shift key.
const ROW = { "&": 1, "é": 2, '"': 3, "'": 4, "(": 5, "-": 6, "§": 6, "è": 7, _: 8, "!": 8, "ç": 9, "à": 0 };
const TOUCHES = ["keydown", "pointerdown", "wheel", "touchstart"];
const SEEN = "palier-touched"; // one clock for every tab of this browser
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("palier-device") : null;

export function startLock() {
  document.addEventListener("input", onDigit);
  const { device, lockAfter } = document.body.dataset;
  const entry = document.querySelector("[data-entry][data-locked]");
  if (entry) tabs?.addEventListener("message", ({ data }) => goOn(entry, data));
  if (device === undefined) return;
  tabs?.postMessage("opened");
  document.addEventListener("submit", onLock, true);
  document.addEventListener("palier:locked", wasLocked);
  tabs?.addEventListener("message", onOtherTab);
  if (Number(lockAfter)) watch(Number(lockAfter) * 60_000);
}

// Four digits are enough: nobody has to press Enter.
function onDigit(event) {
  const field = event.target;
  if (!field.matches?.("[data-four]")) return;
  const digits = [...field.value].map((each) => ROW[each] ?? each).join("").replace(/\D/g, "");
  if (digits !== field.value) field.value = digits;
  if (digits.length === DIGITS) field.form.requestSubmit();
}

// Someone's code was typed in another tab.
function goOn(entry, said) {
  const next = entry.querySelector("input[name=next]");
  const kept = entry.querySelector("input[name=kept]");
  if (said === "opened" && next && !kept) location.replace(next.value);
}

function onLock(event) {
  if (!event.target.matches("[data-lock]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  lock();
}

function watch(longest) {
  touch();
  for (const each of TOUCHES) document.addEventListener(each, touch, { passive: true, capture: true });
  let told = Date.now();
  setInterval(() => {
    if (isVeiled()) return;
    const idle = Date.now() - lastTouch();
    if (idle >= longest) return lock();
    // Who types for long asks for no page: say that somebody is there.
    if (Date.now() - told > longest / 5 && idle < longest / 5) {
      told = Date.now();
      whoIsThere();
    }
  }, 1000);
}

function touch() {
  if (isVeiled()) return;
  const now = Date.now();
  if (now - lastTouch() > 1000) localStorage.setItem(SEEN, String(now));
}

function lastTouch() {
  return Number(localStorage.getItem(SEEN) ?? 0);
}

function isVeiled() {
  return document.documentElement.dataset.veiled !== undefined;
}

/** End the session, and hide the page until someone's code opens it again. */
export async function lock() {
  if (isVeiled()) return;
  veil();
  const form = document.querySelector("form[data-lock]");
  await say("/lock", new FormData(form));
  tabs?.postMessage("locked");
  await askForCode();
}

/** Hide the page because its session has ended elsewhere, and ask for a code. */
export async function wasLocked() {
  if (isVeiled()) return;
  veil();
  await askForCode();
}

function veil() {
  document.documentElement.dataset.veiled = "";
  document.querySelector(":popover-open")?.hidePopover();
}

async function askForCode() {
  const address = `/desk-code?next=${encodeURIComponent(location.pathname + location.search)}`;
  if (!isDirty()) return location.replace(address);
  for (;;) {
    const dialog = await openDialog(address, { after: opened });
    if (dialog) return;
    await new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
  }
}

function onOtherTab({ data }) {
  if (data === "locked") wasLocked();
  else if (data === "opened" && isVeiled()) opened();
}

// The code was right, and what was typed is still here: the page goes on under the new session.
async function opened() {
  const me = await whoIsThere();
  if (!me) return location.reload();
  for (const each of document.querySelectorAll("input[name=csrf]")) each.value = me.csrf;
  for (const each of document.querySelectorAll(".me bdi, #me .said bdi")) each.textContent = me.name;
  document.querySelector("dialog[data-locked]")?.close();
  delete document.documentElement.dataset.veiled;
  localStorage.setItem(SEEN, String(Date.now()));
  tabs?.postMessage("opened");
  document.dispatchEvent(new CustomEvent("palier:opened"));
}

async function whoIsThere() {
  try {
    const answer = await fetch(`/api/v1/${document.body.dataset.site}/me`);
    if (answer.status === 401) wasLocked();
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function say(address, form) {
  try {
    await fetch(address, { method: "POST", body: new URLSearchParams(form), headers: { "Palier-Dialog": "1" } });
  } catch {
    // No network: the server locks by its own clock, and the page is veiled already.
  }
}

/** Say whether something was typed here that a new page would lose. */
export function isDirty() {
  if (document.querySelector("dialog:modal[data-typed]")) return true;
  const fields = document.querySelectorAll("form[method=post] :is(input:not([type=hidden]), textarea, select)");
  return [...fields].some(isTyped);
}

function isTyped(field) {
  if (field.matches("select")) {
    const first = [...field.options].find((each) => each.defaultSelected) ?? field.options[0];
    return field.selectedOptions[0] !== first;
  }
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}
