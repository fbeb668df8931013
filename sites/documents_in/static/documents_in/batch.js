// Watches a batch until every file is finished; the server renders the lines, this puts them in place.
(() => {
  const root = document.querySelector("[data-import-batch]");
  if (!root || root.dataset.finished === "yes") return;
  const items = root.querySelector("[data-import-items]");
  const bar = root.querySelector("[data-import-progress]");
  const summary = root.querySelector("[data-import-summary]");
  const lost = root.querySelector("[data-import-lost]");
  let version = "";
  let failures = 0;

  const apply = (state) => {
    bar.max = state.total;
    bar.value = state.done;
    if (summary.textContent !== state.summary) summary.textContent = state.summary;
    if (state.version === version) return;
    version = state.version;
    const seen = new Map();
    for (const box of items.querySelectorAll("input[name=item]")) seen.set(box.value, box.checked);
    const open = new Set();
    items.querySelectorAll("details").forEach((part, index) => { if (part.open) open.add(index); });
    items.innerHTML = state.html;
    for (const box of items.querySelectorAll("input[name=item]")) {
      if (seen.has(box.value)) box.checked = seen.get(box.value);
    }
    items.querySelectorAll("details").forEach((part, index) => { part.open = open.has(index); });
  };

  const poll = async () => {
    try {
      const answer = await fetch(root.dataset.stateUrl, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      failures = 0;
      lost.hidden = true;
      apply(state);
      if (state.finished) {
        const waiting = root.querySelector("[data-import-waiting]");
        if (waiting) waiting.hidden = true;
        return;
      }
    } catch {
      failures += 1;
      lost.hidden = failures < 3;
    }
    setTimeout(poll, Math.min(1500 * (1 + failures), 15000));
  };
  setTimeout(poll, 1000);
})();
