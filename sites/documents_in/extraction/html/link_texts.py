"""How much of the text of a page stands in links: by that, navigation differs from what people read."""

from collections.abc import Iterable

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from sites.documents_in.extraction.html.elements import UNREAD
from sites.documents_in.extraction.spacing import squeeze


def measure_text(tags: Iterable[Tag], *, without: Iterable[Tag] = ()) -> tuple[int, int]:
    """Return (characters outside of links, characters in links) of what would be read of elements.

    without: elements that do not count.
    """
    passed_over = {id(tag) for tag in without}
    counts = [0, 0]

    def measure(tag: Tag, linked: bool) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                if child.name not in UNREAD and id(child) not in passed_over:
                    measure(child, linked or is_link(child))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                counts[linked] += len(squeeze(child))

    for tag in tags:
        measure(tag, is_link(tag))
    return counts[0], counts[1]


def is_link(tag: Tag) -> bool:
    """Say whether an element leads to another page; a table of contents leads to places of its own."""
    return tag.name == "a" and not str(tag.get("href", "#")).startswith("#")


def share_in_links(tags: Iterable[Tag], *, without: Iterable[Tag] = ()) -> float:
    """Return the share, 0 to 1, of the text of elements that stands in links; 0 where there is no text."""
    plain, linked = measure_text(tags, without=without)
    return linked / (plain + linked) if plain + linked else 0.0
