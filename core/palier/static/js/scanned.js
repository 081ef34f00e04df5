// Where a scanned code goes: into the form that is open, else to the scan field.
import { dialogInFront, moveOn, sayBelow } from "./dialogs.js";

/** Take a scanned code; say whether there was somewhere for it to go. */
export function takeCode(code) {
  const dialog = dialogInFront();
  if (dialog?.matches("[data-locked], [data-entry]")) return false; // it wants a person's own code
  const asking = (dialog ?? document.querySelector("main"))?.querySelector("[data-code]");
  if (asking) return write(asking, code);
  const fields = [...(dialog?.querySelectorAll("[data-scan]") ?? [])];
  if (fields.length) {
    fill(dialog, fields, code);
    return true;
  }
  return leave(dialog, code);
}

function write(field, code) {
  field.value = code;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (field.dataset.code === "at-once") field.form.requestSubmit();
  else moveOn(field);
  return true;
}

async function fill(dialog, fields, code) {
  for (const field of fields) {
    const found = await ask(field.dataset.scan, code);
    if (found && put(field, found)) return;
  }
  leave(dialog, code);
}

async function ask(address, code) {
  const wanted = new URL(address, location.href);
  wanted.searchParams.set("code", code);
  try {
    const answer = await fetch(wanted, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).find((each) => each.sure) : null;
  } catch {
    return null;
  }
}

// A field that asks for a record is a search, a menu, or buttons beside each other.
function put(field, found) {
  const picker = field.querySelector(".picker");
  if (picker) picker.dispatchEvent(new CustomEvent("pick", { detail: found }));
  else if (!choose(field, found.value)) return false;
  moveOn(field.querySelector("select, input:not([type=hidden])"));
  return true;
}

function choose(field, value) {
  const menu = field.querySelector("select");
  const button = [...field.querySelectorAll("input[type=radio]")].find((e) => e.value === value);
  if (menu && [...menu.options].some((each) => each.value === value)) menu.value = value;
  else if (button) button.checked = true;
  else return false;
  (menu ?? button).dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// Nothing typed is lost: a form that has begun is left by hand.
function leave(dialog, code) {
  if (dialog?.dataset.typed) {
    sayBelow(dialog, document.body.dataset.stranger?.replace("#", code));
    return true;
  }
  const field = document.getElementById("scan");
  if (!field) return false;
  field.value = code;
  field.form.requestSubmit();
  return true;
}

