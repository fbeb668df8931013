/* From a reason against handing in to the field or block it is about: its tab is opened, and it has the focus. The tabs
   behind which something is missing say how much. */
"use strict";

(() => {
  const JUMP = "#jump-";
  const LACKS = document.currentScript.dataset.lacks;

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

  const placeBehind = (link) => placeOf(decodeURIComponent(link.getAttribute("href").slice(JUMP.length)));

  function tabOf(place) {
    const panel = place?.closest("[role=tabpanel]");
    return panel && document.getElementById(panel.getAttribute("aria-labelledby"));
  }

  function markTabs() {
    const lacking = new Map();
    document.querySelectorAll(`.messages a[href^="${JUMP}"]`).forEach((link) => {
      const tab = tabOf(placeBehind(link));
      if (tab) lacking.set(tab, (lacking.get(tab) || 0) + 1);
    });
    lacking.forEach((count, tab) => {
      const mark = document.createElement("span");
      mark.className = "tab-lacks";
      const number = Object.assign(document.createElement("span"), { textContent: count });
      number.setAttribute("aria-hidden", "true");
      const words = Object.assign(document.createElement("span"), { className: "w-sr-only", textContent: LACKS.replace("{n}", count) });
      mark.append(number, words);
      mark.title = words.textContent;
      tab.append(mark);
    });
  }

  /* blocks of the body are there when everything else is */
  window.addEventListener("load", markTabs);

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`a[href^="${JUMP}"]`);
    const place = link && placeBehind(link);
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
