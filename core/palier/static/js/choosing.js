// Rows of a list that are ticked: how many, all that are shown.

export function startChoosing() {
  for (const form of document.querySelectorAll("form[data-choosing]")) {
    const all = form.querySelector("[data-choose-all]");
    all.hidden = false;
    const each = () => [...form.querySelectorAll("tbody [name=chosen]")];
    const count = () => {
      const chosen = each().filter((box) => box.checked).length;
      form.querySelector(".bulk b").textContent = form.dataset.chosen.replace("#", chosen);
      all.firstElementChild.checked = chosen === each().length;
    };
    all.addEventListener("change", (event) => {
      for (const box of each()) box.checked = event.target.checked;
      count();
    });
    form.addEventListener("change", count);
    form.addEventListener("reset", () => setTimeout(count));
  }
}
