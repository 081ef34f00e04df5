// The keypad: a press counts at once, is sent behind it, and is never lost or sent twice.
//
// Presses wait in a row. Each has a key of its own, so that one whose answer got lost is sent again
// and still counts once. The answer is the keypad's own page: its note takes the place of ours.

const RETRIES = [500, 2000, 5000]; // milliseconds before a press is sent again

let row = [];
let sending = false;

export function startKeypad() {
  document.addEventListener("submit", onSubmit, true);
  window.addEventListener("pagehide", () => row.forEach(sendOnTheWay));
}

function onSubmit(event) {
  const { target: form, submitter } = event;
  const pad = document.querySelector("form[data-keypad]");
  const place = form.closest("[data-block=counted], [data-block=waiting]")?.dataset.block;
  if (!pad || (form !== pad && !place)) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // forms.js sends a form once: a keypad is pressed many times
  const reason = form === pad ? submitter.value : null;
  const press = { pad, reason, tries: 0, keeps: place === "waiting", ...read(form, submitter) };
  if (reason) show(submitter, 1);
  if (place !== "counted") press.body.set("key", newKey());
  // What is taken back is what was pressed last: its note may still be on its way.
  if (form.matches("[data-undo]") && row.length) press.late = "[data-block=counted] [data-undo]";
  row.push(press);
  if (!sending) next();
}

function read(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const pad = document.querySelector("form[data-keypad]");
  body.set("back", inside(body.get("back"), pad.dataset.keypad));
  return { action: form.getAttribute("action"), body };
}

// Where a press leads back to: the small page, with the same note.
function inside(back, page) {
  return page + (back.includes("?") ? back.slice(back.indexOf("?")) : "");
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

async function next() {
  const press = row[0];
  if (!press) {
    sending = false;
    return;
  }
  sending = true;
  if (press.late) {
    const form = document.querySelector(press.late);
    if (form) Object.assign(press, { late: "", ...read(form) });
  }
  const answer = await send(press);
  if (answer === null && press.tries < RETRIES.length) {
    await new Promise((done) => setTimeout(done, RETRIES[press.tries++]));
    return next();
  }
  row.shift();
  if (answer === null || !answer.ok) await refused(press, answer);
  else take(mainOf(await answer.text()), null, press.keeps);
  next();
}

async function send(press) {
  try {
    return await fetch(press.action, { method: "POST", body: press.body });
  } catch {
    return null;
  }
}

// The page is left: what waits goes out by itself, and so does what had no answer yet.
function sendOnTheWay(press) {
  fetch(press.action, { method: "POST", body: press.body, keepalive: true }).catch(() => {});
}

function keyOf(reason) {
  return document.querySelector(`form[data-keypad] button[value="${CSS.escape(reason)}"]`);
}

function show(button, more) {
  const count = button.querySelector(".n");
  const now = Math.max(0, Number(count.textContent || 0) + more);
  count.textContent = now || "";
  button.querySelector(".today").textContent = now
    ? button.form.dataset.today.replace("#", now)
    : "";
  const people = button.closest("section").querySelector("[data-people]");
  if (!button.hasAttribute("data-apart")) people.textContent = Number(people.textContent) + more;
}

// The answer's blocks take our blocks' place; what still waits is added to its figures.
function take(main, told, keepsNote = false) {
  if (!main?.querySelector("[data-block=keypad]")) return location.reload();
  for (const name of ["keypad", "waiting"]) put(name, main.querySelector(`[data-block=${name}]`));
  if (!keepsNote) note(told ?? main.querySelector("[data-block=counted] > *"));
  for (const each of row) {
    const button = each.reason && keyOf(each.reason);
    if (button) show(button, 1);
  }
}

function mainOf(text) {
  return new DOMParser().parseFromString(text, "text/html").querySelector("main");
}

function put(name, block) {
  const ours = document.querySelector(`main [data-block=${name}]`);
  if (!ours || !block) return;
  const focused = ours.contains(document.activeElement) ? document.activeElement : null;
  const again = focused && same(block, focused);
  ours.replaceChildren(...document.importNode(block, true).childNodes);
  if (again) same(ours, focused)?.focus();
}

function same(block, button) {
  const at = button.dataset.key ? `[data-key="${CSS.escape(button.dataset.key)}"]` : "summary, select";
  return block.querySelector(at);
}

// One note at a time, in one place: below the page's title.
function note(found) {
  let place = document.querySelector("main [data-block=counted]");
  if (!place) {
    place = document.createElement("div");
    place.dataset.block = "counted";
    document.querySelector("main .head").after(place);
  }
  place.replaceChildren(...(found ? [document.importNode(found, true)] : []));
}

// Refused, or no answer at all: say so, and show what really was counted.
async function refused(press, answer) {
  const said = answer && mainOf(await answer.text());
  const told = document.createElement("div");
  told.className = "note stop";
  told.setAttribute("role", "alert");
  const words = told.appendChild(document.createElement("p"));
  words.textContent =
    said?.querySelector(".note.stop, .summary, h1")?.textContent.trim() || press.pad.dataset.lost;
  try {
    take(mainOf(await (await fetch(press.pad.dataset.keypad)).text()), told);
  } catch {
    if (press.reason && keyOf(press.reason)) show(keyOf(press.reason), -1);
    note(told);
  }
}
