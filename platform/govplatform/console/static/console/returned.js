/* A returned page: the opinion opens beside the text, and each finding leads to where its words stand now. */
"use strict";

(() => {
  const squeezed = (text) => text.replace(/\s+/g, "");

  function openPanel() {
    /* on a phone the panel would cover the text: the line above the form says it there */
    if (window.innerWidth < 800) return;
    const toggle = document.querySelector('[data-side-panel-toggle="returned"]');
    if (toggle && toggle.getAttribute("aria-expanded") !== "true") toggle.click();
  }

  function open(place) {
    const panel = place.closest("[role=tabpanel]");
    if (panel?.hidden) document.getElementById(panel.getAttribute("aria-labelledby"))?.click();
    for (let section = place.closest("[data-panel]"); section; section = section.parentElement?.closest("[data-panel]")) {
      const toggle = section.querySelector("[data-panel-toggle]");
      if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
    }
  }

  /* A range over `words` in the text of `root`, blanks left out of account; null where they do not stand. */
  function rangeOf(root, words) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const places = [];
    let text = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let at = 0; at < node.data.length; at += 1) {
        if (!/\s/.test(node.data[at])) {
          text += node.data[at];
          places.push([node, at]);
        }
      }
    }
    const start = text.indexOf(words);
    if (start < 0) return null;
    const range = document.createRange();
    range.setStart(...places[start]);
    const [node, at] = places[start + words.length - 1];
    range.setEnd(node, at + 1);
    return range;
  }

  function inField(field, words) {
    const at = field.value.indexOf(words);
    field.focus({ preventScroll: true });
    if (at >= 0 && field.setSelectionRange) field.setSelectionRange(at, at + words.length);
  }

  /* Where the words stand: a typed field, a text of the body, or any other block that has them. */
  function find(words, name) {
    const form = document.querySelector("[data-edit-form]") || document.forms[0];
    const named = name && document.getElementById(`id_${name}`);
    if (named && (!words || squeezed(named.value).includes(words))) return { place: named, act: () => inField(named, words) };
    for (const text of form.querySelectorAll(".public-DraftEditor-content")) {
      const range = words && rangeOf(text, words);
      if (range) {
        const select = () => { text.focus({ preventScroll: true }); getSelection().removeAllRanges(); getSelection().addRange(range); };
        return { place: range.startContainer.parentElement, act: select };
      }
    }
    const fields = [...form.querySelectorAll("input, textarea")].filter((field) => words && squeezed(field.value).includes(words));
    const field = fields.find((one) => one.type !== "hidden");
    if (field) return { place: field, act: () => inField(field, words) };
    const block = fields.map((one) => one.closest(".writing-table, [data-contentpath]")).find(Boolean);
    return block ? { place: block, act: () => block.querySelector("input:not([type=hidden]), button, [tabindex]")?.focus({ preventScroll: true }) } : null;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-returned] button[data-words]");
    if (!button) return;
    const found = find(squeezed(button.dataset.words), button.dataset.field);
    const gone = button.parentElement.querySelector(".returned__gone");
    if (gone) gone.hidden = Boolean(found);
    if (!found) return;
    if (window.innerWidth < 800) document.querySelector('[data-side-panel-toggle="returned"]')?.click();
    open(found.place);
    setTimeout(() => {
      found.place.scrollIntoView({ block: "center" });
      found.act();
    }, 100);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('a[href="#returned"]')) return;
    event.preventDefault();
    const toggle = document.querySelector('[data-side-panel-toggle="returned"]');
    if (toggle && toggle.getAttribute("aria-expanded") !== "true") toggle.click();
  });

  window.addEventListener("load", openPanel);

  /* Who goes on in Wagtail's dialogue about a newer version was told of it: the server need not ask again. */
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('#w-save-confirmation-dialog [data-w-dialog-target="confirm"]')) return;
    const told = Object.assign(document.createElement("input"), { type: "hidden", name: "over_newer", value: "1" });
    document.querySelector("[data-edit-form]")?.append(told);
  }, true);
})();
