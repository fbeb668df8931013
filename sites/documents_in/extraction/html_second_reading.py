"""The second reading of a saved page: the strings of its main part, cut where a block begins or ends."""

from collections.abc import Iterator

from bs4 import Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from sites.documents_in.extraction.second_reading import Passage, numbered

_NO_TEXT = frozenset(("script", "style", "template", "noscript", "head", "title", "rp"))
_INLINE = frozenset(
    (
        "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark", "q", "ruby", "s",
        "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "wbr",
    )
)  # fmt: skip


def read_page_again(main: Tag) -> list[Passage]:
    """Return the texts of a part of a page, whatever its styles say. Call before anything is taken out of it."""
    texts: list[str] = []
    line: list[str] = []
    for piece in plain_pieces(main):
        if piece is None:
            texts.append("".join(line))
            line.clear()
        else:
            line.append(piece)
    texts.append("".join(line))
    return numbered("paragraph", texts)


def plain_pieces(root: Tag) -> Iterator[str | None]:
    """Yield the strings below a tag in order, and None where a block begins or ends; however deep the tags go."""
    waiting: list[PageElement | None] = list(reversed(root.contents))
    while waiting:
        node = waiting.pop()
        if node is None:
            yield None
        elif isinstance(node, Tag):
            if node.name in _NO_TEXT:
                continue
            if node.name not in _INLINE:
                yield None
                waiting.append(None)
            waiting.extend(reversed(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield str(node)
