"""Which paragraphs of a Word document become a list of HTML, and which carry their number as text."""

from collections import Counter
from html import escape
from itertools import groupby, pairwise

from sites.documents_in.extraction.word.blocks import Block, Grid, Paragraph
from sites.documents_in.extraction.word.numbering import LEVELS, Label
from sites.documents_in.extraction.word.spans import markup, plain
from sites.documents_in.extraction.word.symbols import CHECK_MARKS, symbols

_BULLET = "•"


def count_numbers(blocks: list[Block], numbers: Counter[str]) -> None:
    """Count the numbers that each list has in these blocks and the cells of their tables."""
    for block in blocks:
        if isinstance(block, Paragraph) and block.label is not None and not block.label.is_bullet:
            numbers[block.label.counted_with] += 1
        elif isinstance(block, Grid):
            for row in block.rows:
                for cell in row.cells:
                    count_numbers(cell.blocks, numbers)


def lists_in(blocks: list[Block], numbers: Counter[str]) -> dict[int, list[Paragraph]]:
    """Return the paragraphs that HTML's own lists say in full, by the index of the first of each list.

    HTML says bullets, and a list of 1., 2., 3. that runs from one to its end without a stop. A list that is taken up
    again further below, begins with another number or has a neighbour would read otherwise, or be run together with
    it when somebody edits the page. numbers: how many numbers each list has in the whole document.
    """
    found: dict[int, list[Paragraph]] = {}
    index = 0
    while index < len(blocks):
        run = _run(blocks, index)
        if run and _is_sayable(blocks, index, run, numbers):
            found[index] = run
        else:
            start = 0
            for is_bullet, group in groupby(run, key=lambda item: item.label is not None and item.label.is_bullet):
                items = list(group)
                if is_bullet:
                    found[index + start] = items
                start += len(items)
        index += len(run) or 1
    return found


def list_html(items: list[Paragraph]) -> str:
    """Return the HTML of a list with its inner lists."""
    html = ""
    open_tags: list[tuple[str, int]] = []
    for item in items:
        assert item.label is not None
        level, tag = item.label.level, "ul" if item.label.is_bullet else "ol"
        while len(open_tags) > 1 and open_tags[-1][1] > level:
            html += f"</li></{open_tags.pop()[0]}>"
        if not open_tags or open_tags[-1][1] < level:
            html += f"<{tag}>"
            open_tags.append((tag, level))
        elif open_tags[-1][0] != tag:
            html += f"</li></{open_tags.pop()[0]}><{tag}>"
            open_tags.append((tag, level))
        else:
            html += "</li>"
        html += f"<li>{markup(item.spans) or escape(plain(item.spans), quote=False)}"
    return html + "".join(f"</li></{tag}>" for tag, _ in reversed(open_tags))


def is_sign(label: Label) -> bool:
    """Say whether a bullet is a mark to be read, such as the box of a choice."""
    return _bullet(label) in CHECK_MARKS


def label_of(label: Label) -> str:
    """Return a number or bullet with the gap that stands between it and its paragraph."""
    if label.is_bullet:
        bullet = _bullet(label)
        return f"{bullet if bullet in CHECK_MARKS else _BULLET} "
    text = label.text.rstrip()
    if not text:
        return ""
    if text[-1] in "章节節条條编編":
        return text + "　"
    if label.definition.suffix == "nothing" and label.text == text:
        return text
    if "\u4e00" <= text[-1] <= "\u9fff":
        return text + "　"
    return text + " " if text[-1].isascii() or text[-1].isalpha() else text


def _bullet(label: Label) -> str:
    text = symbols(label.definition.font, label.definition.text).strip()
    return "□" if text == "☐" else text


def _is_item(block: Block) -> bool:
    """Say whether a block can be one item of a list: one line of text without a picture, and a label to be left out."""
    if not isinstance(block, Paragraph) or block.label is None or block.level or block.quoted:
        return False
    if any(span.image >= 0 or "\n" in span.text for span in block.spans) or not plain(block.spans):
        return False
    return not is_sign(block.label) if block.label.is_bullet else _is_plain(block.label)


def _is_plain(label: Label) -> bool:
    """Say whether a number looks as HTML's own list writes it."""
    return label.definition.form == "decimal" and label.definition.text.strip() == f"%{label.level + 1}."


def _run(blocks: list[Block], first: int) -> list[Paragraph]:
    run = []
    for index in range(first, len(blocks)):
        block = blocks[index]
        if not isinstance(block, Paragraph) or not _is_item(block):
            break
        run.append(block)
    return run


def _is_sayable(blocks: list[Block], first: int, run: list[Paragraph], numbers: Counter[str]) -> bool:
    labels = [item.label for item in run if item.label is not None]
    counting = [label.counted_with for label in labels if not label.is_bullet]
    if len(set(counting)) != 1 or labels[0].level != min(label.level for label in labels):
        return len(counting) == 0
    if any(below.level - above.level > 1 for above, below in pairwise(labels)):
        return False
    if numbers[counting[0]] != len(counting) or _is_number(blocks, first - 1) or _is_number(blocks, first + len(run)):
        return False
    counted = [0] * LEVELS
    for label in labels:
        level = label.level
        counted[level] = 0 if label.is_bullet else counted[level] + 1
        counted[level + 1 :] = [0] * (LEVELS - level - 1)
        if not label.is_bullet and counted[level] != label.value:
            return False
    return True


def _is_number(blocks: list[Block], index: int) -> bool:
    block = blocks[index] if 0 <= index < len(blocks) else None
    return isinstance(block, Paragraph) and block.label is not None and not block.label.is_bullet
