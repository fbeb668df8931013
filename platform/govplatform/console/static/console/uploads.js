/* Files on their way to the server: a row each with its name, its progress and how it stands. What was refused says why;
   what was cut off goes on by itself when the connection or the session is back, and says ("again") that it may have arrived.

   uploads.List: the rows. Whoever makes one says what is sent with a file, and what becomes of an answer. */
"use strict";

(() => {
  const AT_ONCE = 2;
  const STALLED = 120000;
  const PAUSES = [2000, 5000, 10000, 20000, 40000];
  const OPEN = new Set(["waiting", "sending", "checking", "lost"]);

  const made = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };
  const megabytes = (size) => (size / 1048576).toFixed(1).replace(/\.0$/, "");
  const fill = (words, values) => Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, value), words);
  const button = (label, act, about) => {
    const element = made("button", { type: "button", className: "button button-small button-secondary", textContent: label, onclick: act });
    if (about) element.setAttribute("aria-label", `${label}：${about}`);
    return element;
  };
  /* Names may reverse what is read after them, or be very long; the whole name stands in its tooltip. */
  const shown = (name) => name.replace(/[\u0000-\u001f\u007f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "");
  const endingOf = (name) => (/\.([^.]+)$/.exec(name)?.[1] || "").toLowerCase();

  /* The files of a drop, and the names of folders among them, which no browser sends. */
  function filesOf(transfer) {
    const entries = [...(transfer.items || [])].filter((item) => item.kind === "file");
    const folders = new Set(entries.map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory).map((entry) => entry.name));
    return [...transfer.files].map((file) => ({ file, folder: folders.has(file.name) }));
  }
  const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

  class List {
    /* words; address: where files are posted; kinds: [{endings, most}]; fields(row): [[name, value]] sent with it;
       fileField: the name of the file's field; answered(row, answer): takes what the server made of it, returns the
       words of the row, and whether it took it; undone(answer): reasons of a refusal, or null. */
    constructor(options) {
      this.options = options;
      this.words = options.words;
      this.rows = [];
      this.list = made("ul", { className: "uploads__list" });
      this.sum = made("strong", { className: "uploads__sum" });
      this.closeAll = button(this.words.closeAll, () => this.drop(...this.rows.filter((row) => !OPEN.has(row.state))));
      this.cancelAll = button(this.words.cancelAll, () => this.rows.filter((row) => OPEN.has(row.state)).forEach((row) => this.cancel(row)));
      this.status = made("p", { className: "w-sr-only" });
      this.status.setAttribute("role", "status");
      this.element = made("section", { className: "uploads", hidden: true },
        made("div", { className: "uploads__head" }, this.sum, made("div", { className: "uploads__acts" }, this.cancelAll, this.closeAll)), this.list, this.status);
      this.element.setAttribute("aria-label", this.words.list);
      const goOn = () => this.rows.filter((row) => row.state === "lost").forEach((row) => this.wait(row));
      window.addEventListener("online", goOn);
      document.addEventListener("console:back", goOn);
      /* what is on its way would be lost with the page */
      window.addEventListener("beforeunload", (event) => { if (this.rows.some((row) => OPEN.has(row.state))) event.preventDefault(); });
    }

    /* given: [{file, folder}]; context: where they belong, for whoever takes the answers. */
    take(given, context = {}) {
      const rows = given.filter((one) => !this.isOnItsWay(one.file)).map(({ file, folder }) => this.row(file, folder, context));
      if (rows.length < given.length) this.tell(this.words.twice);
      this.element.hidden = !this.rows.length;
      rows.forEach((row) => {
        const fault = this.faultOf(row);
        if (fault) this.fail(row, [fault]);
      });
      this.show();
      this.go();
      return rows;
    }

    isOnItsWay(file) {
      return this.rows.some(({ file: other, state }) => OPEN.has(state) && other.name === file.name && other.size === file.size && other.lastModified === file.lastModified);
    }

    row(file, folder, context) {
      const name = shown(file.name) || this.words.unnamed;
      const bar = made("progress", { max: 1, value: 0 });
      bar.setAttribute("aria-label", fill(this.words.progress, { name }));
      const told = made("span", { className: "uploads__told", textContent: this.words.waits });
      const acts = made("span", { className: "uploads__acts" });
      const item = made("li", { className: "uploads__row" }, made("bdi", { className: "uploads__name", textContent: name, title: name }), bar, told, acts);
      const row = { file, folder, context, name, item, bar, told, acts, state: "waiting", tries: 0, again: false, timer: 0 };
      acts.append(button(this.words.cancel, () => this.cancel(row), name));
      this.list.append(item);
      this.rows.push(row);
      return row;
    }

    faultOf({ file, folder, name }) {
      const { kinds } = this.options;
      if (folder) return fill(this.words.folder, { name });
      const kind = kinds.find(({ endings }) => endings.includes(endingOf(file.name)));
      if (!kind) return fill(this.words.kind, { name, kinds: kinds.flatMap(({ endings }) => endings).join("、") });
      if (!file.size) return fill(this.words.empty, { name });
      if (file.size > kind.most) return fill(this.words.large, { name, size: megabytes(file.size), most: megabytes(kind.most) });
      return "";
    }

    go() {
      const running = this.rows.filter((row) => row.state === "sending" || row.state === "checking").length;
      this.rows.filter((row) => row.state === "waiting").slice(0, Math.max(0, AT_ONCE - running)).forEach((row) => this.send(row));
    }

    put(row, state, told) {
      row.state = state;
      row.item.dataset.state = state;
      row.told.textContent = told;
      row.bar.hidden = !OPEN.has(state);
      this.show();
    }

    wait(row) {
      clearTimeout(row.timer);
      if (row.state === "waiting" || row.state === "sending" || row.state === "checking") return;
      row.bar.value = 0;
      row.acts.replaceChildren(button(this.words.cancel, () => this.cancel(row), row.name));
      this.put(row, "waiting", this.words.waits);
      this.go();
    }

    send(row) {
      const form = new FormData();
      this.options.fields(row).forEach(([name, value]) => form.append(name, value));
      if (row.again) form.append("again", "1");
      form.append(this.options.fileField || "file", row.file, row.file.name);
      const config = JSON.parse(document.getElementById("wagtail-config").textContent);
      const request = new XMLHttpRequest();
      row.request = request;
      let stall = 0;
      const moved = () => { clearTimeout(stall); stall = setTimeout(() => request.abort(), STALLED); };
      request.upload.addEventListener("progress", (event) => {
        moved();
        if (!event.lengthComputable || row.state === "cancelled") return;
        row.bar.value = event.loaded / event.total;
        if (event.loaded < event.total) row.told.textContent = fill(this.words.sends, { part: Math.floor((100 * event.loaded) / event.total) });
      });
      request.upload.addEventListener("load", () => { if (row.state === "sending") this.put(row, "checking", this.words.checks); });
      request.addEventListener("loadend", () => {
        clearTimeout(stall);
        if (row.state !== "cancelled") this.arrived(row, request);
        this.go();
      });
      this.put(row, "sending", fill(this.words.sends, { part: 0 }));
      moved();
      request.open("POST", this.options.address);
      request.setRequestHeader(config.CSRF_HEADER_NAME, config.CSRF_TOKEN);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.send(form);
      /* from now on nobody knows whether it arrived */
      row.again = true;
    }

    arrived(row, request) {
      const { status } = request;
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        /* no answer of ours */
      }
      const reasons = answer && (answer.refused || (answer.error_message ? [answer.error_message] : null));
      if (reasons) this.fail(row, reasons, status === 409 || status >= 500);
      else if (answer && status < 400) this.finish(row, answer);
      else if (status === 413) this.fail(row, [fill(this.words.tooMuch, { name: row.name })]);
      else if (status && status < 500) this.lose(row, this.words.ended, true);
      else this.lose(row, this.words.lost);
    }

    lose(row, told, ended = false) {
      row.bar.value = 0;
      row.tries += 1;
      if (ended && row.tries > PAUSES.length) {
        /* the session stands, and all the same nobody answers as one should: not for ever */
        row.tries = 0;
        this.fail(row, [fill(this.words.notTaken, { name: row.name })], true);
        return;
      }
      this.put(row, "lost", told);
      row.acts.replaceChildren(button(this.words.again, () => this.wait(row), row.name), button(this.words.cancel, () => this.cancel(row), row.name));
      this.tell(`${row.name}：${told}`);
      /* the page asks how the session stands, and says so */
      if (ended) document.dispatchEvent(new CustomEvent("console:unanswered"));
      else if (navigator.onLine && row.tries <= PAUSES.length) row.timer = setTimeout(() => this.wait(row), PAUSES[row.tries - 1]);
    }

    fail(row, reasons, again = false) {
      this.put(row, "refused", reasons.join(" "));
      row.acts.replaceChildren(...(again ? [button(this.words.again, () => this.wait(row), row.name)] : []), button(this.words.close, () => this.drop(row), row.name));
      this.tell(`${row.name}：${reasons.join(" ")}`);
    }

    finish(row, answer) {
      const { told, acts = [] } = this.options.answered(row, answer);
      this.put(row, "done", told);
      row.acts.replaceChildren(...acts, button(this.words.close, () => this.drop(row), row.name));
      this.tell(`${row.name}：${told}`);
    }

    cancel(row) {
      clearTimeout(row.timer);
      this.put(row, "cancelled", this.words.cancelled);
      row.acts.replaceChildren(button(this.words.again, () => this.wait(row), row.name), button(this.words.close, () => this.drop(row), row.name));
      row.request?.abort();
      this.go();
    }

    drop(...rows) {
      const hadFocus = this.element.contains(document.activeElement);
      rows.forEach((row) => row.item.remove());
      this.rows = this.rows.filter((row) => !rows.includes(row));
      this.element.hidden = !this.rows.length;
      this.show();
      if (hadFocus) (this.rows.length ? this.closeAll : this.options.button)?.focus();
    }

    show() {
      const of = (...states) => this.rows.filter((row) => states.includes(row.state)).length;
      const open = of(...OPEN);
      this.sum.textContent = fill(this.words.sum, { done: of("done"), all: this.rows.length, bad: of("refused", "cancelled") });
      this.cancelAll.hidden = open < 2;
      this.closeAll.hidden = open > 0;
    }

    tell(words) {
      this.status.textContent = words;
    }
  }

  /* A file that is let go beside the place for it would take the page away, and what was typed with it. */
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => {
    if (hasFiles(event) && !event.target.closest?.("input[type=file]")) event.preventDefault();
  }));

  /* A button that opens the browser's choice of files, and the choice behind it. */
  function chooser(label, kinds, take) {
    const input = made("input", { type: "file", multiple: true, hidden: true, accept: kinds.flatMap(({ endings }) => endings.map((ending) => `.${ending}`)).join(",") });
    /* each file has its own row to be refused in */
    input.setAttribute("data-max-file-size", "");
    input.addEventListener("change", () => {
      take([...input.files].map((file) => ({ file, folder: false })));
      input.value = "";
    });
    return made("span", {}, button(label, () => input.click()), input);
  }

  window.uploads = { List, chooser, filesOf, hasFiles, made, button, fill, shown };
})();
