// A drawer that is counted: Enter goes from coin to coin, the total and the difference follow.
import { amount, centsOf, money } from "./till.js";

const COIN = "input[data-cents]";

export function startCounting() {
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form:has([data-counted])");
    if (!form) return;
    if (target.matches(COIN)) addUp(form);
    tell(form);
  });
  document.addEventListener("keydown", onEnter);
}

function addUp(form) {
  let sum = 0;
  let some = false;
  for (const coin of form.querySelectorAll(COIN)) {
    const cents = Number(coin.dataset.cents) * Number(coin.value.trim());
    some ||= coin.value.trim() !== "";
    coin.closest(".coin").querySelector("output").textContent = cents > 0 ? money(cents) : "";
    sum += cents;
  }
  if (!Number.isNaN(sum)) total(form).value = some ? amount(sum) : "";
}

function tell(form) {
  const line = form.querySelector("[data-counted]");
  const counted = centsOf(total(form).value);
  line.hidden = counted === null || !("expected" in line.dataset);
  if (line.hidden) return;
  const off = counted - Number(line.dataset.expected);
  const words = off === 0 ? "right" : off < 0 ? "short" : "over";
  line.textContent = line.dataset[words].replace("#", money(Math.abs(off)));
  line.classList.toggle("off", off !== 0);
}

function total(form) {
  return form.elements.namedItem(form.querySelector("[data-counted]").dataset.counted);
}

// Enter does the act everywhere else; here one counts on, and it does it from the total.
function onEnter(event) {
  if (event.key !== "Enter" || event.repeat || !event.target.matches?.(COIN)) return;
  event.preventDefault();
  const coins = [...event.target.form.querySelectorAll(COIN)];
  (coins[coins.indexOf(event.target) + 1] ?? total(event.target.form)).focus();
}
