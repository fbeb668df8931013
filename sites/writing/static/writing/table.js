/* A table as one grid (Handsontable 6.2.2 under the MIT licence, as Wagtail ships it). All of it is one hidden field. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const HIGHEST = 480;
  const SCROLLBAR = 18;
  const ALIGNED = { "": "htLeft", center: "htCenter", right: "htRight" };
  const NEW_ROWS = 5;
  const NEW_COLUMNS = 4;
  let loading = null;

  /* The grid's script and style, once for the page. */
  function loadGrid({ grid, style }) {
    loading = loading || new Promise((resolve, reject) => {
      const link = document.createElement("link");
      Object.assign(link, { rel: "stylesheet", href: style });
      const script = document.createElement("script");
      Object.assign(script, { src: grid, onload: resolve });
      script.onerror = () => { loading = null; reject(new Error(grid)); };
      document.head.prepend(link);
      document.head.append(script);
    });
    return loading;
  }

  const blank = (rows, columns) => Array.from({ length: rows }, () => Array(columns).fill(""));
  const isNew = (rows) => !rows?.length || (rows.length === 1 && !rows[0].join(""));
  const span = (cell, name) => Math.min(Math.max(Number(cell.getAttribute(name)) || 1, 1), 200);

  /* {rows, merged} of the first table in HTML; null without one. */
  writing.readTable = (html) => {
    const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
    if (!table) return null;
    const rows = [];
    const merged = [];
    [...table.rows].forEach((row, y) => {
      rows[y] = rows[y] || [];
      let x = 0;
      [...row.cells].forEach((cell) => {
        while (rows[y][x] !== undefined) x += 1;
        const across = span(cell, "colspan");
        const down = Math.min(span(cell, "rowspan"), table.rows.length - y);
        for (let dy = 0; dy < down; dy += 1) {
          rows[y + dy] = rows[y + dy] || [];
          for (let dx = 0; dx < across; dx += 1) rows[y + dy][x + dx] = "";
        }
        rows[y][x] = cell.textContent.replace(/[\s\u00a0]+/g, " ").trim();
        if (across > 1 || down > 1) merged.push([y, x, down, across]);
        x += across;
      });
    });
    const width = Math.max(1, ...rows.map((row) => row.length));
    return { rows: rows.map((row) => Array.from({ length: width }, (_, x) => row[x] || "")), merged };
  };

  class Table {
    constructor(definition, placeholder, prefix, state, error) {
      this.blockDef = definition;
      this.type = definition.name;
      this.prefix = prefix;
      this.words = definition.meta.words;
      this.element = document.createElement("div");
      this.element.className = "writing-table";
      this.container = window.jQuery(this.element);
      this.field = this.make("input", { type: "hidden", name: `${prefix}-grid`, id: prefix });
      this.build();
      placeholder.replaceWith(this.element);
      this.setState(state);
      if (error) this.setError(error);
    }

    make(name, properties) {
      return Object.assign(document.createElement(name), properties);
    }

    labelled(words, input) {
      const label = this.make("label", { className: "writing-table__label" });
      label.append(input, ` ${words}`);
      if (input.type !== "checkbox") label.replaceChildren(`${words} `, input);
      return label;
    }

    build() {
      const { words } = this;
      this.caption = this.make("input", { type: "text", maxLength: 200 });
      this.header = this.make("input", { type: "checkbox" });
      const head = this.make("div", { className: "writing-table__head" });
      head.append(this.labelled(words.caption, this.caption), this.labelled(words.header, this.header));
      [this.caption, this.header].forEach((input) => input.addEventListener("input", () => { this.write(); this.grid?.render(); }));
      this.bar = this.make("div", { className: "writing-table__bar" });
      this.bar.setAttribute("role", "toolbar");
      this.bar.setAttribute("aria-label", this.blockDef.meta.label);
      this.errors = this.make("div", { className: "writing-table__errors" });
      this.errors.setAttribute("role", "alert");
      this.place = this.make("div", { className: "writing-table__grid", tabIndex: 0 });
      this.place.setAttribute("aria-label", this.blockDef.meta.label);
      this.place.addEventListener("focus", () => this.grid?.selectCell(0, 0));
      this.place.addEventListener("input", (event) => this.onSpoken(event));
      const keys = this.make("p", { className: "help", textContent: words.keys });
      this.element.append(head, this.bar, this.errors, this.place, keys, this.field);
      const { helpText } = this.blockDef.meta;
      if (helpText) this.element.prepend(this.make("p", { className: "help", textContent: helpText }));
      this.commands().forEach(([name, act]) => {
        const button = writing.button(words[name], () => { act(); this.write(); });
        button.dataset.command = name;
        this.bar.append(button);
      });
    }

    /* --- what the block of a stream must have */

    setState(state) {
      this.state = {
        caption: state.caption || "",
        header_row: Boolean(state.header_row),
        rows: isNew(state.rows) ? blank(NEW_ROWS, NEW_COLUMNS) : state.rows.map((row) => [...row]),
        merged: (state.merged || []).map((cell) => [...cell]),
        alignment: [...(state.alignment || [])],
      };
      this.caption.value = this.state.caption;
      this.header.checked = this.state.header_row;
      this.field.value = JSON.stringify(this.state);
      loadGrid(this.blockDef.meta).then(() => this.show(), () => this.tell(this.words.noGrid));
    }

    getState() {
      return JSON.parse(this.field.value);
    }

    getValue() {
      return this.getState();
    }

    getDuplicatedState() {
      return this.getState();
    }

    getTextLabel() {
      return this.caption.value || this.getState().rows[0]?.filter(Boolean).join("　").slice(0, 50) || "";
    }

    setError(error) {
      if (!error) return;
      const told = [...(error.messages || [])];
      Object.values(error.blockErrors || {}).forEach((inner) => told.push(...(inner.messages || [])));
      this.tell(told.join(" "));
      this.element.classList.toggle("w-field--error", told.length > 0);
    }

    focus() {
      this.caption.focus();
    }

    /* --- the grid */

    tell(words) {
      this.errors.textContent = words;
    }

    show() {
      this.grid?.destroy();
      this.grid = null;
      this.height = 0;
      const { state } = this;
      const changed = () => this.write();
      const spliced = (how) => (at, amount) => { how(at, amount); this.write(); };
      const holder = this.make("div", {});
      this.place.replaceChildren(holder);
      this.grid = new window.Handsontable(holder, {
        data: state.rows,
        mergeCells: state.merged.length ? state.merged.map(([row, col, rowspan, colspan]) => ({ row, col, rowspan, colspan })) : true,
        rowHeaders: true,
        colHeaders: true,
        contextMenu: { items: this.menu() },
        /* columns share the width: measuring each cell would take a second on every key in a table of 200 rows */
        autoColumnSize: false,
        stretchH: "all",
        width: this.place.clientWidth || 600,
        height: Math.min(HIGHEST, (state.rows.length + 1) * 30),
        autoWrapRow: true,
        autoWrapCol: false,
        colWidths: 90,
        outsideClickDeselects: (target) => !this.bar.contains(target),
        cells: (row, col) => ({ className: this.looks(row, col) }),
        beforeKeyDown: (event) => this.onKey(event),
        afterChange: (changes, source) => source !== "loadData" && changed(),
        afterCreateRow: changed,
        afterRemoveRow: changed,
        afterCreateCol: spliced((at, amount) => this.state.alignment.splice(at, 0, ...Array(amount).fill(""))),
        afterRemoveCol: spliced((at, amount) => this.state.alignment.splice(at, amount)),
        afterMergeCells: changed,
        afterUnmergeCells: changed,
        afterRender: () => requestAnimationFrame(() => this.fit(holder)),
        afterSelection: (...corners) => { this.selected = corners.slice(0, 4); },
      });
      this.watch();
    }

    /* The grid measures itself; where it was out of sight it does so when it comes into sight. */
    watch() {
      this.observer?.disconnect();
      let width = this.place.clientWidth;
      this.observer = new ResizeObserver(() => {
        if (!document.contains(this.place)) {
          this.observer.disconnect();
          this.grid.destroy();
        } else if (this.place.clientWidth && this.place.clientWidth !== width) {
          width = this.place.clientWidth;
          this.grid.updateSettings({ width });
        }
      });
      this.observer.observe(this.place);
      if (!this.listens) {
        this.listens = (event) => this.onPaste(event);
        document.addEventListener("paste", this.listens, true);
      }
    }

    /* As high as its rows, up to a height from which it scrolls by itself: a table of 200 rows shows some twenty. */
    fit(holder) {
      const rows = holder.querySelector(".ht_master .wtHider")?.offsetHeight;
      const height = Math.min(HIGHEST, rows + SCROLLBAR);
      if (!rows || this.grid?.isDestroyed || height === this.height) return;
      this.height = height;
      this.grid.updateSettings({ height });
    }

    looks(row, col) {
      const head = this.header.checked && row === 0 ? " writing-table__header" : "";
      return `${ALIGNED[this.state.alignment[col] || ""]}${head}`;
    }

    merged() {
      return this.grid.getPlugin("mergeCells").mergedCellsCollection.mergedCells.map((cell) => [cell.row, cell.col, cell.rowspan, cell.colspan]);
    }

    /* Write the table into its field, and tell the form. */
    write() {
      const data = this.grid ? this.grid.getData() : this.state.rows;
      const rows = data.map((row) => row.map((cell) => (cell === null || cell === undefined ? "" : String(cell))));
      const alignment = [...this.state.alignment];
      const told = JSON.stringify({
        caption: this.caption.value,
        header_row: this.header.checked,
        rows,
        merged: this.grid ? this.merged() : this.state.merged,
        alignment: alignment.some(Boolean) ? Array.from({ length: rows[0]?.length || 0 }, (_, x) => alignment[x] || "") : [],
      });
      if (told === this.field.value) return;
      this.field.value = told;
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    /* --- acts, on what is selected: [top, left, bottom, right] */

    area() {
      const [a, b, c, d] = this.selected || [0, 0, 0, 0];
      return [Math.max(0, Math.min(a, c)), Math.max(0, Math.min(b, d)), Math.max(a, c, 0), Math.max(b, d, 0)];
    }

    commands() {
      const alter = (what, at, amount) => this.grid?.alter(what, at, amount);
      const rows = () => { const [top, , bottom] = this.area(); return [top, bottom - top + 1, bottom]; };
      const columns = () => { const [, left, , right] = this.area(); return [left, right - left + 1, right]; };
      return [
        ["rowAbove", () => alter("insert_row", rows()[0])],
        ["rowBelow", () => alter("insert_row", rows()[2] + 1)],
        ["removeRow", () => this.grid?.countRows() > rows()[1] && alter("remove_row", rows()[0], rows()[1])],
        ["rowUp", () => this.move(-1, 0)],
        ["rowDown", () => this.move(1, 0)],
        ["columnLeft", () => alter("insert_col", columns()[0])],
        ["columnRight", () => alter("insert_col", columns()[2] + 1)],
        ["removeColumn", () => this.grid?.countCols() > columns()[1] && alter("remove_col", columns()[0], columns()[1])],
        ["columnBack", () => this.move(0, -1)],
        ["columnOn", () => this.move(0, 1)],
        ["merge", () => this.merge()],
        ["split", () => this.grid?.getPlugin("mergeCells").unmergeSelection()],
        ["left", () => this.align("")],
        ["center", () => this.align("center")],
        ["right", () => this.align("right")],
        ["undo", () => this.grid?.undo()],
        ["redo", () => this.grid?.redo()],
      ];
    }

    menu() {
      return Object.fromEntries(this.commands().map(([name, act]) => [name, { name: this.words[name], callback: () => { act(); this.write(); } }]));
    }

    /* What stood in the cells stands in the one: nothing typed is lost. */
    merge() {
      if (!this.grid) return;
      const [top, left, bottom, right] = this.area();
      if (top === bottom && left === right) return;
      const words = this.grid.getData(top, left, bottom, right).flat().filter(Boolean);
      this.grid.getPlugin("mergeCells").merge(top, left, bottom, right);
      this.grid.setDataAtCell(top, left, words.join(" "));
    }

    align(how) {
      const [, left, , right] = this.area();
      for (let column = left; column <= right; column += 1) this.state.alignment[column] = how;
      this.grid?.render();
    }

    /* Move the selected rows or columns by one. A merged cell that lies across their edge would be torn. */
    move(down, across) {
      if (!this.grid) return;
      const [top, left, bottom, right] = this.area();
      const axis = down ? 0 : 1;
      const step = down || across;
      const [first, last] = down ? [top, bottom] : [left, right];
      const end = (down ? this.grid.countRows() : this.grid.countCols()) - 1;
      if ((step < 0 && first === 0) || (step > 0 && last === end)) return;
      const other = step < 0 ? first - 1 : last + 1;
      const order = Array.from({ length: end + 1 }, (_, number) => number);
      const moved = order.splice(first, last - first + 1);
      order.splice(first + step, 0, ...moved);
      const torn = this.merged().some((cell) => {
        const covered = Array.from({ length: cell[axis + 2] }, (_, number) => cell[axis] + number);
        const inside = covered.filter((place) => place >= first && place <= last).length;
        return (inside && inside < covered.length) || (covered.length > 1 && covered.includes(other));
      });
      this.tell(torn ? this.words.across : "");
      if (torn) return;
      const data = this.grid.getData();
      this.write();
      const now = this.getState();
      this.setRows({
        ...now,
        rows: axis === 0 ? order.map((row) => data[row]) : data.map((row) => order.map((column) => row[column])),
        alignment: axis === 1 ? order.map((column) => this.state.alignment[column] || "") : now.alignment,
        merged: now.merged.map((cell) => cell.map((number, place) => (place === axis ? order.indexOf(number) : number))),
      });
      this.grid.selectCell(top + down, left + across, bottom + down, right + across);
    }

    setRows(state) {
      this.state = { ...state, rows: state.rows.map((row) => row.map((cell) => cell ?? "")) };
      this.show();
      this.write();
    }

    /* Tab in the last cell begins a row; Escape leaves the grid for its bar. */
    onKey(event) {
      const editing = this.grid.getActiveEditor()?.isOpened();
      const [row, column] = this.grid.getSelectedLast() || [];
      if (event.key === "Tab" && !event.shiftKey && row === this.grid.countRows() - 1 && column === this.grid.countCols() - 1) {
        this.grid.getActiveEditor()?.finishEditing();
        this.grid.alter("insert_row", row + 1);
      } else if (event.key === "Escape" && !editing) {
        this.grid.deselectCell();
        this.bar.querySelector("button").focus();
        event.stopImmediatePropagation();
      }
    }

    /* Words that come without a key, by voice or handwriting: the grid opens a cell for keys alone and would lose them. */
    onSpoken(event) {
      const editor = this.grid?.getActiveEditor();
      if (event.target !== editor?.TEXTAREA || event.isComposing || editor.isOpened()) return;
      /* the grid keeps a blank in its field, and empties it when it begins */
      const words = event.target.value.trimStart();
      editor.beginEditing();
      editor.setValue(words);
    }

    /* A copied table with merged cells; tab-separated text the grid takes by itself. */
    onPaste(event) {
      const at = document.contains(this.place) && this.grid && !this.grid.isDestroyed && this.grid.getSelectedLast();
      if (!document.contains(this.place)) document.removeEventListener("paste", this.listens, true);
      if (!at || !this.grid.isListening() || this.grid.getActiveEditor()?.isOpened()) return;
      const pasted = writing.readTable(event.clipboardData.getData("text/html"));
      if (!pasted) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.write();
      const { rows, merged, ...rest } = this.getState();
      const top = Math.min(at[0], at[2]);
      const left = Math.min(at[1], at[3]);
      const width = Math.max(rows[0]?.length || 0, left + pasted.rows[0].length);
      const height = Math.max(rows.length, top + pasted.rows.length);
      const full = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => rows[y]?.[x] || ""));
      pasted.rows.forEach((row, y) => row.forEach((cell, x) => { full[top + y][left + x] = cell; }));
      const bottom = top + pasted.rows.length;
      const right = left + pasted.rows[0].length;
      const apart = ([y, x, down, across]) => y >= bottom || x >= right || y + down <= top || x + across <= left;
      const moved = pasted.merged.map(([y, x, down, across]) => [y + top, x + left, down, across]);
      this.setRows({ ...rest, rows: full, merged: [...merged.filter(apart), ...moved] });
      this.grid.selectCell(top, left);
    }
  }

  class TableDefinition {
    constructor(name, meta) {
      this.name = name;
      this.meta = meta;
    }

    render(placeholder, prefix, state, error) {
      return new Table(this, placeholder, prefix, state, error);
    }
  }

  window.telepath.register("writing.Table", TableDefinition);
})();
