// The till: the change as one types, one press for a round sum, Enter for the next step.

const PLAIN = "a, button, input, select, textarea, summary, dialog";

export function startTill() {
  const form = document.querySelector("form.pay");
  if (form) watch(form);
  const next = form?.querySelector("[type=submit]") ?? document.querySelector("[data-enter]");
  if (next) document.addEventListener("keydown", (event) => onEnter(event, next));
}

function watch(form) {
  const given = form.elements.namedItem("given");
  given.addEventListener("input", () => tell(form, given));
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
  tell(form, given);
}

// What belongs to another way of paying is not sent.
function changeWay(form, given, way) {
  if (way !== "cash") given.value = "";
  if (way !== "cheque") form.elements.namedItem("reference").value = "";
  else form.elements.namedItem("reference").focus();
  tell(form, given);
}

function tell(form, given) {
  const cents = centsOf(given.value);
  for (const coin of form.querySelectorAll("[data-given]")) {
    coin.toggleAttribute("aria-current", false);
    if (Number(coin.dataset.given) === cents) coin.setAttribute("aria-current", "true");
  }
  const line = form.querySelector(".change");
  line.hidden = cents === null;
  if (cents === null) return;
  const back = cents - Number(form.dataset.due);
  line.querySelector("span").textContent = back < 0 ? line.dataset.missing : line.dataset.back;
  line.querySelector("b").textContent = money(Math.abs(back));
}

function centsOf(typed) {
  const plain = typed.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

function amount(cents) {
  return new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: 2,
    useGrouping: false,
  }).format(cents / 100);
}

function money(cents) {
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
