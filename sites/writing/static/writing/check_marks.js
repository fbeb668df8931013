/* Underlines. In texts and tables by the CSS Custom Highlight API, which changes nothing in the document: the editor's
   own drawing and a Chinese input method go on undisturbed. A field that holds its text itself gets a mirror of it. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const COPIED = ["font", "letterSpacing", "lineHeight", "textAlign", "textIndent", "padding", "borderWidth", "boxSizing", "wordBreak", "overflowWrap"];
  const mirrors = new Map();

  function mirrorOf(field) {
    if (!mirrors.has(field)) {
      const mirror = document.createElement("div");
      mirror.className = "writing-check-mirror";
      mirror.setAttribute("aria-hidden", "true");
      field.addEventListener("scroll", () => { mirror.scrollTop = field.scrollTop; mirror.scrollLeft = field.scrollLeft; });
      mirrors.set(field, mirror);
    }
    return mirrors.get(field);
  }

  function paintField(field, marks) {
    const mirror = mirrorOf(field);
    if (!mirror.isConnected) field.offsetParent?.append(mirror);
    const style = getComputedStyle(field);
    /* drawn once: what is drawn inside the body would be told as a change of it, for ever */
    const box = [field.offsetLeft, field.offsetTop, field.offsetWidth, field.offsetHeight, style.font];
    const name = JSON.stringify([field.value, marks.map(({ start, end, severity }) => [start, end, severity]), box]);
    if (mirror.drawn === name) return;
    mirror.drawn = name;
    COPIED.forEach((name) => { mirror.style[name] = style[name]; });
    Object.assign(mirror.style, {
      left: `${field.offsetLeft}px`, top: `${field.offsetTop}px`, width: `${field.offsetWidth}px`, height: `${field.offsetHeight}px`,
      borderStyle: "solid", whiteSpace: field.matches("textarea") ? "pre-wrap" : "pre",
    });
    const pieces = [];
    let at = 0;
    marks.forEach(({ start, end, severity }) => {
      if (start < at) return;
      const mark = document.createElement("u");
      mark.dataset.severity = severity;
      mark.textContent = field.value.slice(start, end);
      pieces.push(field.value.slice(at, start), mark);
      at = end;
    });
    mirror.replaceChildren(...pieces, field.value.slice(at));
    mirror.scrollTop = field.scrollTop;
    mirror.scrollLeft = field.scrollLeft;
  }

  /* marked: [text, [{start, end, severity}]] of all texts that have something. */
  writing.paintMarks = (marked) => {
    const painted = new Set();
    const ranges = {};
    for (const [text, marks] of marked) {
      if (text.field) {
        painted.add(text.field);
        paintField(text.field, marks);
      } else if (CSS.highlights) {
        marks.forEach(({ start, end, severity }) => {
          const range = text.range(start, end);
          if (range) (ranges[severity] ??= []).push(range);
        });
      }
    }
    for (const [field, mirror] of mirrors) {
      if (!painted.has(field)) {
        mirror.remove();
        if (!field.isConnected) mirrors.delete(field);
      }
    }
    if (!CSS.highlights) return;
    for (const severity of ["style", "info", "warn", "block"]) {
      if (ranges[severity]) CSS.highlights.set(`writing-${severity}`, new Highlight(...ranges[severity]));
      else CSS.highlights.delete(`writing-${severity}`);
    }
  };
})();
