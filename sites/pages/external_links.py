"""Links that leave government sites say so, in words, where they stand.

A link of the running text to a host that is neither of this platform nor below ``gov.cn`` gets a mark that every
reader meets: on the screen, in print and in a screen reader. There is no page in between, so no address of ours
forwards anybody anywhere (deploy/decisions/010-external-links.md).

Where the marks go is found once, when a page goes live or a version enters the library, and kept beside the text
(``link_places``); a draft is read when it is shown. Which of the hosts are of this platform is asked when it is shown,
of a list in memory: a site that opens takes its marks away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import Any

from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from govplatform.tenancy.hosts import host_names
from govplatform.untrusted_files.html import BODY
from govplatform.untrusted_files.link_places import (
    Places,
    find_places,
    fits,
    has_links,
    host_outside,
    key_of,
    number_hosts,
    triples,
)
from govplatform.untrusted_files.links import read_link

#: Seconds after which a site that opened elsewhere takes its marks away.
_HOSTS_TRUSTED = 60.0
#: In front of whatever else the tag says: of two attributes with one name, browsers take the first.
_ATTRIBUTES = ' class="external" rel="noopener noreferrer"'


@dataclass(frozen=True)
class Marked:
    """HTML with its marks. ``hosts``: those beyond gov.cn that it leads to; ``ours``: which of them were no longer
    marked, being hosts of this platform, when it was made."""

    html: str
    hosts: frozenset[str]
    ours: frozenset[str]

    def is_current(self) -> bool:
        """Whether it would be marked in the same way now."""
        return self.ours == (self.hosts & host_names(seconds=_HOSTS_TRUSTED) if self.hosts else frozenset())


class Marker:
    """Marks the texts of one page and remembers which hosts they lead to.

    ``kept``: what ``places_in_texts`` found when they were stored, or None.
    """

    def __init__(self, kept: dict[str, Any] | None = None) -> None:
        self._texts: dict[str, Places] = (kept or {}).get("texts", {})
        self._hosts: list[str] = (kept or {}).get("hosts", [])
        self._met: set[str] = set()

    def marked(self, html: str) -> Marked:
        """``html``, which was put together of marked texts."""
        hosts = frozenset(self._met - {""})
        return Marked(html, hosts, hosts & host_names(seconds=_HOSTS_TRUSTED) if hosts else hosts)

    def rich_text(self, stored: str) -> str:
        """A rich text as it is stored -> the same with its marks, for Wagtail to expand."""
        marked = self.text(stored)
        if marked is not None:
            return marked
        return BODY.clean(expand_db_html(stored), is_file=_stays, filters=[self.filter()])

    def text(self, stored: str) -> str | None:
        """``stored`` with its marks put in; None when that takes a tree (``filter``)."""
        if not has_links(stored):
            return stored
        key = key_of(stored)
        if key in self._texts:
            hosts, places = self._hosts, self._texts[key]
        else:
            hosts, (places,) = number_hosts([find_places(stored)])
        if places is None or not fits(stored, places, hosts):
            return None
        return self._inserted(stored, places, hosts)

    def filter(self) -> Any:
        """For ``AllowList.clean``: marks the links of the clean tree."""
        return partial(_MarkingFilter, marker=self)

    def leaves(self, address: str) -> bool:
        """Whether a link with this ``href`` leads away from government sites."""
        host = host_outside(address)
        return host is not None and self._is_outside(host)

    def _is_outside(self, host: str) -> bool:
        self._met.add(host)
        return host not in host_names(seconds=_HOSTS_TRUSTED)

    def _inserted(self, stored: str, places: list[int], hosts: list[str]) -> str:
        mark, parts, at = _mark(), [], 0
        for opened, closed, host in triples(places):
            if self._is_outside(hosts[host]):
                parts += [stored[at:opened], _ATTRIBUTES, stored[opened:closed], mark]
                at = closed
        return "".join([*parts, stored[at:]])


def _stays(address: str) -> bool:
    return read_link(address).kind == "here"


# --- what a mark is ------------------------------------------------------------------------


def _mark() -> str:
    return format_html(
        '<span class="external-mark"><svg class="icon" aria-hidden="true"><use href="#i-out"/></svg>{}</span>',
        _("外部链接"),
    )


class _MarkingFilter(Filter):  # type: ignore[misc]
    """The same mark in the stream of tokens that a clean tree is written from."""

    def __init__(self, source: Any, marker: Marker) -> None:
        super().__init__(source)
        self._marker = marker

    def __iter__(self) -> Iterator[dict[str, Any]]:
        is_marked = False
        for token in super().__iter__():
            if token["type"] == "EndTag" and token["name"] == "a" and is_marked:
                yield from _mark_tokens()
            if token["type"] == "StartTag" and token["name"] == "a":
                # bleach hands character references on as they are written
                address = token["data"].get((None, "href"))
                is_marked = address is not None and self._marker.leaves(unescape(address))
                yield _as_external(token) if is_marked else token
            else:
                yield token


def _as_external(token: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in token["data"].items() if key[1] not in ("class", "rel")}
    return {**token, "data": {**kept, (None, "class"): "external", (None, "rel"): "noopener noreferrer"}}


def _mark_tokens() -> Iterator[dict[str, Any]]:
    yield _tag("StartTag", "span", {"class": "external-mark"})
    yield _tag("StartTag", "svg", {"class": "icon", "aria-hidden": "true"})
    yield _tag("StartTag", "use", {"href": "#i-out"})
    yield _tag("EndTag", "use")
    yield _tag("EndTag", "svg")
    yield {"type": "Characters", "data": _("外部链接")}
    yield _tag("EndTag", "span")


def _tag(kind: str, name: str, attributes: dict[str, str] | None = None) -> dict[str, Any]:
    data = {(None, key): value for key, value in (attributes or {}).items()}
    return {"type": kind, "name": name, "namespace": None, "data": data}
