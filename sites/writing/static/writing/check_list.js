/* What was found while writing, for eyes, keys and screen readers: a count in the bar, a list beside the text, and a few
   words at the place itself. Alt+F7 leads from one to the next, as in the word processors. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});

  const made = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };

  class CheckList {
    constructor(checking) {
      this.checking = checking;
      const { words } = checking;
      this.button = writing.button("", () => this.toggle());
      this.button.classList.add("writing-check__button");
      this.button.setAttribute("aria-expanded", "false");
      this.button.hidden = true;
      this.status = made("span", { className: "w-sr-only" });
      this.status.setAttribute("role", "status");
      this.panel = made("section", { className: "writing-check", hidden: true });
      this.panel.setAttribute("aria-label", words.name);
      this.items = made("ol");
      const close = writing.button(words.close, () => this.toggle(false));
      this.panel.append(made("div", { className: "writing-check__head" }, made("h2", { textContent: words.name }), close), made("p", { className: "help", textContent: words.explain }), this.items);
      this.bubble = made("div", { className: "writing-check__bubble", hidden: true });
      this.bubble.setAttribute("role", "dialog");
      document.body.append(this.panel, this.bubble);
      this.listen();
    }

    listen() {
      document.addEventListener("keydown", (event) => {
        if (event.key === "F7" && event.altKey) {
          event.preventDefault();
          this.next(event.shiftKey ? -1 : 1);
        } else if (event.key === "Escape" && !this.bubble.hidden) this.hideBubble(true);
        else if (event.key === "Escape" && this.panel.contains(event.target)) this.toggle(false);
      }, true);
      document.addEventListener("input", () => this.hideBubble());
      document.addEventListener("click", (event) => {
        if (this.bubble.contains(event.target) || this.panel.contains(event.target)) return;
        const row = this.at(event);
        if (row) this.showBubble(row);
        else this.hideBubble();
      });
    }

    /* The row whose words were clicked. */
    at(event) {
      const { rows } = this.checking;
      if (event.target.matches?.("input, textarea")) {
        const place = event.target.selectionStart;
        return rows.find((row) => row.text.field === event.target && row.start <= place && place <= row.end);
      }
      return rows.find((row) => [...(row.text.range(row.start, row.end)?.getClientRects() || [])].some((box) => event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom));
    }

    show(rows) {
      const { words } = this.checking;
      const told = words.count.replace("{n}", rows.length);
      this.button.hidden = !rows.length && this.panel.hidden;
      if (this.button.textContent !== told) {
        this.button.textContent = told;
        this.status.textContent = rows.length ? told : words.none;
      }
      const name = JSON.stringify(rows.map((row) => [row.text.key, row.start, row.words, row.rule]));
      if (name === this.shown || this.panel.hidden) return;
      this.shown = name;
      const focused = this.panel.contains(document.activeElement) && document.activeElement.closest("li") ? [...this.items.children].indexOf(document.activeElement.closest("li")) : -1;
      this.items.replaceChildren(...rows.map((row) => this.item(row)));
      if (!rows.length) this.items.append(made("li", { textContent: words.none }));
      if (focused >= 0) (this.items.children[Math.min(focused, this.items.children.length - 1)]?.querySelector("button") || this.button).focus();
    }

    item(row) {
      const { words } = this.checking;
      const head = made("p", {}, made("mark", { textContent: row.words.slice(0, 40) }), made("small", { textContent: ` ${row.label}，${row.text.where}` }));
      head.firstChild.dataset.severity = row.severity;
      const acts = made("div", { className: "writing-check__acts" });
      acts.append(writing.button(words.jump, () => this.lead(row)), ...this.acts(row));
      acts.firstChild.setAttribute("aria-label", words.jumpTo.replace("{words}", row.words));
      return made("li", {}, head, made("p", { textContent: row.message }), acts);
    }

    acts(row) {
      const { words } = this.checking;
      const done = (act) => () => { this.hideBubble(); act(); };
      const acts = [];
      if (row.instead !== null) {
        const label = row.instead ? words.take.replace("{words}", row.instead) : words.remove;
        acts.push(writing.button(label, done(() => this.checking.take(row)), ""));
      }
      acts.push(writing.button(words.pass, done(() => this.checking.pass(row))));
      return acts;
    }

    toggle(open = this.panel.hidden) {
      this.panel.hidden = !open;
      this.button.setAttribute("aria-expanded", String(open));
      this.shown = null;
      this.checking.show();
      if (open) (this.items.querySelector("button") || this.panel.querySelector("button")).focus();
      else this.button.focus();
    }

    open(place) {
      const panel = place.closest("[role=tabpanel]");
      if (panel?.hidden) document.getElementById(panel.getAttribute("aria-labelledby"))?.click();
      for (let section = place.closest("[data-panel]"); section; section = section.parentElement?.closest("[data-panel]")) {
        const toggle = section.querySelector("[data-panel-toggle]");
        if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
      }
    }

    /* Show the place of the words, and select them. */
    lead(row) {
      const place = row.text.field || row.text.range(row.start, row.end)?.startContainer.parentElement;
      if (place) {
        this.open(place);
        place.scrollIntoView({ block: "center" });
      }
      row.text.select(row.start, row.end);
      this.last = [row.text.key, row.start];
      requestAnimationFrame(() => this.showBubble(row));
    }

    next(step) {
      const { rows } = this.checking;
      if (!rows.length) return;
      const at = rows.findIndex((row) => this.last && row.text.key === this.last[0] && row.start >= this.last[1]);
      const same = at >= 0 && rows[at].start === this.last[1];
      const number = at < 0 ? 0 : same ? at + step : at;
      this.lead(rows[(number + rows.length) % rows.length]);
      this.byKey = true;
    }

    showBubble(row) {
      const box = row.text.field ? row.text.field.getBoundingClientRect() : row.text.range(row.start, row.end)?.getBoundingClientRect();
      if (!box) return;
      const { words } = this.checking;
      this.from = row;
      this.bubble.setAttribute("aria-label", `${row.label}：${row.words}`);
      const close = writing.button(words.close, () => this.hideBubble(true));
      this.bubble.replaceChildren(made("p", {}, made("strong", { textContent: row.label }), ` ${row.message}`), made("div", { className: "writing-check__acts" }, ...this.acts(row), close));
      this.bubble.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = this.bubble;
      const below = box.bottom + 6 + height < window.innerHeight;
      this.bubble.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
      this.bubble.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
      if (this.byKey) this.bubble.querySelector("button").focus();
      this.byKey = false;
    }

    hideBubble(back = false) {
      if (this.bubble.hidden) return;
      const had = this.bubble.contains(document.activeElement);
      this.bubble.hidden = true;
      if (back && had) this.from.text.select(this.from.start, this.from.end);
    }
  }

  writing.CheckList = CheckList;
})();
