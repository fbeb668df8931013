"""The marking of links that leave government sites, in words beside the link.

A link of the running text to a host that is neither of this platform nor below ``gov.cn`` gets a mark that every
reader meets: on the screen, in print and in a screen reader. There is no page in between, so no address of ours
forwards anybody anywhere (deploy/decisions/010-external-links.md).

The places of the marks are found once, when a page goes live or a version enters the library, and kept beside the text
(``link_places``); those of a draft are found when it is shown. Which hosts belong to this platform is looked up in a
list in memory when a page is shown: links to a site that opens lose their marks.
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

#: Seconds for which the list of hosts is used: links to a site opened by another process lose their marks after that.
_HOSTS_TRUSTED = 60.0
#: In front of whatever else the tag says: of two attributes with one name, browsers take the first.
_ATTRIBUTES = ' class="external" rel="noopener noreferrer"'


@dataclass(frozen=True)
class Marked:
    """HTML with the marks of its external links.

    ``hosts``: hosts beyond gov.cn that its links lead to; ``ours``: those of them that were hosts of this platform when
    the HTML was made, so that links to them are not marked.
    """

    html: str
    hosts: frozenset[str]
    ours: frozenset[str]

    def is_current(self) -> bool:
        """Say whether the HTML would be marked in the same way now."""
        return self.ours == (self.hosts & host_names(seconds=_HOSTS_TRUSTED) if self.hosts else frozenset())


class Marker:
    """A marker of the external links in the texts of one page, which remembers the hosts that the links lead to.

    ``kept``: what ``places_in_texts`` found when the texts were stored, or None.
    """

    def __init__(self, kept: dict[str, Any] | None = None) -> None:
        self._texts: dict[str, Places] = (kept or {}).get("texts", {})
        self._hosts: list[str] = (kept or {}).get("hosts", [])
        self._met: set[str] = set()

    def marked(self, html: str) -> Marked:
        """Return ``html``, put together of texts that this marker has marked, with the hosts its links lead to."""
        hosts = frozenset(self._met - {""})
        return Marked(html, hosts, hosts & host_names(seconds=_HOSTS_TRUSTED) if hosts else hosts)

    def rich_text(self, stored: str) -> str:
        """Return a stored rich text with its marks, for Wagtail to expand."""
        marked = self.text(stored)
        if marked is not None:
            return marked
        return BODY.clean(expand_db_html(stored), is_file=_stays, filters=[self.filter()])

    def text(self, stored: str) -> str | None:
        """Return ``stored`` with its marks put in as text; None when it must be parsed for that (see ``filter``)."""
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
        """Return a filter for ``AllowList.clean`` that marks the links of the cleaned tree."""
        return partial(_MarkingFilter, marker=self)

    def leaves(self, address: str) -> bool:
        """Say whether a link with this ``href`` leads away from government sites; remember its host."""
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


def external_mark(address: str) -> str:
    """Return the mark, as HTML, for a link with this ``href`` that stands outside of a text; '' where it needs none."""
    return _mark() if address and Marker().leaves(address) else ""


def _stays(address: str) -> bool:
    return read_link(address).kind == "here"


# --- what a mark is ------------------------------------------------------------------------


def _mark() -> str:
    return format_html(
        '<span class="external-mark"><svg class="icon" aria-hidden="true"><use href="#i-out"/></svg>{}</span>',
        _("外部链接"),
    )


class _MarkingFilter(Filter):  # type: ignore[misc]
    """A filter of html5lib tokens that puts the mark of ``_mark`` behind each external link."""

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
