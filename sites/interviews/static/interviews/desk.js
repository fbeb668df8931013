// The desk of an interview by keyboard: what is typed is sent without a reload, and what others typed comes in by itself.
// Without this file every form works by itself.
"use strict";
(() => {
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const place = desk.querySelector("[data-desk-entries]"), form = desk.querySelector("[data-desk-say]");
  const address = desk.dataset.desk, EVERY = 2000, SETTLED = 1000;
  let sending = false, mine = "", since = 0, last = "";

  const current = () => place.querySelector("[data-mine]");
  // Nobody clears what they have not read: a key counts a second after the marked entry has changed.
  function noted() {
    const now = current();
    const key = now ? `${now.dataset.mine}:${now.querySelector(".desk-text").textContent}` : "";
    if (key !== mine) { mine = key; since = performance.now(); }
  }
  // What somebody fills in at the moment stays as it is.
  const isBusy = () => place.querySelector("details[open]") || (place.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"));
  function show(html, always) {
    // The token against forged forms is written otherwise each time.
    const same = html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
    if (!always && (same === last || isBusy())) return;
    last = same;
    place.innerHTML = html;
    noted();
  }

  async function send(from) {
    if (sending) return false;
    sending = true;
    try {
      const answer = await fetch(address, { method: "POST", body: new FormData(from), headers: { "X-Requested-With": "desk" } });
      if (answer.redirected || (!answer.ok && answer.status !== 422)) throw new Error(String(answer.status));
      show(await answer.text(), true);
      return answer.ok;
    } catch (problem) {
      const told = place.querySelector(".desk-told"), words = document.createElement("p");
      words.className = "bad";
      words.textContent = desk.dataset.away;
      told.replaceChildren(words);
      return false;
    } finally {
      sending = false;
    }
  }

  if (form) {
    const text = form.elements.text, title = form.querySelector("[data-desk-title]"), cancel = form.querySelector("[data-desk-cancel]");
    const begin = (entry, question, words) => {
      form.elements.entry.value = entry;
      form.elements.question.value = question;
      text.value = words;
      title.textContent = entry ? title.dataset.correct.replace("{n}", entry) : title.dataset.new;
      cancel.hidden = !entry && !question;
      if (question) form.querySelector('[name="speaker"][value="citizen"]').checked = true;
      text.focus();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await send(form)) {
        begin("", "", "");
        if (form.elements.photo) form.elements.photo.value = "";
      }
    });
    cancel.addEventListener("click", () => begin("", "", ""));
    desk.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-desk-correct], [data-desk-question]");
      if (!chosen) return;
      event.preventDefault();
      begin(chosen.dataset.deskCorrect || "", chosen.dataset.deskQuestion || "", chosen.dataset.text);
    });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }
  place.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-desk-act]")) return;
    event.preventDefault();
    await send(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const typing = document.activeElement && document.activeElement.matches("textarea, input[type=text]");
    if (event.altKey && /^[1-9]$/.test(event.key) && form) {
      const speaker = form.querySelectorAll('[name="speaker"]')[Number(event.key) - 1];
      if (speaker) { event.preventDefault(); speaker.checked = true; }
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !typing && current()) {
      event.preventDefault();
      if (performance.now() - since > SETTLED) send(current().querySelector("[data-desk-act]"));
    }
  });

  async function look() {
    if (!document.hidden && !sending) {
      try {
        const answer = await fetch(`${address}?part=entries`, { headers: { "X-Requested-With": "desk" } });
        if (answer.ok && !answer.redirected && !sending) show(await answer.text(), false);
      } catch (problem) {
        // The next look will tell.
      }
    }
    setTimeout(look, EVERY);
  }
  noted();
  setTimeout(look, EVERY);
})();
