"""The places of links out of gov.cn in a text, found once, so that marking them needs no parsing."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from .html import BODY
from .links import is_below, read_link

_GOVERNMENT = "gov.cn"
_INLINE = frozenset({"b", "br", "em", "i", "s", "span", "strong", "sub", "sup", "u"})
_VOID = frozenset({"br", "col", "hr", "img", "source"})
#: As editors and imports write it; a value may hold ">", and any other way of writing is read as a tree.
_PLAIN_TAG = re.compile(r"""<[a-z][a-z0-9]*(?:\s+[a-z][a-z0-9-]*(?:="[^"]*")?)*\s*/?>""")

#: Of one text: ``[behind "<a", before "</a>", number of the host, ...]``, or None when it has to be read as a tree.
Places = list[int] | None


def host_outside(address: str) -> str | None:
    """The host outside gov.cn to which ``address`` leads, None when it leads to none.

    '' stands for an address that no browser follows.
    """
    link = read_link(address)
    if link.kind == "invalid":
        return ""
    return link.host if link.kind == "host" and not is_below(link.host, _GOVERNMENT) else None


def places_in_texts(texts: Iterable[str]) -> dict[str, Any]:
    """Return what is kept about ``texts``, JSON-able: ``{"hosts": [name], "texts": {key_of(text): Places}}``.

    The platform's own hosts are kept like others, since which these are may change; '' stands for an address that no
    browser follows. Texts without a link are left out.
    """
    linking = list(dict.fromkeys(text for text in texts if has_links(text)))
    hosts, places = number_hosts([find_places(text) for text in linking])
    return {"hosts": hosts, "texts": dict(zip(map(key_of, linking), places, strict=True))}


def has_links(text: str) -> bool:
    """Whether ``text`` may have a link in it; a quick look that never misses one."""
    return "<a" in text or "<A" in text


def key_of(text: str) -> str:
    """The key under which the places of ``text`` are kept (32 hexadecimal digits); another text has another key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def find_places(stored: str) -> list[tuple[int, int, str]] | None:
    """Find each link out of gov.cn in HTML; return (offset behind "<a", offset before "</a>", host) each.

    None when the HTML is not plain enough for offsets to be told without its tree.
    """
    reader = _LinkPlaces(stored)
    try:
        reader.feed(stored)
        reader.close()
    except _NotPlain:
        return None
    return reader.found if not reader.open and not reader.rawdata else None


class _NotPlain(Exception):
    """HTML that a browser would put in order first."""


class _LinkPlaces(HTMLParser):
    """Reads HTML in which every element that is opened is closed, of the tags that rich text is made of.

    There the tags stand where a browser sees them, so their places can be counted. For everything else it gives up.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.found: list[tuple[int, int, str]] = []
        self._link: tuple[int, str] | None = None
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_known = tag in _INLINE or (tag in BODY.tags and "a" not in self.open)
        is_plain = is_known and _PLAIN_TAG.fullmatch(self.get_starttag_text() or "")
        if not is_plain or (tag == "p" and "p" in self.open):
            raise _NotPlain
        if tag in _VOID:
            return
        self.open.append(tag)
        if tag == "a":
            # the first of two: browsers forget the second
            address = next((value or "" for name, value in attrs if name == "href"), None)
            host = host_outside(address) if address is not None else None
            self._link = (self._at() + 2, host) if host is not None else None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            raise _NotPlain
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise _NotPlain
        if tag == "a" and self._link is not None:
            self.found.append((self._link[0], self._at(), self._link[1]))

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise _NotPlain

    def handle_comment(self, data: str) -> None:
        raise _NotPlain

    def handle_decl(self, decl: str) -> None:
        raise _NotPlain

    def handle_pi(self, data: str) -> None:
        raise _NotPlain

    def unknown_decl(self, data: str) -> None:
        raise _NotPlain

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def number_hosts(found: list[list[tuple[int, int, str]] | None]) -> tuple[list[str], list[Places]]:
    """Number the hosts in what ``find_places`` found in several texts; return (the hosts, the Places of each text)."""
    hosts = list(dict.fromkeys(host for links in found for _opened, _closed, host in links or ()))
    number = {host: at for at, host in enumerate(hosts)}
    places: list[Places] = [
        None if links is None else [value for opened, closed, host in links for value in (opened, closed, number[host])]
        for links in found
    ]
    return hosts, places


def triples(places: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (offset behind "<a", offset before "</a>", number of the host) of each link in ``places``."""
    return zip(places[::3], places[1::3], places[2::3], strict=True)


def fits(stored: str, places: list[int], hosts: list[str]) -> bool:
    """Whether ``places`` still point at tags in ``stored``, so that inserting a mark there breaks none."""
    return len(places) % 3 == 0 and all(
        stored[opened - 2 : opened].lower() == "<a"
        and stored[closed : closed + 3].lower() == "</a"
        and host < len(hosts)
        for opened, closed, host in triples(places)
    )
