// Watches a batch until nothing changes by itself, and keeps what is typed in its cards on the server as one types.
(() => {
  const root = document.querySelector("[data-import-batch]");
  if (!root) return;
  const list = root.querySelector("[data-import-items]");
  const bar = root.querySelector("[data-import-progress]");
  const summary = root.querySelector("[data-import-summary]");
  const lost = root.querySelector("[data-import-lost]");
  let since = root.dataset.since;
  let failures = 0;

  /* ---- what changed is put in place; a card that somebody types in stays ---- */

  const isTouched = (item) => Array.from(item.querySelectorAll("[data-import-field]")).some((field) => field === document.activeElement || field.dataset.touched);
  const replace = ({ id, html }) => {
    const old = list.querySelector(`#import-${id}`);
    const made = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (!old) { list.append(made); return; }
    if (old.innerHTML === made.innerHTML) return;
    if (old.dataset.state === made.dataset.state && isTouched(old)) return;
    const box = old.querySelector("input[name=item]");
    const now = made.querySelector("input[name=item]");
    if (box && now && old.dataset.state === made.dataset.state) now.checked = box.checked;
    made.querySelectorAll("details").forEach((part, index) => { part.open = old.querySelectorAll("details")[index]?.open ?? part.open; });
    old.replaceWith(made);
  };

  const apply = (state) => {
    bar.max = state.total;
    bar.value = state.done;
    if (summary.textContent !== state.summary) summary.textContent = state.summary;
    state.items.forEach(replace);
    since = state.since;
    for (const place of list.querySelectorAll("[data-import-place]")) place.textContent = state.places[place.dataset.importPlace] ? ` · ${state.places[place.dataset.importPlace]}` : "";
    root.querySelector("[data-import-acts]").hidden = !list.querySelector("[data-state=read]");
    root.querySelector("[data-import-handing-in]").hidden = !list.querySelector("input[form=import-submit]");
  };

  const poll = async () => {
    try {
      const answer = await fetch(`${root.dataset.stateUrl}?since=${encodeURIComponent(since)}`, {
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
  if (root.dataset.finished !== "yes") setTimeout(poll, 1000);

  /* ---- what is typed ---- */

  const timers = new Map();
  const words = JSON.parse(root.dataset.words);
  const tell = (item, text, isBad) => {
    const told = item.querySelector("[data-import-saved]");
    if (!told) return;
    told.textContent = text;
    told.classList.toggle("import-saved--bad", isBad);
  };

  async function save(item) {
    const sent = Array.from(item.querySelectorAll("[data-import-field]")).filter((field) => field.dataset.touched);
    if (!sent.length) return;
    const texts = Object.fromEntries(sent.map((field) => [field.dataset.importField, field.value]));
    for (const field of sent) delete field.dataset.touched;
    try {
      const answer = await fetch(item.querySelector("[data-typed-url]").dataset.typedUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": window.DocumentsIn.tokenOf(), "X-Requested-With": "XMLHttpRequest" },
        body: JSON.stringify(texts),
        credentials: "same-origin",
      });
      const said = await answer.json();
      if (said.refused) { tell(item, said.refused.join(""), true); return; }
      item.querySelector("[data-import-seen]").value = said.seen;
      tell(item, words.saved, false);
      if ("enclosed_in" in texts) {
        // The other card tells of it too.
        window.location.hash = item.id;
        window.location.reload();
      }
    } catch {
      for (const field of sent) field.dataset.touched = "yes";
      tell(item, words.unsaved, true);
      await window.DocumentsIn.renewToken();
      // Until it is kept: nobody has to type once more what stands there.
      timers.set(item.id, setTimeout(() => save(item), 8000));
    }
  }

  list.addEventListener("input", (event) => {
    const field = event.target.closest("[data-import-field]");
    if (!field) return;
    field.dataset.touched = "yes";
    const item = field.closest(".import-item");
    tell(item, words.typing, false);
    clearTimeout(timers.get(item.id));
    timers.set(item.id, setTimeout(() => save(item), 700));
  });
  // Only a part of the cards is in sight: a box above takes all of them.
  const all = root.querySelector("[data-import-all]");
  all?.addEventListener("change", () => {
    for (const box of list.querySelectorAll("input[form=import-make][name=item]")) box.checked = all.checked;
  });
  for (const form of root.querySelectorAll("form[data-import-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
    });
  }
})();
