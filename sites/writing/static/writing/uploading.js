/* Files dropped into the body, or chosen with the button: each stands as a picture or an attachment where it was let go,
   in the order in which they were given, whatever arrives first. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const { made, fill } = window.uploads;

  class Uploading {
    constructor(body, options) {
      this.body = body;
      this.words = options.uploads.words;
      this.caret = null;
      const { kinds, address, words } = options.uploads;
      this.list = new window.uploads.List({
        words, kinds, address,
        fields: () => this.place(),
        answered: (row, answer) => this.insert(row, answer),
      });
      const choose = window.uploads.chooser(words.choose, kinds, (files) => this.take(files, this.atCaret()));
      this.list.options.button = choose.querySelector("button");
      this.line = made("div", { className: "writing-drop-line", hidden: true });
      this.area = made("div", { className: "writing-drop" }, choose, made("span", { textContent: words.hint }));
      this.element = made("div", { className: "writing-uploads" }, this.area, this.list.element);
      this.listen();
    }

    /* Of which page the server is asked whether it may be changed now. */
    place() {
      const found = /\/pages\/(\d+)\/edit\/|\/pages\/add\/\w+\/\w+\/(\d+)\//.exec(location.pathname);
      return found ? [["page", found[1] || found[2]]] : [];
    }

    listen() {
      const { element } = this.body;
      element.append(this.line);
      element.addEventListener("dragover", (event) => {
        if (!window.uploads.hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        this.draw(this.placeAt(event));
      }, true);
      element.addEventListener("dragleave", (event) => { if (!element.contains(event.relatedTarget)) this.draw(null); });
      element.addEventListener("drop", (event) => {
        if (!window.uploads.hasFiles(event)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const place = this.placeAt(event);
        this.draw(null);
        this.take(window.uploads.filesOf(event.dataTransfer), place);
      }, true);
      /* the button takes the caret away from the text: where it was last counts */
      element.addEventListener("focusin", (event) => {
        const child = this.body.children.find((one) => one.element.contains(event.target));
        if (child) this.caret = child;
      });
    }

    /* {child, key, before, y}: behind (or before) a block of the body, or a paragraph of the text that it is. */
    placeAt(event) {
      const child = this.body.children.find((one) => one.element.getBoundingClientRect().bottom > event.clientY);
      if (!child) return { child: this.body.children.at(-1) || null };
      const paragraphs = child.type === "rich_text" ? [...child.element.querySelectorAll("[data-block=true]")] : [];
      const nearest = paragraphs.find((one) => one.getBoundingClientRect().bottom > event.clientY) || paragraphs.at(-1);
      const box = (nearest || child.element).getBoundingClientRect();
      const before = event.clientY < (box.top + box.bottom) / 2;
      return { child, before, key: nearest?.dataset.offsetKey?.split("-")[0], y: before ? box.top : box.bottom };
    }

    atCaret() {
      const child = this.caret && this.body.children.includes(this.caret) ? this.caret : null;
      if (!child) return { child: this.body.children.at(-1) || null };
      return { child, key: child.type === "rich_text" ? child.block.getState().getSelection().getEndKey() : undefined };
    }

    draw(place) {
      this.area.classList.toggle("writing-drop--over", Boolean(place) && place.y === undefined);
      this.line.hidden = place?.y === undefined;
      if (!this.line.hidden) this.line.style.top = `${place.y - this.body.element.getBoundingClientRect().top}px`;
    }

    take(files, place) {
      const group = { place, rows: [] };
      group.rows.push(...this.list.take(files, group));
    }

    /* Where the next block of a group goes: behind the nearest of those before it that stand, or before the nearest after. */
    numberFor(row) {
      const { children } = this.body;
      const { rows, place } = row.context;
      const at = rows.indexOf(row);
      const stands = (other) => other.child && children.includes(other.child);
      const earlier = rows.slice(0, at).reverse().find(stands);
      if (earlier) return children.indexOf(earlier.child) + 1;
      const later = rows.slice(at + 1).find(stands);
      if (later) return children.indexOf(later.child);
      if (!place.child || !children.includes(place.child)) return children.length;
      return place.key ? this.divided(place) : children.indexOf(place.child) + (place.before ? 0 : 1);
    }

    /* Divide a text at the paragraph where something was let go; return the number of what comes between. */
    divided({ child, key, before }) {
      const { body } = this;
      const number = body.children.indexOf(child);
      const raw = writing.rawOf(child.block.getState());
      const at = raw.blocks.findIndex((block) => block.key === key);
      const cut = at < 0 ? raw.blocks.length : at + (before ? 0 : 1);
      const part = (blocks) => ({ ...raw, blocks });
      const [above, below] = [raw.blocks.slice(0, cut), raw.blocks.slice(cut)];
      const says = (blocks) => blocks.some((block) => block.type === "atomic" || /\S/.test(block.text));
      if (!says(above)) return number;
      if (!says(below)) return number + 1;
      writing.replaceContent(child.block, part(above));
      body.insert(writing.newText(part(below)), number + 1);
      return number + 1;
    }

    insert(row, { block, title }) {
      const number = this.numberFor(row);
      this.body.insert(block, number);
      row.child = this.body.children[number];
      /* below it one goes on writing */
      if (number === this.body.children.length - 1) this.body.insert(writing.newText(writing.emptyText()), number + 1);
      writing.tellChanged(this.body);
      const show = window.uploads.button(this.words.show, () => {
        row.child?.element?.scrollIntoView({ block: "center" });
        row.child?.element?.querySelector("input:not([type=hidden]), button")?.focus({ preventScroll: true });
      }, row.name);
      return { told: fill(block.type === "image" ? this.words.pictureIn : this.words.fileIn, { title }), acts: [show] };
    }
  }

  writing.Uploading = Uploading;
})();
