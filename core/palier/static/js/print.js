// A page made to be printed opens the printer's window by itself; behind it waits the way back.

const back = document.querySelector("[data-back]");
window.addEventListener("afterprint", () => back?.focus());
window.addEventListener("load", () => {
  back?.focus();
  window.print();
});
