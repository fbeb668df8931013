/* Where texts stand while they are written, paragraph by paragraph, field by field, cell by cell: what is read there,
   the place of some words on the screen, and how other words take their place.

   A text: {key, text, links, where, range(start, end), select(start, end), replace(start, end, words), field}.
   range: a Range over words on the screen, null where they are not drawn; field: the input that is written in, if any. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const FIELDS = "input[type=text], textarea";
  const numbers = new WeakMap();
  let last = 0;

  const nameOf = (thing) => {
    if (!numbers.has(thing)) numbers.set(thing, (last += 1));
    return numbers.get(thing);
  };

  function rangeIn(element, text, start, end) {
    if (!element || element.textContent !== text) return null;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let at = 0;
    let begun = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const next = at + node.data.length;
      if (!begun && start < next) {
        range.setStart(node, start - at);
        begun = true;
      }
      if (begun && end <= next) {
        range.setEnd(node, end - at);
        return range;
      }
      at = next;
    }
    return null;
  }

  /* Links of a paragraph that lead out of the site. */
  function linksOf(block, content) {
    const links = [];
    block.findEntityRanges(
      (letter) => letter.getEntity() !== null && content.getEntity(letter.getEntity()).getType() === "LINK",
      (start, end) => {
        const address = content.getEntity(block.getEntityAt(start)).getData().url;
        if (address) links.push([start, end, address]);
      },
    );
    return links;
  }

  function paragraphsOf(child, words) {
    const content = child.block.getState().getCurrentContent();
    let elements = null;
    const elementOf = (key) => {
      elements ??= new Map([...child.element.querySelectorAll("[data-block=true]")].map((one) => [one.dataset.offsetKey.split("-")[0], one]));
      return elements.get(key);
    };
    return content.getBlocksAsArray().filter((block) => block.getType() !== "atomic").map((block) => {
      const key = block.getKey();
      const text = block.getText();
      const range = (start, end) => rangeIn(elementOf(key), text, start, end);
      return {
        key: `d${nameOf(child)}-${key}`, text, links: linksOf(block, content), where: words.text, range,
        select(start, end) {
          const found = range(start, end);
          if (!found) return;
          child.element.querySelector(".public-DraftEditor-content")?.focus({ preventScroll: true });
          getSelection().removeAllRanges();
          getSelection().addRange(found);
        },
        replace(start, end, instead) {
          const { EditorState, Modifier, SelectionState } = window.DraftJS;
          const state = child.block.getState();
          const now = state.getCurrentContent().getBlockForKey(key);
          if (!now || now.getText() !== text) return;
          const chosen = SelectionState.createEmpty(key).merge({ anchorOffset: start, focusOffset: end });
          const after = Modifier.replaceText(state.getCurrentContent(), chosen, instead, now.getInlineStyleAt(start), now.getEntityAt(start));
          child.block.setState(EditorState.push(state, after, "insert-characters"));
          writing.tellChanged(child);
        },
      };
    });
  }

  /* A table of 2,000 cells is read again only when something in it has changed. */
  const cells = new WeakMap();
  function cellsOf(child, words) {
    const { value } = child.block.field;
    if (cells.get(child)?.value !== value) cells.set(child, { value, found: readCells(child, words) });
    return cells.get(child).found;
  }

  function readCells(child, words) {
    const { rows } = child.block.getState();
    return rows.flatMap((row, y) => row.map((text, x) => ({
      key: `t${nameOf(child)}-${y}-${x}`, text, links: [],
      where: words.cell.replace("{row}", y + 1).replace("{column}", x + 1),
      range: (start, end) => rangeIn(child.block.grid?.getCell(y, x), text, start, end),
      select: () => child.block.grid?.selectCell(y, x),
      replace(start, end, instead) {
        const now = String(child.block.grid?.getDataAtCell(y, x) ?? "");
        if (now === text) child.block.grid.setDataAtCell(y, x, now.slice(0, start) + instead + now.slice(end));
      },
    })).filter((cell) => cell.text.trim()));
  }

  function fieldText(field) {
    const text = field.value;
    const label = field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    return {
      key: `f${nameOf(field)}`, text, links: [], field,
      where: (label?.textContent || field.getAttribute("aria-label") || field.closest("label")?.textContent || "").replace("*", "").trim(),
      range: () => null,
      select(start, end) {
        field.focus({ preventScroll: true });
        field.setSelectionRange(start, end);
      },
      replace(start, end, instead) {
        if (field.value !== text) return;
        field.focus({ preventScroll: true });
        field.setSelectionRange(start, end);
        /* as if it were typed: the field's own undo takes it back */
        if (!document.execCommand("insertText", false, instead)) {
          field.setRangeText(instead, start, end, "end");
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
      },
    };
  }

  const isText = (field) => !field.closest(".handsontable, [role=dialog]") && !field.readOnly && field.offsetParent !== null && !field.matches("[role=combobox], .handsontableInput");

  /* All texts of the page in their order: title, summary, then what stands in the body. */
  writing.textsOf = (body, words) => {
    const fields = ["id_title", "id_summary"].map((id) => document.getElementById(id)).filter((field) => field && !field.readOnly);
    const texts = fields.map(fieldText);
    for (const child of body.children) {
      texts.push(...[...child.element.querySelectorAll(FIELDS)].filter(isText).map(fieldText));
      if (child.type === "rich_text") texts.push(...paragraphsOf(child, words));
      if (child.type === "table") texts.push(...cellsOf(child, words));
    }
    return texts.filter((one) => one.text.trim());
  };
})();
