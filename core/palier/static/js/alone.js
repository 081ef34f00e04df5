// A letter that stays alone in the empty scan field of the desk page is a key of the page. First the
// page says what it will do; whoever types on, slowly too, searches and nothing else happens.

const SAID = 300; // milliseconds after the letter
const DONE = 2000; // time to read what was said, or to find the next letter of a name

let waiting = [];

export function startAlone() {
  for (const each of ["keydown", "pointerdown", "focusout"]) {
    document.addEventListener(each, forget, true);
  }
}

/** Do `act` when nothing follows the letter, and say so before. */
export function onceAlone(what, act) {
  waiting = [setTimeout(() => say(what), SAID), setTimeout(() => (forget(), act()), DONE)];
}

function forget() {
  if (!waiting.length) return;
  waiting.forEach(clearTimeout);
  waiting = [];
  say("");
}

function say(what) {
  const place = document.getElementById("scan-soon");
  if (place) place.textContent = what && place.dataset.words.replace("#", what);
}
