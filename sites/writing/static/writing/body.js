/* The body of a page: opens as a text to write in, with its formatting bar in sight. */
"use strict";

(() => {
  const writing = window.writing;
  const { StreamBlockDefinition } = window.wagtailStreamField.blocks;
  const BAR = "wagtail:draftail-toolbar";

  /* Wagtail shows the bar over a selection alone, until somebody pins it; whoever has chosen keeps the choice. */
  try {
    if (!localStorage.getItem(BAR)) localStorage.setItem(BAR, "sticky");
  } catch {
    /* without storage Wagtail's own way holds */
  }

  /* Each text has a name for those who hear it. */
  function nameTexts(body, name) {
    const give = () => body.element.querySelectorAll(".public-DraftEditor-content:not([aria-label])").forEach((text) => text.setAttribute("aria-label", name));
    new MutationObserver(give).observe(body.sequenceContainer.get(0), { childList: true });
    give();
  }

  /* So has a text that is a field of its own: the heading of its panel. */
  function nameFields() {
    document.querySelectorAll(".w-field--draftail_rich_text_area").forEach((field) => {
      const heading = field.closest(".w-panel")?.getAttribute("aria-labelledby");
      const give = () => {
        const text = field.querySelector(".public-DraftEditor-content");
        if (text) text.setAttribute("aria-labelledby", heading);
        return text;
      };
      if (!heading || field.closest(".writing-body") || give()) return;
      new MutationObserver((_changes, watching) => { if (give()) watching.disconnect(); }).observe(field, { childList: true, subtree: true });
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", nameFields);
  else nameFields();

  class BodyDefinition extends StreamBlockDefinition {
    render(placeholder, prefix, state, error, capabilities) {
      const body = super.render(placeholder, prefix, state, error, capabilities);
      const options = this.meta.writing;
      if (!body.children.length) body.insert(writing.newText(writing.emptyText()), 0);
      const notice = new writing.Notice(body, options.words);
      const tidying = new writing.Tidying(body, options, notice);
      new writing.Pasting(body, options, notice);
      const uploading = new writing.Uploading(body, options);
      body.element.classList.add("writing-body");
      nameTexts(body, options.words.text);
      const bar = document.createElement("div");
      bar.className = "writing-bar";
      const checking = new writing.Checking(body, options);
      bar.append(checking.list.button, checking.list.status, tidying.button);
      body.element.prepend(bar);
      body.element.append(uploading.element, notice.element);
      return body;
    }
  }

  window.telepath.register("writing.Body", BodyDefinition);
})();
