// What the other desk did appears by itself: the page asks for itself again and takes over what changed.
// Nothing moves under a hand: not while a dialog is open, a field has the focus or something is typed.
import { isDirty, wasLocked } from "./lock.js";
import { startPickers } from "./picker.js";
import { startPay } from "./till.js";

const BLOCKS = "main .sheet[aria-labelledby]:not(.keypad, [data-still]), [data-live-part]";
const STALE = 20_000; // milliseconds without a word after which everything is asked for again
const SILENT = 40_000; // without even a beat the line is dead
const LONGEST = 30_000;

let source = null;
let wait = 1000;
let heard = Date.now();
let drawn = 0; // the server's own time of what is shown
let asking = false;
let again = false;
let others = false; // whether another desk did something that is not shown yet

export function startLive() {
  const { live, liveAt } = document.body.dataset;
  if (!live || !("EventSource" in window)) return;
  drawn = Number(liveAt);
  document.addEventListener("visibilitychange", onVisible);
  window.addEventListener("pageshow", (event) => event.persisted && refresh());
  window.addEventListener("pagehide", close);
  window.addEventListener("offline", offline);
  window.addEventListener("online", connect);
  document.addEventListener("palier:unanswered", lost);
  document.addEventListener("palier:opened", () => (connect(), refresh()));
  for (const each of ["focusout", "close"]) document.addEventListener(each, later, true);
  setInterval(() => source && Date.now() - heard > SILENT && lost(), 5000);
  onVisible();
}

// Browsers keep six connections to one address: a page that nobody sees has none.
function onVisible() {
  if (document.hidden) return close();
  connect();
  if (Date.now() - heard > STALE) refresh();
}

function connect() {
  close();
  source = new EventSource(`${document.body.dataset.live}?since=${drawn}`);
  source.addEventListener("beat", here);
  source.addEventListener("acts", ({ data }) => (here(), onActs(JSON.parse(data))));
  source.addEventListener("end", ({ data }) => onEnd(JSON.parse(data)));
  source.onerror = lost;
}

function close() {
  source?.close();
  source = null;
}

function here() {
  const was = document.documentElement.dataset.offline;
  heard = Date.now();
  wait = 1000;
  online();
  if (was !== undefined) refresh();
}

function onActs({ others: theirs }) {
  others ||= theirs.length > 0;
  refresh();
}

function onEnd(why) {
  close();
  if (why !== "locked") return lost();
  if (document.body.dataset.device !== undefined) return wasLocked();
  if (!isDirty()) location.reload();
}

