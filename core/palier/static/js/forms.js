// Forms: a busy button, and acts opened as dialogs over the page they start from.
import { dialogInFront, focusFirst, sayBelow } from "./dialogs.js";
import { startPickers } from "./picker.js";

const labels = new WeakMap();
const afterwards = new WeakMap(); // what a dialog does instead of leading to another page

export function startForms() {
  const page = dialogInFront(); // an act whose form is the page: it begins in its first field
  if (page) startPage(page);
  document.addEventListener("change", priceAgain);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // What each press makes anew needs a key of its own: the page that came back has the old one.
    if (document.querySelector("form[data-once]")) return location.reload();
    document.querySelectorAll("[aria-busy=true]").forEach(free);
  });
}

function startPage(dialog) {
  const typed = () => (dialog.dataset.typed = "yes");
  dialog.addEventListener("input", typed);
  dialog.addEventListener("change", typed);
  focusFirst(dialog);
}

function onSubmit(event) {
  const { target: form, submitter } = event;
  if (form.getAttribute("method") !== "post") return;
  if (submitter?.matches("[data-whole]")) return; // leads to a page of its own
  if (document.documentElement.dataset.offline !== undefined || !navigator.onLine) {
    event.preventDefault(); // what was typed waits here until the network is back
    return waits(form);
  }
  if (form.dataset.sent) return event.preventDefault(); // pressed twice: sent once
  form.dataset.sent = "yes";
  const dialog = form.closest("dialog:modal");
  if (dialog) {
    event.preventDefault();
    send(form, submitter, dialog);
  }
  if (submitter?.matches(".btn")) setTimeout(() => busy(submitter)); // after its value is read
}

function waits(form) {
  const dialog = form.closest("dialog:modal");
  if (dialog) sayBelow(dialog, document.body.dataset.unsent);
  else document.querySelector("[data-offline-note]")?.scrollIntoView({ block: "nearest" });
}

function busy(button) {
  if (button.hasAttribute("aria-busy")) return;
  const { inlineSize, blockSize } = getComputedStyle(button);
  labels.set(button, [...button.childNodes]);
  button.style.minInlineSize = inlineSize;
  button.style.minBlockSize = blockSize;
  button.setAttribute("aria-busy", "true");
  button.textContent = document.body.dataset.busy ?? "…";
}

function free(button) {
  if (!button.hasAttribute("aria-busy")) return;
  button.replaceChildren(...labels.get(button));
  button.removeAttribute("aria-busy");
  delete button.form?.dataset.sent;
}

function onClick(event) {
  if (event.defaultPrevented || event.button) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const close = event.target.closest("[data-close]");
  const dialog = close?.closest("dialog:modal");
  if (dialog) {
    event.preventDefault();
    return dialog.close();
  }
  const act = event.target.closest("a[data-act]");
  if (!act || act.target || !("showModal" in HTMLDialogElement.prototype)) return;
  event.preventDefault();
  open(act.href);
}

async function open(address) {
  if (!(await openDialog(address))) location.assign(address);
}

/** Open the dialog at an address; null where there is none. `after` replaces going on elsewhere. */
export async function openDialog(address, { after } = {}) {
  const answer = await ask(address, {});
  const dialog = answer && !answer.redirected && dialogIn(await answer.text());
  if (!dialog) return null;
  document.querySelector(":popover-open")?.hidePopover();
  if (after) afterwards.set(dialog, after);
  show(dialog);
  return dialog;
}

async function send(form, submitter, dialog) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await ask(form.getAttribute("action"), { method: "POST", body });
  if (!answer) {
    // Nobody answered: what was typed stays, and its key lets it act once when it is sent again.
    delete form.dataset.sent;
    setTimeout(() => submitter && free(submitter));
    document.dispatchEvent(new CustomEvent("palier:unanswered"));
    return waits(form);
  }
  if (answer.headers.has("Palier-Locked") && !form.closest("[data-locked]")) {
    delete form.dataset.sent;
    free(submitter);
    return document.dispatchEvent(new CustomEvent("palier:locked"));
  }
  const elsewhere = answer.headers.get("Palier-Location");
  if (elsewhere && afterwards.has(dialog)) return afterwards.get(dialog)();
  if (elsewhere || answer.redirected) return location.assign(elsewhere ?? answer.url);
  const text = await answer.text();
  const again = dialogIn(text);
  if (again) replace(dialog, again);
  else showPage(dialog, text);
}

// The price follows what is typed, and so does what is asked: the form is drawn again, nothing is done.
let asking = 0;
async function priceAgain(event) {
  const form = event.target.closest?.("form");
  const shown = form?.querySelector("[data-price]");
  if (!shown) return;
  const mine = ++asking;
  const body = new URLSearchParams(new FormData(form));
  body.set("__price", "1");
  const answer = await ask(form.getAttribute("action"), { method: "POST", body });
  if (!answer || mine !== asking) return;
  const text = await answer.text();
  const [dialog, again] = [form.closest("dialog"), dialogIn(text)];
  if (dialog && again && asks(dialog) !== asks(again)) return askAgain(dialog, again);
  const fresh = parse(text).querySelector("[data-price]");
  if (fresh) shown.replaceChildren(...document.importNode(fresh, true).childNodes);
}

/** What a dialog asks for: the names of its fields, and the lines to tick. */
function asks(dialog) {
  const ticks = [...dialog.querySelectorAll("[type=checkbox]")].map((each) => each.value);
  return [...new Set([...dialog.querySelectorAll("label[for]")].map((each) => each.htmlFor)), ...ticks].join();
}

function askAgain(dialog, again) {
  const here = document.activeElement?.id;
  replace(dialog, again);
  if (here) document.getElementById(here)?.focus();
}

async function ask(address, options) {
  try {
    return await fetch(address, { ...options, headers: { "Palier-Dialog": "1" } });
  } catch {
    return null;
  }
}

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

function dialogIn(text) {
  const dialog = parse(text).querySelector("main dialog.dialog[open]");
  return dialog && document.importNode(dialog, true);
}

function show(dialog) {
  const opener = document.activeElement;
  dialog.removeAttribute("open");
  document.body.append(dialog);
  startPickers(dialog);
  guard(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (!document.querySelector("dialog:modal")) opener?.focus?.();
  });
  dialog.showModal();
  focusFirst(dialog);
}

function replace(old, dialog) {
  dialog.dataset.typed = "yes";
  old.replaceChildren(...dialog.childNodes);
  startPickers(old);
  focusFirst(old);
}

// Esc closes at once when nothing was typed, else it says so first: no question over a question.
function guard(dialog) {
  let warned = false;
  const typed = () => {
    dialog.dataset.typed = "yes";
    warned = false;
  };
  dialog.addEventListener("input", typed);
  dialog.addEventListener("change", typed);
  dialog.addEventListener("cancel", (event) => {
    if (event.target === dialog && dialog.matches("[data-locked]")) return event.preventDefault();
    if (event.target !== dialog || !dialog.dataset.typed || warned || dialog.matches("[data-entry]")) return;
    event.preventDefault();
    warned = true;
    sayBelow(dialog, document.body.dataset.leave);
  });
}

// An answer that is a page of its own (a conflict, not allowed): it takes the place of ours.
function showPage(dialog, text) {
  const page = parse(text);
  const main = page.querySelector("main");
  if (!main) return location.reload();
  dialog.close();
  document.title = page.title;
  const here = document.importNode(main, true);
  document.querySelector("main").replaceWith(here);
  startPickers(here);
  here.focus();
}
