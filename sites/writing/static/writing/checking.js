/* Check while writing: after a pause what was changed is sent to the server, which says what the scan would say of it.
   It never stands in the way of saving, and where the server does not answer it says nothing. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const PAUSE = 600;
  const MOMENT = 200;
  const AFTER_FAILURE = 15000;
  const MOST = { characters: 18000, texts: 1500, links: 400 };

  const signature = ({ text, links }) => (links.length ? `${text}\u0000${JSON.stringify(links)}` : text);

  /* What was found in `before`, at its places in `after`; what was changed itself is left out until it is asked again. */
  function moved(found, before, after) {
    let same = 0;
    while (same < before.length && same < after.length && before[same] === after[same]) same += 1;
    const shift = after.length - before.length;
    return found.flatMap((one) => {
      if (one.end <= same) return [one];
      const start = one.start + shift;
      const still = start >= same && after.slice(start, one.end + shift) === before.slice(one.start, one.end);
      return still ? [{ ...one, start, end: one.end + shift }] : [];
    });
  }

  class Checking {
    constructor(body, options) {
      this.body = body;
      this.words = options.checkWords;
      this.address = options.check;
      this.answers = new Map(); /* signature -> what was found */
      this.known = new Map(); /* key of a text -> {text, found} as last shown */
      this.passed = new Set(); /* what the writer wants left alone, in this window */
      this.rows = [];
      this.list = new writing.CheckList(this);
      this.watch();
    }

    watch() {
      const changed = () => this.later();
      new MutationObserver(() => this.soon()).observe(this.body.element, { subtree: true, childList: true, characterData: true });
      document.addEventListener("input", changed, true);
      document.addEventListener("change", changed, true);
      document.addEventListener("compositionstart", () => { this.composing = true; }, true);
      document.addEventListener("compositionend", () => { this.composing = false; changed(); }, true);
      this.body.element.addEventListener("console:edited", changed);
      this.body.element.addEventListener("scroll", () => this.soon(), true);
      window.addEventListener("resize", () => this.soon());
      this.later();
    }

    /* Paint in a moment: underlines move along with their words by themselves, so a key need not wait for it. */
    soon(wait = MOMENT) {
      if (this.waiting) return;
      this.waiting = setTimeout(() => requestAnimationFrame(() => { this.waiting = 0; this.show(); }), wait);
    }

    later(wait = PAUSE) {
      if (this.rows.some((row) => row.text.field)) this.soon();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), Math.max(wait, (this.quietUntil || 0) - Date.now()));
    }

    async ask() {
      if (this.asking) return;
      if (this.composing || !document.contains(this.body.element)) return;
      const texts = writing.textsOf(this.body, this.words);
      const unknown = new Map();
      let [characters, links] = [0, 0];
      for (const text of texts) {
        const sign = signature(text);
        if (this.answers.has(sign) || unknown.has(sign) || text.text.length > MOST.characters) continue;
        characters += text.text.length;
        links += text.links.length;
        if (characters > MOST.characters || links > MOST.links || unknown.size === MOST.texts) break;
        unknown.set(sign, text);
      }
      if (unknown.size) await this.send(unknown);
      const held = new Set(texts.map(signature));
      [...this.answers.keys()].forEach((sign) => { if (!held.has(sign) && this.answers.size > 5000) this.answers.delete(sign); });
      this.show();
    }

    async send(unknown) {
      this.asking = true;
      const signs = [...unknown.keys()];
      const texts = signs.map((sign, number) => ({ key: String(number), text: unknown.get(sign).text, links: unknown.get(sign).links }));
      try {
        const { found } = await writing.send(this.address, JSON.stringify({ texts }), { "Content-Type": "application/json" });
        if (!found) throw new Error("refused");
        signs.forEach((sign, number) => this.answers.set(sign, found[number] || []));
        this.quietUntil = 0;
        /* what came meanwhile, and what was too much for one question */
        this.later(0);
      } catch {
        this.quietUntil = Date.now() + AFTER_FAILURE;
        this.later();
      } finally {
        this.asking = false;
      }
    }

    /* What is known of a text now. */
    foundIn(text) {
      const answered = this.answers.get(signature(text));
      if (answered) return answered;
      const known = this.known.get(text.key);
      return known ? moved(known.found, known.text, text.text) : [];
    }

    show() {
      const marked = [];
      this.rows = [];
      const known = new Map();
      for (const text of writing.textsOf(this.body, this.words)) {
        const all = this.foundIn(text);
        if (all.length) known.set(text.key, { text: text.text, found: all });
        const found = all.filter((one) => !this.passed.has(this.nameOf(text, one)));
        if (!found.length) continue;
        marked.push([text, found]);
        found.forEach((one) => this.rows.push({ text, ...one, words: text.text.slice(one.start, one.end) }));
      }
      this.known = known;
      writing.paintMarks(marked);
      this.list.show(this.rows);
    }

    nameOf(text, { rule, start, end }) {
      return `${rule}\u0000${text.text.slice(start, end)}`;
    }

    pass(row) {
      this.passed.add(this.nameOf(row.text, row));
      this.show();
    }

    /* Put what is offered in the place of the words. */
    take(row) {
      row.text.replace(row.start, row.end, row.instead);
      this.later(0);
      this.soon(0);
    }
  }

  writing.Checking = Checking;
})();
