"""The second reading of a saved page: the strings of its main part, cut where a block begins or ends."""

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


class PageReadAgain:
    """The strings of a page as it came, whatever its styles say: read before anything is moved or taken out of it."""

    def __init__(self, soup: Tag) -> None:
        self._pieces: list[str | None] = []
        self._places: dict[int, tuple[int, int]] = {}
        waiting: list[tuple[PageElement, bool]] = [(soup, False)]
        begun: dict[int, int] = {}
        while waiting:
            node, left = waiting.pop()
            if isinstance(node, Tag):
                if node.name in _NO_TEXT:
                    continue
                if node.name not in _INLINE:
                    self._pieces.append(None)
                if left:
                    self._places[id(node)] = (begun[id(node)], len(self._pieces))
                    continue
                begun[id(node)] = len(self._pieces)
                waiting.append((node, True))
                waiting.extend((child, False) for child in reversed(node.contents))
            elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                self._pieces.append(str(node))

    def texts(self) -> list[str]:
        """Return all strings in order."""
        return [piece for piece in self._pieces if piece]

    def passages(self, roots: list[Tag], *, without: list[Tag]) -> list[Passage]:
        """Return the texts of parts of the page but for what stands in `without`; the body is the whole page."""
        everything = (0, len(self._pieces))
        out: set[int] = set()
        for tag in without:
            out.update(range(*self._places.get(id(tag), (0, 0))))
        texts: list[str] = []
        for root in roots:
            place = everything if root.name == "body" else self._places.get(id(root), everything)
            line: list[str] = []
            for index in range(*place):
                piece = self._pieces[index]
                if piece is None or index in out:
                    texts.append("".join(line))
                    line.clear()
                else:
                    line.append(piece)
            texts.append("".join(line))
        return numbered("paragraph", texts)


def texts_in(tag: Tag) -> list[str]:
    """Return the strings of a part of a page in order, whatever its styles say."""
    return PageReadAgain(tag).texts()
