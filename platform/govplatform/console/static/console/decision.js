// A decision by keyboard: digits tick the checklist, o writes, Esc ends writing, y y approves, n n returns.
"use strict";
(() => {
  const form = document.querySelector("[data-decision]");
  const refused = document.querySelector("[data-refused]");
  if (refused) refused.focus();
  if (!form) return;
  const opinion = form.querySelector("[data-opinion]");
  let armed = null;
  const arm = (button) => {
    if (armed) armed.classList.remove("armed");
    armed = button;
    if (armed) {
      armed.classList.add("armed");
      armed.focus();
    }
  };
  // What must be changed goes into the opinion, line by line; the way back to the editor is then two keys.
  document.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-return]");
    if (!wanted) return;
    event.preventDefault();
    const line = wanted.dataset.return;
    if (!opinion.value.includes(line)) opinion.value = [opinion.value.trimEnd(), line].filter(Boolean).join("\n");
    form.scrollIntoView({ block: "nearest" });
    arm(form.querySelector('[data-verdict="n"]'));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === opinion) {
      if (event.key === "Escape") opinion.blur();
      return;
    }
    if (event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])")) return;
    const box = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (box) {
      box.checked = !box.checked;
      box.focus();
      event.preventDefault();
    } else if (event.key === "o") {
      opinion.focus();
      event.preventDefault();
    } else if (event.key === "y" || event.key === "n") {
      const button = form.querySelector(`[data-verdict="${event.key}"]`);
      event.preventDefault();
      // The first press chooses, the second one decides.
      if (armed === button) button.click();
      else arm(button);
    } else if (event.key === "Escape") {
      arm(null);
    }
  });
})();
