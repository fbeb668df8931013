// Asks how a bulk change gets on, and shows its result when there is one.
"use strict";
(() => {
  const place = document.querySelector("[data-reclassification]");
  const own = document.querySelector("script[data-rate-words]");
  if (!place) return;
  const part = (name) => place.querySelector(`[data-${name}]`);
  const began = Date.now();
  let first = null;
  const ask = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "application/json" } });
      const news = await answer.json();
      if (!news.running) {
        window.location.reload();
        return;
      }
      if (first === null) first = news.done;
      const rate = Math.round(((news.done - first) * 1000) / Math.max(1, Date.now() - began));
      part("bar").value = news.done;
      part("state").textContent = news.label;
      part("done").textContent = String(news.done);
      if (rate > 0) {
        const left = String(Math.ceil((news.total - news.done) / rate));
        part("rate").textContent = own.dataset.rateWords.replace("{rate}", String(rate)).replace("{left}", left);
      }
    } catch {
      // The server may be restarting; the next question will tell.
    }
    window.setTimeout(ask, 800);
  };
  window.setTimeout(ask, 500);
})();
