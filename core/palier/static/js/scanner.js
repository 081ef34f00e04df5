// A scanner types fast and ends with Enter: its burst goes to the scan field, wherever the focus is.

const FASTEST_PERSON = 45; // milliseconds between two keys; scanners need 1 to 30
const SHORTEST_CODE = 4;

let burst = "";
let last = 0;
let before = null; // the field that had the focus, as it was before the burst
let waiting = null; // a single letter that may be the first of a burst
const listeners = [];

/** Call `listener(event)` for a key pressed outside fields that is not part of a burst. */
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
}

function onKey(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return forget();
  if (event.key === "Enter") return onEnter(event);
  if (event.key.length !== 1) return;
  const fast = event.timeStamp - last < FASTEST_PERSON;
  last = event.timeStamp;
  if (!fast || !burst) begin(event);
  else {
    burst += event.key;
    clearTimeout(waiting);
  }
}

function begin(event) {
  const focused = document.activeElement;
  burst = event.key;
  before = remember(focused);
  clearTimeout(waiting);
  if (takesTyping(focused) && (!isIdle(focused) || focused.value)) return;
  if (event.key === "/") event.preventDefault(); // some browsers open a search of their own
  waiting = setTimeout(() => listeners.forEach((each) => each(event)), FASTEST_PERSON);
}

function onEnter(event) {
  const code = burst;
  const fast = event.timeStamp - last < FASTEST_PERSON * 2;
  const was = before;
  forget();
  if (!fast || code.length < SHORTEST_CODE) return;
  const field = document.getElementById("scan");
  if (!field || document.activeElement === field) return;
  if (document.querySelector("dialog[open] [data-code]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  putBack(was);
  field.value = code;
  field.form.requestSubmit();
}

function forget() {
  burst = "";
  before = null;
  clearTimeout(waiting);
}

function remember(element) {
  return takesTyping(element) && "value" in element ? { element, value: element.value } : null;
}

function putBack(was) {
  if (was) was.element.value = was.value;
}
