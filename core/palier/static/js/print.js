// A page made to be printed opens the printer's window by itself, then waits at the way back.

const back = document.querySelector("[data-back]");
window.addEventListener("afterprint", () => back?.focus());
window.addEventListener("load", () => window.print());
