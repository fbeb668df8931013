/* One box above a list ticks all lines of the page that is shown; without a script there is none. */
"use strict";

(() => {
  document.querySelectorAll("[data-tick-all]").forEach((form) => {
    const all = form.querySelector("[data-all]");
    if (!all) return;
    const boxes = () => [...form.querySelectorAll("tbody input[type=checkbox]:not([disabled])")];
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    };
    all.closest("label").hidden = false;
    all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
    form.addEventListener("change", (event) => { if (event.target !== all) show(); });
    show();
  });
})();
