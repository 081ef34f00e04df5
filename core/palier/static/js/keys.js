// Keys: "/" the scan field, letters for acts, arrows in lists, "?" the help.
// A person may switch single letters off.
import { onceAlone, startAlone } from "./alone.js";
import { dialogInFront } from "./dialogs.js";
import { isIdle, onSingleKey, takesTyping } from "./scanner.js";

const OFF = /(?:^|;\s*)palier_keys=off(?:;|$)/;

function lettersAreOff() {
  return document.documentElement.dataset.keys === "off" || OFF.test(document.cookie);
}

export function startKeys() {
  for (const button of document.querySelectorAll("[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", showHelp);
  }
  document.addEventListener("keydown", onArrow);
  if (lettersAreOff()) return;
  onSingleKey(onLetter);
  document.querySelectorAll("main [data-key]").forEach(standAlone);
  watchIdle(document.getElementById("scan"));
}

// A key of the page goes before the same one in the bar: none stands on a screen twice.
function standAlone({ dataset: { key } }) {
  const other = document.querySelector(`.bar [data-key="${CSS.escape(key)}"]`);
  other?.querySelector("kbd")?.remove();
  other?.removeAttribute("data-key");
}

// On the desk page the scan field has the focus by itself. Until someone chooses it, by "/", a click
// or Tab, a digit, + or − that comes alone is a key of the page, and the field stays empty.
function watchIdle(field) {
  if (!field?.autofocus || !document.querySelector("[data-keypad], .bar [data-key]")) return;
  startAlone();
  const idle = (is) => field.toggleAttribute("data-idle", is);
  idle(true);
  field.addEventListener("pointerdown", () => idle(false));
  field.addEventListener("focus", (event) => event.relatedTarget && idle(false));
  field.addEventListener("blur", () => document.hasFocus() && idle(true));
}

function onLetter(event) {
  const focused = document.activeElement;
  if (takesTyping(focused)) return isIdle(focused) ? onIdleKey(event, focused) : undefined;
  if (event.key === "?") return showHelp();
  const open = dialogInFront();
  if (event.key === "/" && !open) return document.getElementById("scan")?.focus();
  press(keyed(open ?? document, keyOf(event)));
}

function onIdleKey(event, field) {
  if (event.key === "/") return field.removeAttribute("data-idle");
  const key = keyOf(event);
  const target = keyed(document, key);
  const act = () => {
    if (field.value !== event.key) return;
    field.value = "";
    press(target);
  };
  if (!target || field.value !== event.key) return;
  if (/^[1-9+*-]$/.test(key)) return act();
  if (/^[a-z]$/.test(key)) onceAlone(wordsOf(target), act);
}

function keyed(within, key) {
  return within.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

// The upper row of a French keyboard writes & é " where others write 1 2 3.
function keyOf({ key, code }) {
  if (keyed(document, key)) return key;
  const digit = /^[1-9]$/.test(key) ? key : /^Digit([1-9])$/.exec(code)?.[1];
  if (digit && keyed(document, digit)) return digit;
  return key === "=" ? "+" : key.toLowerCase();
}

function press(target) {
  if (!target) return;
  if (target.matches("input, select, textarea")) target.focus();
  if (!takesTyping(target)) target.click();
}

function onArrow(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const focused = document.activeElement;
  if (focused.id === "scan" && event.key === "ArrowDown") return intoResults(event);
  if (takesTyping(focused) || focused.matches?.("[type=radio], [type=checkbox], summary")) return;
  const list = focused.closest?.(".table, .lines") ?? document.querySelector("main .table");
  if (!list || document.querySelector("dialog:modal")) return;
  const stops = stopsOf(list);
  const next = stops[Math.max(0, stops.indexOf(focused) + step)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function stopsOf(list) {
  return [...list.querySelectorAll("tbody th a, :scope > li .say a, :scope > li .btn")];
}

// From the scan field down into what it found; while nothing is typed, into the day's lines.
function intoResults(event) {
  const day = !event.target.value && document.querySelector("[data-block=today] .lines");
  const first =
    document.querySelector("[data-results] :is(.say a, .btn)") ?? (day && stopsOf(day)[0]);
  if (!first) return;
  event.preventDefault();
  first.focus();
}

function showHelp() {
  const help = document.getElementById("keys-help");
  if (!help || help.open) return;
  document.querySelector(":popover-open")?.hidePopover();
  const list = help.querySelector("dl");
  for (const old of list.querySelectorAll("[data-of-page]")) old.remove();
  for (const act of document.querySelectorAll("main [data-key]")) addKey(list, act);
  help.showModal();
}

function addKey(list, act) {
  const key = document.createElement("kbd");
  key.textContent = act.dataset.key;
  const term = document.createElement("dt");
  term.append(key);
  const words = document.createElement("dd");
  words.textContent = wordsOf(act);
  if ([...list.querySelectorAll("dt kbd")].some((each) => each.textContent === act.dataset.key)) return;
  for (const each of [term, words]) {
    each.dataset.ofPage = "";
    list.append(each);
  }
}

function wordsOf(act) {
  const label = (act.labels?.[0] ?? act).cloneNode(true);
  label.querySelectorAll("kbd, svg").forEach((each) => each.remove());
  return label.textContent.trim();
}
