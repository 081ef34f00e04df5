// The form that is open over a page, or that is the page: where the focus goes in it.

const DONE = ":is(.end, .sticky-acts) [type=submit]";
const FIELDS = ":is(.in-form, .groups) :is(input:not([type=hidden]), select, textarea)";

/** Return the dialog that takes the keys: one over the page, else one that is the page. */
export function dialogInFront() {
  return document.querySelector("dialog:modal") ?? document.querySelector("main dialog.dialog[open]");
}

/** Focus what a dialog begins with: what is wrong, else its first field, else its button. */
export function focusFirst(dialog) {
  const summary = dialog.querySelector(".summary") ?? dialog.querySelector(".note.stop");
  if (summary) summary.tabIndex = -1;
  const first = summary ?? dialog.querySelector(FIELDS) ?? dialog.querySelector(DONE);
  first?.focus();
  // A number that stands there is typed over, as after Tab.
  if (first?.matches("input[inputmode]")) first.select();
}

/** Focus what is still to be filled in behind this field; the button of the form if nothing is. */
export function moveOn(field) {
  const form = field?.form;
  if (!form) return;
  const all = [...form.querySelectorAll(FIELDS)];
  const behind = all.slice(all.indexOf(field) + 1).filter((each) => each.name !== field.name);
  const next = behind.find((each) => isEmpty(each, all));
  (next ?? form.querySelector(DONE))?.focus();
}

function isEmpty(field, all) {
  if (field.matches("[type=radio], [type=checkbox]"))
    return !all.some((each) => each.name === field.name && each.checked);
  return field.required && !field.value;
}

/** Say something at the foot of a dialog, beside its buttons. */
export function sayBelow(dialog, text) {
  let words = dialog.querySelector(".end .what");
  if (!words) {
    words = document.createElement("p");
    words.className = "what";
    words.setAttribute("role", "alert");
    (dialog.querySelector(".end") ?? dialog).prepend(words);
  }
  words.textContent = text ?? "";
}
