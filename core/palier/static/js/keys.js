// Keys: "/" the scan field, letters for acts, arrows in lists, "?" the help.
// A person may switch single letters off.
import { onSingleKey, takesTyping } from "./scanner.js";

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
  if (!lettersAreOff()) onSingleKey(onLetter);
}

function onLetter(event) {
  if (takesTyping(document.activeElement)) return;
  if (event.key === "?") return showHelp();
  const open = document.querySelector("dialog:modal");
  if (event.key === "/" && !open) return document.getElementById("scan")?.focus();
  press((open ?? document).querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`));
}

function press(target) {
  if (!target) return;
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
}

function onArrow(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const focused = document.activeElement;
  if (takesTyping(focused) || focused.matches?.("[type=radio], [type=checkbox], summary")) return;
  const list = focused.closest?.(".table, .lines") ?? document.querySelector("main .table");
  if (!list || document.querySelector("dialog:modal")) return;
  const stops = [...list.querySelectorAll("tbody th a, :scope > li .say a, :scope > li .btn")];
  const next = stops[Math.max(0, stops.indexOf(focused) + step)];
  if (!next) return;
  event.preventDefault();
  next.focus();
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
  const label = act.cloneNode(true);
  label.querySelectorAll("kbd, svg").forEach((each) => each.remove());
  words.textContent = label.textContent.trim();
  if ([...list.querySelectorAll("dt kbd")].some((each) => each.textContent === act.dataset.key)) return;
  for (const each of [term, words]) {
    each.dataset.ofPage = "";
    list.append(each);
  }
}
