// Asks how the opening of a site gets on, and shows its result when there is one.
"use strict";
(() => {
  const place = document.querySelector("[data-opening-state]");
  if (!place) return;
  const ask = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "application/json" } });
      const news = await answer.json();
      if (news.state === "done" || news.state === "refused") {
        window.location.reload();
        return;
      }
      if (place.textContent !== news.label) place.textContent = news.label;
    } catch {
      // The server may be restarting; the next question will tell.
    }
    window.setTimeout(ask, 700);
  };
  window.setTimeout(ask, 500);
})();
