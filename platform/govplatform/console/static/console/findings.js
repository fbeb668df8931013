// Findings by keyboard and by mouse: j k move, g shows the place, f false alarm, i keep with a reason, m ask for masking, r
// have it changed.
// A judgement is sent in the background, so that ticks and opinion that are not sent yet stay. Without script, links
// and forms do the same.
"use strict";
(() => {
  const review = document.querySelector("[data-review]");
  if (!review) return;
  const frame = review.querySelector(".review__frame");
  let current = null;

  const items = () => [...review.querySelectorAll("[data-item]")];
  const insideFrame = () => {
    try {
      return frame.contentDocument;
    } catch {
      return null;
    }
  };
  const marks = (number, root) => (root ? [...root.querySelectorAll(`.finding-mark[data-finding~="${number}"]`)] : []);

  const showPlace = (number) => {
    const shown = insideFrame();
    for (const root of [shown, document]) {
      if (root) for (const mark of root.querySelectorAll(".finding-mark.is-current")) mark.classList.remove("is-current");
    }
    const inFrame = marks(number, shown);
    const here = marks(number, review.querySelector("[data-shown]"));
    const places = inFrame.length ? inFrame : here;
    for (const mark of [...inFrame, ...here]) mark.classList.add("is-current");
    if (!places.length) return;
    const folded = places[0].closest("details");
    if (folded) folded.open = true;
    if (inFrame.length) frame.scrollIntoView({ block: "nearest" });
    places[0].scrollIntoView({ block: "center" });
  };

  const choose = (item, { focus = true } = {}) => {
    if (!item) return;
    for (const other of items()) other.classList.toggle("is-current", other === item);
    current = item.dataset.item;
    if (focus) item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    // On a phone the place is far from the list: it is shown when it is asked for.
    if (focus || window.matchMedia("(min-width: 60rem)").matches) showPlace(current);
  };

  const step = (by) => {
    const all = items();
    if (!all.length) return;
    const at = all.findIndex((item) => item.dataset.item === current);
    choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))]);
  };

  // --- sending without leaving the page ---

  const take = (fresh, selector) => {
    const [mine, theirs] = [review.querySelector(selector), fresh.querySelector(selector)];
    if (mine && theirs) mine.replaceWith(document.adoptNode(theirs));
  };

  const judge = async (form, button) => {
    const fields = new FormData(form);
    fields.set(button.name, button.value);
    const before = items().map((item) => item.dataset.item);
    const own = form.querySelector("[name=finding]");
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: fields, headers: { "X-CSRFToken": fields.get("csrfmiddlewaretoken") } });
    } catch {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
      form.submit();
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.querySelector("[data-findings]")) {
      // Signed out, or the page is gone: the answer says so better than we could.
      window.location.assign(review.dataset.review);
      return;
    }
    for (const part of ["[data-reasons]", "#scan", "#findings"]) take(fresh, part);
    const refused = review.querySelector("[data-refused]");
    if (refused) {
      refused.focus();
      return;
    }
    const start = own ? before.indexOf(own.value) : -1;
    const left = items();
    const open = left.filter((item) => "open" in item.dataset);
    const following = open.find((item) => left.indexOf(item) > start) || open[0];
    if (following) choose(following);
    else review.querySelector("#findings").focus();
  };

  review.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-judge]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    judge(form, event.submitter);
  });

  review.addEventListener("click", (event) => {
    const show = event.target.closest("[data-show]");
    if (show) {
      event.preventDefault();
      choose(show.closest("[data-item]"));
      return;
    }
    const mark = event.target.closest(".finding-mark");
    if (mark) {
      event.preventDefault();
      back(mark);
    } else {
      const item = event.target.closest("[data-item]");
      if (item && !event.target.closest("form, a")) choose(item, { focus: false });
    }
  });

  // From the place back to its line; the line comes into sight, the place stays where the eye is.
  const back = (mark) => {
    const item = review.querySelector(`#item-${mark.dataset.finding.split(" ")[0]}`);
    if (!item) return;
    for (const other of items()) other.classList.toggle("is-current", other === item);
    current = item.dataset.item;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };

  // --- keys ---

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest && event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])");
    if (field) {
      if (event.key === "Escape" && field.closest("[data-item]")) choose(field.closest("[data-item]"));
      return;
    }
    const item = items().find((one) => one.dataset.item === current);
    if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (event.key === "g" && item) {
      showPlace(current);
    } else if (event.key === "i" && item && item.querySelector("[data-act]")) {
      item.querySelector("[name=reason]").focus();
    } else if (["f", "m", "r"].includes(event.key) && item) {
      const button = item.querySelector(`[data-act="${event.key}"]`);
      if (!button) return;
      button.click();
    } else {
      return;
    }
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey);

  const onFrame = () => {
    const shown = insideFrame();
    if (!shown) return;
    shown.addEventListener("click", (event) => {
      const mark = event.target.closest(".finding-mark");
      if (!mark) return;
      event.preventDefault();
      back(mark);
    });
    // Keys go to the frame once it was clicked into; they mean the same there.
    shown.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return;
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true, cancelable: true }));
    });
    if (current) showPlace(current);
  };
  frame.addEventListener("load", onFrame);
  if (insideFrame() && insideFrame().readyState === "complete") onFrame();

  // --- while the scan runs ---

  const SOON = 1500;
  const LATER = 15000;
  let wait = SOON;
  const look = async () => {
    const scan = review.querySelector("[data-scan-poll]");
    if (!scan) return;
    try {
      const answer = await fetch(scan.dataset.scanPoll);
      const { state } = await answer.json();
      if (state !== scan.dataset.scanState) {
        const page = await fetch(review.dataset.review);
        const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
        for (const part of ["#scan", "#findings", "#files"]) take(fresh, part);
        frame.contentWindow.location.reload();
        wait = SOON;
      }
    } catch {
      wait = LATER;
    }
    wait = Math.min(LATER, wait * 1.3);
    window.setTimeout(look, wait);
  };
  if (review.querySelector("[data-scan-poll]")) window.setTimeout(look, wait);

  const named = window.location.hash.match(/^#item-(\d+)$/);
  if (named) choose(review.querySelector(`#item-${named[1]}`));
})();
