// A text area hands on what was typed a quarter of a second after the last key. Whoever saves sooner, or on a slow
// machine, would save without the last words: they are handed on before the form is read.
(() => {
  function handOn(form) {
    if (!form) return;
    Array.from(form.elements).forEach(({ draftailEditor }) => {
      if (draftailEditor && typeof draftailEditor.saveState === "function") draftailEditor.saveState();
    });
  }

  function pressed(event) {
    const button = event.target.closest && event.target.closest("button, input[type=submit]");
    // Buttons inside of a text area change it, and it hands that on itself.
    if (button && !button.closest(".Draftail-Editor")) handOn(button.form);
  }

  document.addEventListener("submit", (event) => handOn(event.target), true);
  document.addEventListener("click", pressed, true);
})();
