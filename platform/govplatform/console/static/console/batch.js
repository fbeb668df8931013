// Asks how a batch of sites gets on, moves the bar, and shows the result when there is one.
"use strict";
(() => {
  const root = document.querySelector("[data-batch]");
  if (!root) return;
  const bar = root.querySelector("[data-batch-bar]");
  const put = (name, text) => {
    const place = root.querySelector(`[data-batch-${name}]`);
    if (place.textContent !== String(text)) place.textContent = text;
  };
  const ask = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "application/json" } });
      const news = await answer.json();
      if (!news.running) {
        window.location.reload();
        return;
      }
      bar.max = news.total;
      bar.value = news.done;
      put("state", news.label);
      put("done", news.done);
      put("total", news.total);
      put("pace", news.pace);
    } catch {
      // The server may be restarting; the next question will tell.
    }
    window.setTimeout(ask, 1000);
  };
  window.setTimeout(ask, 700);
})();
