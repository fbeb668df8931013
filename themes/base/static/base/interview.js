// Live text of an interview: looks at a small page of the last changes and puts them into the list, without a reload.
// The small page is a file of the front server; what did not change is answered with 304 and costs nobody anything.
(() => {
  "use strict";
  const room = document.querySelector("[data-live]");
  if (!room) return;
  const list = room.querySelector("ol"), status = room.querySelector("[data-live-status]");
  const refresh = room.querySelector("[data-live-refresh]"), button = room.querySelector("[data-live-pause]");
  const nothing = room.querySelector(".live-nothing");
  const words = Object.fromEntries([...room.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent]));
  // In traditional characters both have the other address, so the link that was converted says where to look.
  const whole = new URL(refresh.href, location.href).href, small = new URL(room.dataset.live, whole).href;
  const every = Number(room.dataset.every), SLOW = 60, LONG = 600;
  let newest = Number(room.dataset.newest), state = room.dataset.state, at = room.dataset.at || "";
  let tag = "", failed = 0, paused = false, timer = 0, changed = performance.now();

  const say = (word) => {
    const text = words[word].replace("{n}", every).replace("{at}", at || "--:--");
    if (status.textContent !== text) status.textContent = text;
  };
  const told = () => {
    if (paused) return say("paused");
    if (state === "written") return say("replaced");
    if (failed > 1) return say("away");
    if (state === "ended") return say("over");
    if (state === "announced") return say("waiting");
    say(performance.now() - changed > LONG * 1000 ? "quiet" : "checked");
  };
  const read = async (address) => {
    const answer = await fetch(address, { cache: "no-cache", credentials: "omit", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  };
  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  // Nothing that somebody reads at the moment moves: a new entry is put at its place, a changed one takes the old one's.
  function put(entry) {
    const here = document.importNode(entry, true), old = document.getElementById(here.id);
    if (old && list.contains(old)) {
      if (old.dataset.change !== here.dataset.change) old.replaceWith(here);
      return;
    }
    const number = (one) => Number(one.id.replace("said-", ""));
    const next = [...list.children].find((one) => number(one) > number(here));
    list.insertBefore(here, next || null);
  }

  async function look() {
    const answer = await read(small), now = answer.headers.get("ETag");
    if (now && now === tag) return;
    const page = await parsed(answer), body = page.body;
    let entries = page.querySelectorAll("li[data-change]");
    if (Number(body.dataset.since) > newest) {
      // More has changed than the small page holds: the whole page once.
      const all = await parsed(await read(whole)), there = all.querySelector("[data-live]");
      if (there) entries = there.querySelectorAll("li[data-change]");
    }
    entries.forEach(put);
    tag = now || "";
    if (body.dataset.newest !== String(newest) || body.dataset.state !== state) changed = performance.now();
    newest = Number(body.dataset.newest);
    state = body.dataset.state;
    at = body.dataset.at || at;
    room.dataset.state = state;
    if (list.children.length) nothing.hidden = true;
    const shown = document.querySelector("[data-live-state]"), there = page.querySelector("[data-live-state]");
    if (shown && there && shown.textContent !== there.textContent) {
      shown.textContent = there.textContent;
      shown.parentElement.className = `interview-state interview-${state}`;
    }
  }

  function later() {
    clearTimeout(timer);
    if (paused || state === "written") return;
    // Not all at the same moment, and the longer apart the longer nobody answers, or the interview is over.
    const pause = state === "ended" || state === "announced" ? Math.max(every, 15) : every;
    const seconds = failed ? Math.min(pause * 2 ** failed, SLOW) : pause;
    timer = setTimeout(again, seconds * 1000 * (0.8 + 0.4 * Math.random()));
  }

  async function again() {
    if (document.hidden) return later();
    try {
      await look();
      failed = 0;
    } catch (problem) {
      failed += 1;
    }
    told();
    later();
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? words.resume : words.pause;
    told();
    if (paused) clearTimeout(timer);
    else again();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !paused) again(); });
  told();
  again();
})();
