/* From a reason against handing in to the field or block it is about: its tab is opened, and it has the focus. */
"use strict";

(() => {
  const JUMP = "#jump-";

  function placeOf(name) {
    const field = document.getElementById(`id_${name}`) || document.getElementById(`${name}-root`);
    return field || document.querySelector(`[data-contentpath="${CSS.escape(name)}"]`);
  }

  function open(place) {
    const panel = place.closest("[role=tabpanel]");
    if (panel && panel.hidden) document.getElementById(panel.getAttribute("aria-labelledby"))?.click();
    for (let section = place.closest("[data-panel]"); section; section = section.parentElement?.closest("[data-panel]")) {
      const toggle = section.querySelector("[data-panel-toggle]");
      if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`a[href^="${JUMP}"]`);
    const place = link && placeOf(decodeURIComponent(link.getAttribute("href").slice(JUMP.length)));
    if (!place) return;
    event.preventDefault();
    open(place);
    /* a tab that was just chosen shows its fields with the next frames */
    setTimeout(() => {
      place.scrollIntoView({ block: "center" });
      const target = place.matches("input, select, textarea") && place.type !== "hidden" ? place : place.querySelector("[contenteditable=true], textarea, select, input:not([type=hidden]), button");
      target?.focus({ preventScroll: true });
    }, 100);
  });
})();
