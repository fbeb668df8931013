// What is answered already, below the title of a letter while somebody writes it. Without it the link to it stays.
(() => {
  "use strict";
  const PAUSE = 700, LEAST = 4;
  const list = document.querySelector("[data-answers]");
  const field = list && document.getElementById(list.dataset.of);
  if (!field) return;
  let timer = 0, asked = 0;

  function show(hits) {
    const items = hits.slice(0, 5).map((hit) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = hit.url;
      link.textContent = hit.title;
      link.target = "_blank";
      link.rel = "noopener";
      item.append(link);
      return item;
    });
    list.querySelector("ul").replaceChildren(...items);
    list.hidden = items.length === 0;
  }

  function ask() {
    const text = field.value.trim(), mine = ++asked;
    if (text.length < LEAST) return show([]);
    fetch(`${list.dataset.answers}?kind=question&scope=all&q=${encodeURIComponent(text)}`, { credentials: "omit" })
      .then((answer) => (answer.ok ? answer.json() : { hits: [] }))
      .then((found) => { if (mine === asked) show(found.hits); })
      .catch(() => {});
  }

  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
})();
