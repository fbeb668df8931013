// Names for fields that scripts of Wagtail's make without one: the box of the tags, the chooser of files to drop. And
// the name of its column for each cell of a table, so that a phone can show a line as a list (console.css, .queue).
"use strict";
(() => {
  const nameOf = (field) => {
    const of = field.closest("[data-contentpath], .w-field__wrapper, .w-panel");
    const label = of && of.querySelector("label, .w-field__label");
    return label ? label.textContent.replace("*", "").trim() : "";
  };
  const name = () => {
    for (const field of document.querySelectorAll("ul.tagit input.ui-autocomplete-input:not([aria-label])")) {
      field.setAttribute("aria-label", nameOf(field) || document.title);
    }
    const files = document.querySelector("#fileupload:not([aria-label])");
    const said = files && document.querySelector(".drop-zone p");
    if (said) files.setAttribute("aria-label", said.textContent.trim());
  };
  const columns = () => {
    for (const table of document.querySelectorAll(".table-frame > table.listing:not(.queue)")) {
      const heads = table.tHead && table.tHead.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
      const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
      if (heads.length < 3 || rows.some((row) => row.cells.length !== heads.length)) continue;
      for (const row of rows) {
        row.cells[0].classList.add("title");
        heads.forEach((head, at) => {
          if (at > 0 && head.textContent.trim() && !head.querySelector(".w-sr-only")) {
            row.cells[at].dataset.label ||= head.textContent.trim();
          }
        });
      }
      table.classList.add("queue");
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    columns();
    name();
    // The box of the tags is made a moment later, and again in each dialogue.
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  });
})();
