// Tries the rule that is being written after every change, and puts a selector that was clicked into the field at hand.
"use strict";
(() => {
  const root = document.querySelector("[data-rules]");
  if (!root) return;
  const form = root.querySelector("[data-rule-form]");
  const place = root.querySelector("[data-trial]");
  let field = form.querySelector("[data-selector]");
  let timer = 0;
  let asked = 0;

  const tell = (words) => {
    const line = document.createElement("p");
    line.className = "help-block help-warning";
    line.textContent = words;
    place.prepend(line);
  };

  const ask = async () => {
    const number = ++asked;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(root.dataset.tryUrl, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      // An answer that was overtaken by a later question tells nothing any more.
      if (number === asked) {
        const lines = place.querySelector(".rule-lines");
        const from = lines ? lines.scrollTop : 0;
        place.innerHTML = news.html;
        const after = place.querySelector(".rule-lines");
        if (after) after.scrollTop = from;
      }
    } catch {
      if (number === asked) tell(place.dataset.lost);
    }
    if (number === asked) place.removeAttribute("aria-busy");
  };
  const soon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 500);
  };

  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-selector]")) field = event.target;
  });
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (!button || !field) return;
    const several = field.dataset.selector === "leave_out" && field.value.trim();
    field.value = several ? `${field.value.trim()}, ${button.dataset.pick}` : button.dataset.pick;
    field.focus();
    soon();
  });
})();
