// The page that tries a scanner: how fast the keys come, whether Enter does, whether capitals are locked.

const FASTEST_PERSON = 45; // milliseconds between two keys, as in scanner.js
const SILENCE = 1500; // milliseconds after which no Enter is to be expected
const SHORTEST = 3;

let gaps = [];
let last = 0;
let waiting = null;

export function startTrial() {
  const form = document.querySelector("form[data-trial]");
  form?.elements.read.addEventListener("keydown", (event) => onKey(event, form));
}

function onKey(event, form) {
  if (event.getModifierState("CapsLock")) form.elements.locked.value = "1";
  clearTimeout(waiting);
  if (event.key === "Enter") return void (form.elements.slow.value = isSlow() ? "1" : "");
  if (event.key.length !== 1) return;
  if (!form.elements.read.value) gaps = [];
  else gaps.push(event.timeStamp - last);
  last = event.timeStamp;
  // A person may take their time; a scanner has said all it had to say.
  waiting = setTimeout(() => sendWithoutEnter(form), SILENCE);
}

function isSlow() {
  const sorted = [...gaps].sort((one, other) => one - other);
  return sorted.length > 0 && sorted[Math.floor(sorted.length / 2)] >= FASTEST_PERSON;
}

function sendWithoutEnter(form) {
  if (gaps.length < SHORTEST || isSlow()) return;
  form.requestSubmit(form.elements.unended);
}
