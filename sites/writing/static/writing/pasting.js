/* Pasting into a text of the body: the server cleans the piece and gives it back as blocks. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});

  class Pasting {
    constructor(body, options, notice) {
      this.body = body;
      this.options = options;
      this.notice = notice;
      /* before the editor hears of it */
      body.element.addEventListener("paste", (event) => this.onPaste(event), true);
    }

    onPaste(event) {
      const editor = event.target.closest?.(".public-DraftEditor-content");
      const child = editor && this.body.children.find((each) => each.type === "rich_text" && each.element.contains(editor));
      if (!child || !event.clipboardData) return;
      const piece = writing.readClipboard(event.clipboardData);
      if (!piece) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.take(child, piece);
    }

    async take(child, piece) {
      const { words, most, paste } = this.options;
      const html = new Blob([piece.html], { type: "text/html" });
      const weight = piece.pictures.reduce((sum, picture) => sum + picture.size, 0);
      if (html.size > most.text || weight > most.pictures) {
        this.notice.show([words.tooMuch], { bad: true });
        return;
      }
      const form = new FormData();
      form.append("html", html, "piece.html");
      piece.pictures.forEach((picture, number) => form.append("picture", picture, `picture-${number}`));
      this.notice.show([words.reading], { busy: true });
      let answer;
      try {
        answer = await writing.send(paste, form);
      } catch {
        this.notice.show([words.lost], { bad: true, acts: [[words.again, () => this.take(child, piece)]] });
        return;
      }
      if (!answer.blocks) this.notice.show(answer.refused || [words.lost], { bad: true });
      else this.insert(child, answer);
    }

    insert(child, { blocks, said, pictures }) {
      const { words } = this.options;
      /* the text may have gone while the server was asked */
      const target = this.body.children.includes(child) ? child : this.body.children.find((each) => each.type === "rich_text");
      if (!target || !blocks.length) {
        this.notice.show(said.length ? said : [words.lost], { bad: true });
        return;
      }
      const before = writing.snapshot(this.body);
      if (blocks.length === 1 && blocks[0].type === "rich_text") writing.insertText(target.block, JSON.parse(blocks[0].value));
      else writing.insertBlocks(this.body, target, blocks);
      writing.tellChanged(this.body);
      this.notice.offerUndo(said.length ? [words.leftOut, ...said] : [words.pasted], words.undoPaste, before, () => this.giveBack(pictures));
    }

    /* Pictures of a pasting that was taken back go. A version that saved itself meanwhile may still show them: they are
       asked for again when the next one is saved, and in the end by the server at night. */
    async giveBack(pictures) {
      if (!pictures?.length) return;
      const answer = await writing.send(this.options.unpaste, JSON.stringify({ pictures }), { "Content-Type": "application/json" }).catch(() => null);
      if (answer && !answer.kept?.length) return;
      document.addEventListener("w-autosave:success", () => this.giveBack(answer?.kept || pictures), { once: true });
    }
  }

  writing.Pasting = Pasting;
})();
