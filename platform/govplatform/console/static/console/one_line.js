// A text area that holds one line and shows all of it: Enter makes no second line, and what is pasted is joined.
(() => {
  const isOneLine = (target) => target instanceof HTMLTextAreaElement && target.matches("[data-one-line]");
  const WIDE = "[\\p{Script=Han}\\u3000-\\u303f\\uff00-\\uffef“”‘’—…·]";
  const endsWide = new RegExp(`${WIDE}$`, "u"), beginsWide = new RegExp(`^${WIDE}`, "u");
  /* as `joined` in sites/pages/one_line.py: Chinese goes on without a gap, other words with one */
  const joined = (text) =>
    text
      .split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/)
      .map((line) => line.trim())
      .filter(Boolean)
      .reduce((before, line) => {
        const gap = before && !endsWide.test(before.slice(-2)) && !beginsWide.test(line) ? " " : "";
        return before + gap + line;
      }, "");

  document.addEventListener("beforeinput", (event) => {
    if (isOneLine(event.target) && /^insert(LineBreak|Paragraph)$/.test(event.inputType)) event.preventDefault();
  });

  function put(event, transfer) {
    const text = isOneLine(event.target) && transfer ? transfer.getData("text/plain") : "";
    if (!/[\r\n\u2028\u2029]/.test(text)) return;
    event.preventDefault();
    event.target.focus();
    /* as if it were typed: the field's own undo takes it back */
    document.execCommand("insertText", false, joined(text));
  }
  document.addEventListener("paste", (event) => put(event, event.clipboardData));
  document.addEventListener("drop", (event) => put(event, event.dataTransfer));
})();
