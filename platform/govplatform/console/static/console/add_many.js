/* Many pictures or attachments at once in the library: a row each, then its form in the row. */
"use strict";

(() => {
  const place = document.querySelector("[data-add-many]");
  const options = JSON.parse(document.getElementById("add-many-options").textContent);
  const { made, fill } = window.uploads;
  const { words, kinds } = options;
  const LONGEST = 255;

  const titleOf = (name) => window.uploads.shown(name).replace(/\.[^.]+$/, "").slice(0, LONGEST) || words.unnamed;
  const collection = document.querySelector("[data-add-many] select[name=collection]");

  /* The form of what was added; it is saved in its row. */
  function formIn(row, html) {
    const holder = made("div", { className: "uploads__form" });
    holder.innerHTML = html;
    row.item.querySelector(".uploads__form")?.remove();
    row.item.append(holder);
    holder.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      save(row, event.target);
    }, true);
    holder.querySelector("a.delete")?.addEventListener("click", (event) => {
      event.preventDefault();
      remove(row, event.target.href, holder.querySelector("form"));
    });
  }

  async function post(address, body) {
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
      return await answer.json();
    } catch {
      document.dispatchEvent(new CustomEvent("console:unanswered"));
      return null;
    }
  }

  async function save(row, form) {
    const answer = await post(form.action, new FormData(form));
    if (answer?.form) formIn(row, answer.form);
    else if (answer?.success) {
      row.item.querySelector(".uploads__form").remove();
      list.put(row, "done", words.saved);
    } else {
      form.querySelectorAll("button").forEach((each) => { each.disabled = false; });
      list.put(row, "done", answer?.error_message || words.lost);
    }
    list.tell(`${row.name}：${row.told.textContent}`);
  }

  async function remove(row, address, form) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await post(address, body);
    if (answer?.success) list.drop(row);
    else list.put(row, "done", answer?.error_message || words.lost);
  }

  function answered(row, answer) {
    if (answer.duplicate) {
      formIn(row, answer.confirm_duplicate_upload);
      row.item.querySelector(".confirm-upload").addEventListener("click", () => {
        row.told.textContent = words.kept;
        formIn(row, answer.form);
      });
      return { told: words.duplicate };
    }
    formIn(row, answer.form);
    return { told: fill(words.added, { title: titleOf(row.file.name) }) };
  }

  const list = new window.uploads.List({
    words, kinds, address: options.address, fileField: "files[]", answered,
    fields: (row) => [["title", titleOf(row.file.name)], ...(collection ? [["collection", collection.value]] : [])],
  });
  const choose = window.uploads.chooser(words.choose, kinds, (files) => list.take(files));
  list.options.button = choose.querySelector("button");
  place.querySelector("[data-add-many-area]").prepend(choose);
  place.append(list.element);
  place.addEventListener("dragover", (event) => {
    if (!window.uploads.hasFiles(event)) return;
    event.preventDefault();
    place.classList.add("uploads-area--over");
  });
  place.addEventListener("dragleave", (event) => { if (!place.contains(event.relatedTarget)) place.classList.remove("uploads-area--over"); });
  place.addEventListener("drop", (event) => {
    if (!window.uploads.hasFiles(event)) return;
    event.preventDefault();
    place.classList.remove("uploads-area--over");
    list.take(window.uploads.filesOf(event.dataTransfer));
  });
})();
