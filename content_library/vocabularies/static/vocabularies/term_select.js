// Makes a select of terms searchable and offers the terms that the text speaks of. Without it the select works alone.
"use strict";
(() => {
  const prepare = (box) => {
    if (box.dataset.ready) return;
    box.dataset.ready = "yes";
    const field = box.querySelector("select, input");
    if (!field) return;
    if (field.tagName === "SELECT" && box.dataset.searchLabel) addSearch(box, field);
    if (box.dataset.suggestUrl) addSuggestions(box, field);
  };

  const addSearch = (box, select) => {
    const search = document.createElement("input");
    search.type = "search";
    search.className = "term-select__search";
    search.placeholder = box.dataset.searchLabel;
    search.setAttribute("aria-label", box.dataset.searchLabel);
    search.autocomplete = "off";
    const nothing = document.createElement("p");
    nothing.className = "term-select__nothing";
    nothing.setAttribute("role", "status");
    box.insertBefore(nothing, select);
    box.insertBefore(search, nothing);
    const all = Array.from(select.children).map((child) => child.cloneNode(true));
    const filter = () => {
      const words = search.value.trim().toLowerCase();
      const chosen = select.value;
      const says = (option) => (option.textContent + " " + option.value).toLowerCase().includes(words);
      let found = 0;
      select.replaceChildren();
      for (const child of all) {
        const copy = child.cloneNode(true);
        if (copy.tagName === "OPTGROUP" && !copy.label.toLowerCase().includes(words)) {
          for (const option of Array.from(copy.children)) {
            if (!says(option) && option.value !== chosen) option.remove();
          }
          if (!copy.children.length) continue;
        } else if (copy.tagName === "OPTION" && copy.value && copy.value !== chosen && !says(copy)) {
          continue;
        }
        found += copy.tagName === "OPTGROUP" ? copy.children.length : Number(copy.value !== "");
        select.append(copy);
      }
      select.value = chosen;
      nothing.textContent = found ? "" : box.dataset.nothing;
      select.size = words ? Math.max(2, Math.min(8, found + 2)) : 0;
    };
    const reset = () => {
      search.value = "";
      filter();
    };
    search.addEventListener("input", (event) => {
      event.stopPropagation();
      filter();
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "ArrowDown") select.focus();
      if (event.key === "Escape") reset();
    });
    select.addEventListener("change", () => {
      if (search.value) reset();
    });
    box.addEventListener("term-chosen", reset);
  };

  // What the person wrote, from the fields of the form: rich text lies there as JSON.
  const textOf = (form) => {
    const parts = [];
    for (const field of form.querySelectorAll("textarea, input[type=text], input[type=hidden]")) {
      if (/^(csrfmiddlewaretoken|next|title|slug)$|-(id|type|order|deleted|count)$/.test(field.name)) continue;
      if (field.closest("[data-term-select]") || !field.value) continue;
      try {
        const content = JSON.parse(field.value);
        if (content && content.blocks) parts.push(content.blocks.map((block) => block.text).join("\n"));
      } catch {
        if (field.type !== "hidden") parts.push(field.value);
      }
    }
    return parts.join("\n").slice(0, 60000);
  };

  const addSuggestions = (box, field) => {
    const form = field.form;
    if (!form) return;
    const place = document.createElement("div");
    place.className = "term-chips";
    const ask = document.createElement("button");
    ask.type = "button";
    ask.className = "button button-small button-secondary";
    ask.textContent = box.dataset.suggestLabel;
    const answers = document.createElement("div");
    answers.className = "term-chips";
    answers.setAttribute("role", "status");
    place.append(ask, answers);
    box.append(place);
    const say = (words) => {
      const line = document.createElement("p");
      line.textContent = words;
      answers.replaceChildren(line);
    };
    const choose = (term) => {
      box.dispatchEvent(new CustomEvent("term-chosen"));
      field.value = field.tagName === "SELECT" ? term.code : term.name;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      mark();
    };
    const mark = () => {
      for (const chip of answers.querySelectorAll("button")) {
        const same = field.value === chip.dataset.code || field.value === chip.dataset.name;
        chip.setAttribute("aria-pressed", String(same));
      }
    };
    field.addEventListener("change", mark);
    ask.addEventListener("click", async () => {
      const body = new FormData();
      const title = form.querySelector("[name=title]");
      body.append("vocabulary", box.dataset.vocabulary);
      body.append("title", title ? title.value : "");
      body.append("text", textOf(form));
      const token = form.querySelector("[name=csrfmiddlewaretoken]");
      ask.disabled = true;
      try {
        const headers = { "X-CSRFToken": token ? token.value : "", Accept: "application/json" };
        const answer = await fetch(box.dataset.suggestUrl, { method: "POST", body, headers });
        if (!answer.ok) throw new Error(String(answer.status));
        const { terms } = await answer.json();
        if (!terms.length) {
          say(box.dataset.suggestNone);
          return;
        }
        say(box.dataset.suggestHeading);
        for (const term of terms) {
          const chip = document.createElement("button");
          chip.type = "button";
          chip.className = "term-chip";
          chip.dataset.code = term.code;
          chip.dataset.name = term.name;
          chip.textContent = term.label;
          chip.title = term.why;
          chip.addEventListener("click", () => choose(term));
          answers.append(chip);
        }
        mark();
      } catch {
        say(box.dataset.suggestFailed);
      } finally {
        ask.disabled = false;
      }
    });
  };

  const prepareAll = () => document.querySelectorAll("[data-term-select]").forEach(prepare);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepareAll);
  else prepareAll();
})();