// Broken is not yet "no network": the server may only be starting anew, or have enough of our pages.
async function lost() {
  close();
  if (document.hidden) return;
  const answers = await fetch("/health/live", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  if (source) return; // the network came back meanwhile
  if (answers) online();
  else offline();
  setTimeout(() => !source && !document.hidden && connect(), wait * (0.75 + Math.random() / 2));
  wait = Math.min(wait * 2, LONGEST);
}

function offline() {
  const root = document.documentElement;
  if (root.dataset.offline !== undefined) return;
  root.dataset.offline = "";
  const since = hour(new Date());
  for (const each of document.querySelectorAll("[data-since]")) {
    each.textContent = each.dataset.since.replace("#", since);
  }
}

function online() {
  const shown = document.querySelector(".net");
  if (shown) shown.hidden = false;
  delete document.documentElement.dataset.offline;
}

function hour(moment) {
  const zone = { timeZone: document.body.dataset.zone, hour: "numeric", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en", zone).formatToParts(moment);
  const [hours, minutes] = ["hour", "minute"].map((each) => parts.find((part) => part.type === each).value);
  return document.documentElement.lang.startsWith("fr")
    ? `${Number(hours)}\u00a0h\u00a0${minutes}`
    : `${Number(hours)}:${minutes}`;
}

// One question at a time; what comes meanwhile asks once more.
async function refresh() {
  if (asking) return (again = true);
  asking = true;
  do {
    again = false;
    await takeOver();
  } while (again);
  asking = false;
}

function later() {
  if (document.querySelector("[data-waits]")) setTimeout(refresh, 300);
}

async function takeOver() {
  const page = await fetchPage();
  if (!page || isBusy(document.querySelector("main"), "dialog")) return;
  const told = [];
  for (const old of document.querySelectorAll(BLOCKS)) {
    const block = page.querySelector(addressOf(old));
    if (!block || mark(block) === mark(old)) {
      delete old.dataset.waits;
      continue;
    }
    if (isBusy(old)) old.dataset.waits = "";
    else if (old.dataset.liveAsk !== undefined) offer(old, block);
    else told.push(swap(old, block));
  }
  told.push(...comeAndGo(page));
  const total = page.querySelector(".tobasket");
  if (total) document.querySelector(".tobasket")?.replaceWith(document.importNode(total, true));
  if (others && told.some(Boolean)) say(told);
  others = false;
}

async function fetchPage() {
  const address = new URL(location.href);
  address.searchParams.delete("done");
  try {
    const answer = await fetch(address, { headers: { "Palier-Live": "1" } });
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    drawn = Number(page.body.dataset.liveAt) || drawn;
    return page;
  } catch {
    return null;
  }
}

function addressOf(block) {
  const part = block.dataset.livePart;
  if (part) return `[data-live-part="${part}"]`;
  return `main .sheet[aria-labelledby="${CSS.escape(block.getAttribute("aria-labelledby"))}"]`;
}

// A block of the desk page that begins or ends: in its place among the others.
function comeAndGo(page) {
  const told = [];
  const columns = page.querySelectorAll(".desk > .stack");
  document.querySelectorAll(".desk > .stack").forEach((column, place) => {
    const is = [...(columns[place]?.children ?? [])];
    if (!is.length) return;
    const idOf = (each) => each.dataset.block;
    const was = new Map([...column.children].map((each) => [idOf(each), each]));
    let before = null;
    for (const each of is) {
      if (!was.has(idOf(each))) told.push(bring(each, column, before));
      before = column.querySelector(`:scope > [data-block="${CSS.escape(idOf(each))}"]`);
    }
    const left = new Set(is.map(idOf));
    for (const [id, each] of was) if (!left.has(id) && !isBusy(each)) takeAway(each);
  });
  return told;
}

function takeAway(block) {
  const focused = block.contains(document.activeElement);
  block.remove();
  if (focused) document.getElementById("main").focus();
}

function titleOf(block) {
  const words = block.dataset.livePart === "till" ? block : block.querySelector("h2");
  return words?.textContent.trim();
}

function bring(fresh, column, before) {
  const block = document.importNode(fresh, true);
  if (before) before.after(block);
  else column.prepend(block);
  startPickers(block);
  return titleOf(block);
}

// What a block says and where it leads; keys of forms are new each time and mean nothing.
function mark(block) {
  const bare = block.cloneNode(true);
  bare.querySelectorAll("[data-live-note], .change").forEach((each) => each.remove());
  const ways = [...bare.querySelectorAll("[href], [action]")];
  const leads = ways.map((each) => each.getAttribute("href") ?? each.getAttribute("action"));
  return `${bare.textContent.replace(/\s+/g, " ").trim()} ${leads.join(" ")}`;
}

function isBusy(block, only) {
  if (document.querySelector("dialog:modal, :popover-open")) return true;
  if (only) return false;
  const focused = document.activeElement;
  if (block.contains(focused) && focused.matches("input:not([type=radio], [type=checkbox]), select, textarea")) return true;
  return [...block.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")].some(
    (each) => each.value !== each.defaultValue,
  );
}

function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const href = focused?.getAttribute("href");
  const block = document.importNode(fresh, true);
  const gone = goneFrom(old, block);
  const before = new Set([...old.querySelectorAll("li, tr")].map((each) => each.textContent.trim()));
  const at = old.querySelector(".scroll")?.scrollLeft ?? 0;
  old.replaceWith(block);
  if (at) block.querySelector(".scroll")?.scrollTo(at, 0);
  if (gone) block.querySelector("header").after(gone);
  if (others) {
    for (const each of block.querySelectorAll("li, tbody tr")) {
      each.toggleAttribute("data-fresh", !before.has(each.textContent.trim()));
    }
  }
  startPickers(block);
  startPay(block);
  if (focused) (href && block.querySelector(`[href="${CSS.escape(href)}"]`) || document.getElementById("main")).focus();
  return titleOf(block);
}

// A line sold or taken out at the other desk leaves a note in the basket.
function goneFrom(old, block) {
  const label = document.body.dataset.gone;
  if (!others || !label || !old.querySelector(".basket")) return null;
  const names = (list) => [...list.querySelectorAll(".basket li p")].map((each) => each.firstChild.textContent.trim());
  const left = names(block);
  const gone = names(old).filter((each) => !left.includes(each));
  if (!gone.length) return null;
  const note = document.createElement("p");
  note.className = "note plain last";
  note.dataset.liveNote = "";
  note.setAttribute("role", "status");
  note.textContent = label.replace("#", gone.join(", "));
  return note;
}

// A list does not move under the hand: it says how many rows changed, and waits.
function offer(old, fresh) {
  const rows = (list) => new Map([...list.querySelectorAll("tbody tr")].map((row) => [row.querySelector("a")?.getAttribute("href"), row.textContent]));
  const [was, is] = [rows(old), rows(fresh)];
  const count = [...new Set([...was.keys(), ...is.keys()])].filter((each) => was.get(each) !== is.get(each)).length;
  const { liveOne, liveMany, liveShow } = old.dataset;
  if (!count || !others && !old.querySelector("[data-live-note]")) return void swap(old, fresh);
  old.querySelector("[data-live-note]")?.remove();
  const note = document.createElement("div");
  note.className = "note plain";
  note.dataset.liveNote = "";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = (count === 1 ? liveOne : liveMany).replace("#", String(count));
  const show = document.createElement("button");
  show.type = "button";
  show.className = "btn small";
  show.textContent = liveShow;
  show.addEventListener("click", () => swap(old, fresh));
  note.append(words, show);
  old.prepend(note);
}

function say(blocks) {
  const said = document.getElementById("live-said");
  if (said) said.textContent = said.dataset.words.replace("#", blocks.filter(Boolean).join(", "));
}
