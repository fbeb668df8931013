// What is written before the editor has taken its first picture of the form would count as there from the beginning, and
// would not be kept by itself until something else is changed. The picture is taken a second or two after the page is
// there, and once more when all blocks are drawn; then the editor is told to keep what was written before.
(() => {
  const SETTLED = 3000;
  const AFTER = 300;
  let early = false;
  let until = Infinity;
  let telling = 0;

  function edited(event) {
    if (event.type === "input" && !event.isTrusted) return;
    if (event.target.closest && event.target.closest("form[data-edit-form]") && Date.now() < until) early = true;
  }

  function tell() {
    const form = document.querySelector("form[data-edit-form][data-controller~='w-autosave']");
    early = false;
    telling = 0;
    if (form) form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, detail: { type: "edits" } }));
  }

  document.addEventListener("input", edited, true);
  document.addEventListener("console:edited", edited, true);
  document.addEventListener("w-unsaved:watch-edits", () => {
    if (until === Infinity) until = Date.now() + SETTLED;
    if (!early && !telling) return;
    clearTimeout(telling);
    telling = setTimeout(tell, AFTER);
  });
})();
