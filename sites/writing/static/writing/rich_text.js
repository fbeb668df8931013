/* Texts in the form that the editor holds them in (Draft.js), and how a piece comes to stand at the place of the caret. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const WORDS = /\S/;

  const rawOf = (state) => window.DraftJS.convertToRaw(state.getCurrentContent());
  const hasWords = (raw) => raw.blocks.some((block) => block.type === "atomic" || WORDS.test(block.text));
  const isBlank = (block) => block && block.type !== "atomic" && !WORDS.test(block.text);

  /* One raw content of two; the entities of the second get keys of their own. */
  function joined(first, second) {
    const entityMap = { ...first.entityMap };
    const keys = {};
    Object.entries(second.entityMap || {}).forEach(([key, entity]) => {
      keys[key] = `${Object.keys(entityMap).length}-${key}`;
      entityMap[keys[key]] = entity;
    });
    const moved = second.blocks.map((block) => ({
      ...block,
      entityRanges: (block.entityRanges || []).map((range) => ({ ...range, key: keys[range.key] })),
    }));
    return { blocks: [...first.blocks, ...moved], entityMap };
  }

  function withoutBlankEnds(raw, { start = false, end = false }) {
    const blocks = [...raw.blocks];
    while (start && blocks.length > 1 && isBlank(blocks[0])) blocks.shift();
    while (end && blocks.length > 1 && isBlank(blocks[blocks.length - 1])) blocks.pop();
    return { ...raw, blocks };
  }

  /* The text before and after the caret; what was selected goes. */
  function split(state) {
    const { EditorState, Modifier } = window.DraftJS;
    const selection = state.getSelection();
    const bare = selection.isCollapsed()
      ? state
      : EditorState.push(state, Modifier.removeRange(state.getCurrentContent(), selection, "forward"), "remove-range");
    const { stateBefore, stateAfter } = window.draftail.splitState(bare);
    return {
      before: withoutBlankEnds(rawOf(stateBefore), { end: true }),
      after: withoutBlankEnds(rawOf(stateAfter), { start: true }),
    };
  }

  function replaceContent(block, raw) {
    const { EditorState, convertFromRaw } = window.DraftJS;
    const state = EditorState.push(block.getState(), convertFromRaw(raw), "insert-fragment");
    block.setState(EditorState.moveSelectionToEnd(state));
  }

  /* Put one text at the caret: the editor's own undo takes it back. */
  function insertText(block, raw) {
    const { EditorState, Modifier, convertFromRaw } = window.DraftJS;
    const state = block.getState();
    const fragment = convertFromRaw(raw).getBlockMap();
    const content = Modifier.replaceWithFragment(state.getCurrentContent(), state.getSelection(), fragment);
    block.setState(EditorState.push(state, content, "insert-fragment"));
  }

  const newText = (raw) => ({ type: "rich_text", id: crypto.randomUUID?.() ?? null, value: JSON.stringify(raw) });
  const emptyText = () => ({ blocks: [{ key: "begin", text: "", type: "unstyled", depth: 0, inlineStyleRanges: [], entityRanges: [] }], entityMap: {} });

  /* Put blocks at the caret of the text `child` of `body`: the text is divided there, and texts at the ends join it. */
  function insertBlocks(body, child, blocks) {
    let place = body.children.indexOf(child);
    let { before, after } = split(child.block.getState());
    const rest = [...blocks];
    if (rest[0].type === "rich_text") {
      const first = JSON.parse(rest.shift().value);
      before = hasWords(before) ? joined(before, first) : first;
    }
    const last = rest[rest.length - 1];
    if (last && last.type === "rich_text") {
      const end = JSON.parse(rest.pop().value);
      after = hasWords(after) ? joined(end, after) : end;
    }
    if (hasWords(before)) {
      replaceContent(child.block, before);
      place += 1;
    } else {
      body.deleteBlock(place);
    }
    rest.forEach((block) => {
      body.insert(block, place);
      place += 1;
    });
    /* below a table one goes on writing */
    const next = body.children[place];
    if (hasWords(after) || !next || next.type !== "rich_text") body.insert(newText(hasWords(after) ? after : emptyText()), place);
  }

  /* The whole body as it is now, in a form that body.setState takes. */
  function snapshot(body) {
    return body.children.map((child) => ({
      type: child.type,
      id: child.id,
      value: child.type === "rich_text" ? JSON.stringify(rawOf(child.block.getState())) : child.block.getState(),
    }));
  }

  Object.assign(writing, { rawOf, replaceContent, insertText, insertBlocks, snapshot, newText, emptyText });
})();
