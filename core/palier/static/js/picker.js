// The search of a record: a text field becomes a combobox; without this file its button does the same.

import { moveOn } from "./dialogs.js";

let count = 0;

/** Make every picker inside `root` a combobox. */
export function startPickers(root) {
  for (const box of root.querySelectorAll(".picker[data-search]")) new Picker(box);
}

class Picker {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input[type=text]");
    this.asked = 0;
    this.at = -1;
    this.found = [];
    this.list = document.createElement("div");
    this.list.id = `found-${++count}`;
    this.list.className = "found";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels[0]?.textContent.trim() ?? "");
    this.list.hidden = true;
    this.said = document.createElement("p");
    this.said.className = "unseen";
    this.said.setAttribute("role", "status");
    this.button = box.querySelector("button[name=__find]");
    this.offerButton(false);
    box.append(this.list, this.said);
    this.dress();
  }

  dress() {
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ])
      this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.box.addEventListener("pick", (event) => this.take(event.detail)); // a scanned code
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  // Out of sight it must not stay a submit button: Enter in any field would press it.
  offerButton(yes) {
    this.button.hidden = !yes;
    this.button.type = yes ? "submit" : "button";
  }

  typed() {
    this.keep("");
    clearTimeout(this.timer);
    const words = this.input.value.trim();
    if (words.length < 2) return this.close();
    this.timer = setTimeout(() => this.ask(words), 150);
  }

  // `atOnce`: Enter was pressed before the list was there to be seen.
  async ask(words, atOnce = false) {
    const mine = ++this.asked;
    const address = new URL(this.box.dataset.search, location.href);
    address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (mine !== this.asked || document.activeElement !== this.input) return;
      if (atOnce && found[0]?.sure) return this.takeAndGo(found[0]);
      this.show(found);
    } catch {
      this.offerButton(true); // the way without us still works
      this.close();
    }
  }

  show(found) {
    this.found = found;
    this.at = -1;
    this.list.replaceChildren(...found.map((each, index) => this.option(each, index)));
    if (!found.length) {
      const none = document.createElement("p");
      none.textContent = this.box.dataset.none;
      this.list.append(none);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    const words = this.box.dataset.found.replace("#", String(found.length));
    this.said.textContent = found.length ? words : this.box.dataset.none;
  }

  option(each, index) {
    const option = document.createElement("div");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = each.label;
    return option;
  }

  key(event) {
    if (event.key === "Enter") return this.enter(event);
    if (this.list.hidden) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return this.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.move(event, step);
  }

  // The first of what is shown, or of what will be: only where nobody else can be meant.
  enter(event) {
    const words = this.input.value.trim();
    const shown = this.list.hidden ? null : this.found[Math.max(this.at, 0)];
    if (!shown && (!words || this.chosen())) return;
    event.preventDefault();
    clearTimeout(this.timer);
    if (shown) this.takeAndGo(shown);
    else this.ask(words, true);
  }

  chosen() {
    return this.box.querySelector(`[name="${this.box.dataset.name}"]:is([type=hidden], :checked)`)?.value;
  }

  move(event, step) {
    event.preventDefault();
    if (!this.found.length) return;
    this.at = (this.at + step + this.found.length) % this.found.length;
    [...this.list.children].forEach((each, index) =>
      each.setAttribute("aria-selected", String(index === this.at)),
    );
    const option = this.list.children[this.at];
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    if (this.found[index]) this.take(this.found[index]);
  }

  take(each) {
    this.input.value = each.label;
    this.keep(each.value);
    this.said.textContent = each.label;
    this.close();
  }

  takeAndGo(each) {
    this.take(each);
    moveOn(this.input);
  }

  keep(value) {
    const name = this.box.dataset.name;
    this.box.querySelector(".choice")?.remove();
    let hidden = this.box.querySelector("input[type=hidden]");
    if (!hidden) {
      hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = name;
      this.box.prepend(hidden);
    }
    hidden.value = value;
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
