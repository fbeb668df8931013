// The number of things that wait, beside the item of the menu; asked for once a page and each minute it is looked at.
(() => {
  const { count: address, list } = document.currentScript.dataset;
  const sidebar = document.getElementById("wagtail-sidebar");
  // Where there is no menu (signing in, the second factor) there is no place for it, and nobody to be told.
  if (!sidebar) return;
  let told = null;
  let showing = false;

  function show() {
    const item = document.querySelector(`#wagtail-sidebar a[href="${list}"]`);
    if (!item || !told || showing) return;
    showing = true;
    let bell = item.querySelector(".bell");
    if (told.total) {
      if (!bell) {
        bell = document.createElement("span");
        bell.className = "bell";
        item.append(bell);
      }
      const words = told.total > 99 ? "99+" : String(told.total);
      if (bell.textContent !== words) bell.textContent = words;
      bell.classList.toggle("bell--late", told.late > 0);
    } else if (bell) {
      bell.remove();
    }
    showing = false;
  }

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(address, { headers: { accept: "application/json" }, credentials: "same-origin" });
      if (answer.ok && (answer.headers.get("content-type") || "").startsWith("application/json")) told = await answer.json();
    } catch {
      return;
    }
    show();
  }

  // The menu is drawn by a script and drawn anew when it is opened or folded.
  new MutationObserver(show).observe(sidebar, { childList: true, subtree: true });
  ask();
  setInterval(ask, 60000);
})();
