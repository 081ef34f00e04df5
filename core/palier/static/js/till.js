// The till: the change as one types, one press for a round sum, Enter for the next step.

const PLAIN = "a, button, input, select, textarea, summary, dialog";

export function startTill() {
  startPay(document);
  document.querySelectorAll("[data-private]").forEach(keepPrivate);
  document.addEventListener("keydown", (event) => {
    const next = document.querySelector("form.pay [type=submit]") ?? document.querySelector("[data-enter]");
    if (next) onEnter(event, next);
  });
}

/** Watch the payment inside `root`, which may have come after the page. */
export function startPay(root) {
  const form = root.querySelector("form.pay");
  if (form) watch(form);
}

function watch(form) {
  const given = form.elements.namedItem("given");
  form.addEventListener("input", () => tell(form, given));
  form.addEventListener("click", (event) => {
    const coin = event.target.closest("[data-given]");
    if (!coin || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    given.value = amount(Number(coin.dataset.given));
    tell(form, given);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "mode") changeWay(form, given, event.target.value);
  });
  form.querySelector(".parts").addEventListener("toggle", (event) => split(form, given, event.target));
  tell(form, given);
}

// What belongs to another way of paying is not sent.
function changeWay(form, given, way) {
  if (way !== "cash" && !form.querySelector(".parts").open) given.value = "";
  const number = form.elements.namedItem("reference");
  if (way === "cheque" || way === "voucher") number.focus();
  else number.value = "";
  tell(form, given);
}

// A second part begins as the rest on the tab; closed again, it is none.
function split(form, given, details) {
  const way = form.elements.namedItem("second_mode");
  const more = form.elements.namedItem("second_given");
  if (details.open) {
    if (way.value) return tell(form, given); // it came back open, with what was typed
    way.value = "tab";
    more.focus();
  } else {
    for (const each of details.querySelectorAll("select, input")) each.value = "";
  }
  tell(form, given);
}

function tell(form, given) {
  const cents = centsOf(given.value);
  for (const coin of form.querySelectorAll("[data-given]")) {
    coin.toggleAttribute("aria-current", false);
    if (Number(coin.dataset.given) === cents) coin.setAttribute("aria-current", "true");
  }
  const line = form.querySelector(".change");
  const parts = ["second", "third"].filter((each) => form.elements.namedItem(`${each}_mode`).value);
  const amounts = parts.map((each) => centsOf(form.elements.namedItem(`${each}_given`).value));
  line.hidden = cents === null;
  if (cents === null) return;
  const back = cents + amounts.reduce((sum, each) => sum + each, 0) - Number(form.dataset.due);
  const words = back < 0 ? (amounts.includes(null) ? "rest" : "missing") : "back";
  line.querySelector("span").textContent = line.dataset[words];
  line.querySelector("b").textContent = money(Math.abs(back));
}

// What the next in the queue must not read closes as soon as one goes on.
function keepPrivate(details) {
  const close = () => (details.open = false);
  details.addEventListener("focusout", (event) => {
    if (!details.contains(event.relatedTarget)) close();
  });
  details.addEventListener("pointerleave", close);
  document.addEventListener("visibilitychange", close);
  window.addEventListener("pagehide", close);
}

export function centsOf(typed) {
  const plain = typed.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

export function amount(cents) {
  return new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: 2,
    useGrouping: false,
  }).format(cents / 100);
}

export function money(cents) {
  const euros = { style: "currency", currency: "EUR" };
  return new Intl.NumberFormat(document.documentElement.lang, euros).format(cents / 100);
}

// Enter pays only where it would do nothing else.
function onEnter(event, next) {
  if (event.key !== "Enter" || event.repeat || event.defaultPrevented) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest?.(PLAIN) || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  next.click();
}
