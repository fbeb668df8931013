/* The line that says what was done to a text, and offers to take it back until the text is changed again. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});

  function button(label, act, kind = "button-secondary") {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button button-small ${kind}`;
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  /* What a server of ours answers to a POST; rejects where there is no answer at all. */
  async function send(address, body, headers = {}) {
    const config = JSON.parse(document.getElementById("wagtail-config").textContent);
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { ...headers, Accept: "application/json", [config.CSRF_HEADER_NAME]: config.CSRF_TOKEN },
    });
    return answer.json();
  }

  class Notice {
    constructor(body, words) {
      this.body = body;
      this.words = words;
      this.element = document.createElement("div");
      this.element.className = "writing-notice";
      this.element.setAttribute("role", "status");
      this.element.hidden = true;
    }

    /* lines: sentences; acts: [label, function] of buttons; busy: something goes on. */
    show(lines, { acts = [], busy = false, bad = false } = {}) {
      const list = document.createElement(lines.length > 1 ? "ul" : "p");
      lines.forEach((line) => {
        const item = lines.length > 1 ? list.appendChild(document.createElement("li")) : list;
        item.textContent = line;
      });
      const row = document.createElement("div");
      row.className = "writing-notice__acts";
      acts.forEach(([label, act]) => row.append(button(label, act)));
      if (!busy) row.append(button(this.words.close, () => this.hide()));
      this.element.replaceChildren(list, row);
      this.element.classList.toggle("writing-notice--bad", bad);
      this.element.hidden = false;
    }

    hide() {
      this.element.hidden = true;
      this.element.replaceChildren();
    }

    /* Say `lines` with a button that puts the body back as `before` has it. Who writes on keeps what was written.
       after: what is done besides, once the body is as it was. */
    offerUndo(lines, label, before, after = () => {}) {
      const undo = () => {
        this.body.setState(before);
        writing.tellChanged(this.body);
        this.show([this.words.undone]);
        after();
      };
      this.show(lines, { acts: [[label, undo]] });
      const shown = this.element.querySelector("button");
      const withdraw = (event) => {
        if (this.element.contains(event.target)) return;
        shown.remove();
        this.body.element.removeEventListener("beforeinput", withdraw);
      };
      this.body.element.addEventListener("beforeinput", withdraw);
    }
  }

  /* The form saves itself when it hears that something changed. */
  writing.tellChanged = (body) => {
    body.element.dispatchEvent(new Event("change", { bubbles: true }));
    body.element.dispatchEvent(new CustomEvent("console:edited", { bubbles: true }));
  };
  Object.assign(writing, { Notice, button, send });
})();
