// A scanner types fast and ends with Enter: its burst is read as one code, wherever the focus is.
import { takeCode } from "./scanned.js";

const FASTEST_PERSON = 45; // milliseconds between two keys; scanners need 1 to 30
const SHORTEST_CODE = 3;
const SEPARATOR = "\x1d"; // GS1's group separator: no keyboard has a key for it
const SILENT = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead"];

let burst = "";
let last = 0;
let before = null; // the field that had the focus, as it was before the burst
let singles = []; // one or two keys that may be the first of a burst
let waiting = null; // until they are known to be a person's
let down = null; // the place of the last key, until it is let go
let number = ""; // a character's number, typed with the Alt key held
const listeners = [];

/** Call `listener(event)` for a key pressed outside fields that is not part of a code. */
export function onSingleKey(listener) {
  listeners.push(listener);
}

/** Say whether this element takes typing. */
export function takesTyping(element) {
  if (!element) return false;
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element.matches("input:not([type=checkbox], [type=radio], [type=submit], [type=button])");
}

/** Say whether the scan field has the focus only because the page gave it. */
export function isIdle(element) {
  return element?.id === "scan" && element.hasAttribute("data-idle");
}

export function startScanner() {
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("keyup", onKeyUp, true);
}

function onKey(event) {
  if (event.isComposing || event.repeat) return forget();
  if (isSeparator(event)) return onSeparator(event);
  if (SILENT.includes(event.key)) return;
  if (event.altKey && event.code.startsWith("Numpad")) return void (number += event.key);
  if (!event.getModifierState("AltGraph") && (event.ctrlKey || event.altKey || event.metaKey))
    return forget();
  if (event.key === "Enter") return onEnter(event);
  if (event.key.length !== 1 || (event.key === " " && isAPersons())) return tellSingles();
  const fast = isFast(event);
  down = event.code;
  if (fast && burst) goOn(event);
  else begin(event);
}

// Fingers overlap, a scanner lets go of each key before the next.
function isAPersons() {
  return down !== null && burst.length < SHORTEST_CODE;
}

function isFast(event) {
  const fast = event.timeStamp - last < FASTEST_PERSON;
  last = event.timeStamp;
  return fast;
}

function begin(event) {
  tellSingles();
  const focused = document.activeElement;
  burst = event.key;
  before = remember(focused);
  if (takesTyping(focused) && (!isIdle(focused) || focused.value)) return;
  if (event.key === "/") event.preventDefault(); // some browsers open a search of their own
  wait([event]);
}

function goOn(event) {
  burst += event.key;
  if (takesTyping(document.activeElement)) return wait([]);
  event.preventDefault(); // a space would press the button that has the focus
  wait(burst.length < SHORTEST_CODE ? [...singles, event] : []);
}

function wait(keys) {
  clearTimeout(waiting);
  singles = keys;
  if (keys.length) waiting = setTimeout(tellSingles, FASTEST_PERSON);
}

// What waits was pressed by a person: nothing of theirs is lost, however fast the next key came.
function tellSingles() {
  const keys = singles;
  forget();
  for (const key of keys) listeners.forEach((each) => each(key));
}

// Scanners send the group separator as Ctrl and the key of "]", whatever that key writes here.
function isSeparator(event) {
  if (event.key === SEPARATOR) return true;
  const held = event.ctrlKey && !event.altKey && !event.metaKey;
  return held && (event.key === "]" || event.code === "BracketRight");
}

function onSeparator(event) {
  event.preventDefault();
  addSeparator(event);
}

// Others send it by its number: Alt held, 0, 2, 9 on the number pad, Alt let go.
function onKeyUp(event) {
  if (event.code === down) down = null;
  if (event.key !== "Alt") return;
  if (Number(number) === SEPARATOR.charCodeAt(0)) addSeparator(event);
  number = "";
}

function addSeparator(event) {
  last = event.timeStamp;
  if (!burst) before = remember(document.activeElement);
  burst += SEPARATOR;
  wait([]);
  const field = document.activeElement;
  if (!field?.matches("#scan, [data-code]")) return;
  field.setRangeText(SEPARATOR, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function onEnter(event) {
  const code = burst;
  const since = event.timeStamp - last;
  const was = before;
  if (isEndOfOne(code, since)) {
    forget();
    return swallow(event);
  }
  tellSingles();
  if (since >= FASTEST_PERSON * 2 || code.length < SHORTEST_CODE) return;
  if (document.activeElement?.matches("#scan, [data-code]")) return; // it is there already
  if (!takeCode(code)) return;
  swallow(event);
  putBack(was);
}

// Of a code scanned while the page came, only the end is heard: its Enter must not pay.
function isEndOfOne(code, since) {
  const short = code.trim() && code.length < SHORTEST_CODE;
  return short && since < FASTEST_PERSON && !isAPersons() && !takesTyping(document.activeElement);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function forget() {
  burst = "";
  number = "";
  before = null;
  wait([]);
}

function remember(element) {
  return takesTyping(element) && "value" in element ? { element, value: element.value } : null;
}

function putBack(was) {
  if (!was) return;
  was.element.value = was.value;
  was.element.dispatchEvent(new Event("input", { bubbles: true }));
}
