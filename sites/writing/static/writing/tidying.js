/* 一键排版: asks the server what it would change, shows that, and does it when told to. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const TAGS = { "=": "span", "-": "del", "+": "ins" };

  class Tidying {
    constructor(body, options, notice) {
      this.body = body;
      this.options = options;
      this.notice = notice;
      this.button = writing.button(options.words.tidy, () => this.ask());
    }

    blocks() {
      return writing.snapshot(this.body).map(({ type, value }) => ({ type, value: type === "rich_text" ? JSON.parse(value) : value }));
    }

    async ask() {
      const { words, tidy } = this.options;
      const sent = this.blocks();
      this.button.disabled = true;
      try {
        const answer = await writing.send(tidy, JSON.stringify({ blocks: sent }), { "Content-Type": "application/json" });
        if (!answer.blocks) this.notice.show(answer.refused || [words.lostTidy], { bad: true });
        else if (!answer.changes.length) this.notice.show([words.nothing]);
        else this.preview(sent, answer);
      } catch {
        this.notice.show([words.lostTidy], { bad: true });
      } finally {
        this.button.disabled = false;
      }
    }

    preview(sent, answer) {
      const { words } = this.options;
      const dialog = document.createElement("dialog");
      dialog.className = "writing-dialog";
      const heading = document.createElement("h2");
      heading.id = "writing-dialog-heading";
      heading.textContent = words.preview;
      dialog.setAttribute("aria-labelledby", heading.id);
      const told = document.createElement("p");
      told.textContent = words.explain;
      const list = document.createElement("ol");
      list.tabIndex = 0;
      list.append(...answer.changes.map(asItem));
      const acts = document.createElement("div");
      acts.className = "writing-dialog__acts";
      acts.append(
        writing.button(words.apply, () => { dialog.close(); this.apply(sent, answer.blocks); }, ""),
        writing.button(words.cancel, () => dialog.close()),
      );
      dialog.append(heading, told, list, acts);
      dialog.addEventListener("close", () => { dialog.remove(); this.button.focus(); });
      document.body.append(dialog);
      dialog.showModal();
    }

    apply(sent, blocks) {
      const { words } = this.options;
      if (JSON.stringify(this.blocks()) !== JSON.stringify(sent)) {
        this.notice.show([words.changed], { bad: true });
        return;
      }
      const before = writing.snapshot(this.body);
      this.body.children.forEach((child, number) => {
        if (!blocks[number]) return;
        if (child.type === "rich_text") writing.replaceContent(child.block, blocks[number]);
        else child.block.setState(blocks[number]);
      });
      writing.tellChanged(this.body);
      this.notice.offerUndo([words.tidied], words.undoTidy, before);
    }
  }

  function asItem({ where, pieces, notes }) {
    const item = document.createElement("li");
    const place = document.createElement("small");
    place.textContent = [where, ...notes].join("，");
    const text = document.createElement("p");
    text.append(...pieces.map(([kind, words]) => {
      const piece = document.createElement(TAGS[kind]);
      /* a blank that goes must be seen */
      piece.textContent = kind === "=" ? words : words.replace(/[ \u00a0]/g, "␣").replace(/\u3000/g, "□").replace(/\t/g, "⇥");
      return piece;
    }));
    item.append(place, text);
    return item;
  }

  writing.Tidying = Tidying;
})();
