"""Where the things of the source are in the destination, for the walk over the references of a page."""

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import models
from django.db.models import Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from govplatform.addresses.canonical import forms_of_path, location_of, split_url
from govplatform.addresses.entering import rules_of
from govplatform.addresses.known import Kind
from govplatform.addresses.models import Address
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Domain

from .ground import Ground
from .places import Place

_ATTRIBUTE = re.compile(r'(?<![a-zA-Z-])([a-zA-Z-]++)="([^"]*)"')
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PATHS = """
SELECT id, '/' || substr(url_path, strpos(substr(url_path, 2), '/') + 2) FROM {source}.wagtailcore_page WHERE depth > 1
"""
#: (kind, number, what ``_name_in`` says of its address) of a thing of the source.
_Thing = tuple[str, int | None, str]
_NO_LINK = "<a>"
#: A key that no row has, for a picture that is not there: Wagtail shows nothing in its place.
_NO_PICTURE = "0"


class MergeTargets:
    """``Targets`` of a merge; ``of_page`` says in which page the walk is."""

    def __init__(
        self, ground: Ground, pages: Mapping[int, int], paths: Mapping[int, str], old_hosts: Iterable[str]
    ) -> None:
        """``pages``: old id -> id there of all pages that have one. ``paths``: id there -> its path on the host.

        ``old_hosts``: hosts from outside whose addresses came to the source with its content.
        """
        self._pages, self._paths = pages, paths
        self._images = _numbers(ground, get_image_model())
        self._documents = _numbers(ground, get_document_model())
        self._kept = (get_image_model(), get_document_model())
        self._source = ground.source
        own = Domain.objects.filter(tenant=ground.source, kind="public").values_list("domain", flat=True)
        self._known = _Ledger(ground)
        #: Host -> what its addresses led to. A link to an old one leads to the thing itself like any other.
        self._hosts = {host: _Ledger(ground, host) for host in old_hosts} | dict.fromkeys(own, self._known)
        self._slugs: tuple[str, str] = ("", "")
        self._own_paths = dict(ground.rows(_PATHS))
        self._base = "/"
        #: (kind, number there) of the files that the page names.
        self.files: set[tuple[str, int]] = set()

    def of_page(self, place: Place) -> "MergeTargets":
        """Walk in this page: its slug changes with its place, and relative addresses begin at its old one."""
        self._slugs, self.files = (place.old_slug, place.slug), set()
        self._base = self._own_paths.get(place.old, "/")
        return self

    def slug(self, slug: str) -> str:
        """A version that was to be public under this slug is so under the one that the page has now."""
        old, new = self._slugs
        return new if slug == old else slug

    def number(self, model: type[models.Model], number: Any) -> Any:
        """Return the key there; that of other kinds, which both sites share, is the same."""
        if issubclass(model, Page):
            return self._pages.get(int(number))
        images, documents = self._kept
        if issubclass(model, images):
            return self._image(int(number))
        if issubclass(model, documents):
            return self._document(int(number))
        return number

    def tag(self, tag: str) -> str:
        """Return a link or an embed of rich text as it reads there."""
        given = {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        if given.get("embedtype") == "image":
            return _with_id(tag, self._image(_whole(given.get("id"))) or _NO_PICTURE)
        if given.get("linktype") == "document":
            new = self._document(_whole(given.get("id")))
            return _with_id(tag, new) if new is not None else _NO_LINK
        if given.get("linktype") == "page":
            return self._page_link(tag, _whole(given.get("id")))
        if "href" in given and "linktype" not in given:
            return self._written_link(tag, given["href"])
        return tag

    # --- inside --------------------------------------------------------------------------

    def _image(self, old: int) -> int | None:
        new = self._images.get(old)
        if new is not None:
            self.files.add(("image", new))
        return new

    def _document(self, old: int) -> int | None:
        new = self._documents.get(old)
        if new is not None:
            self.files.add(("document", new))
        return new

    def _page_link(self, tag: str, old: int) -> str:
        new = self._pages.get(old)
        if new is not None:
            return _with_id(tag, new)
        # It stays where it was; the ledger answers for its address.
        path = self._known.path_of_page(old)
        return f'<a href="{escape(public_url(self._source, location_of(path)))}">' if path else _NO_LINK

    def _written_link(self, tag: str, href: str) -> str:
        """An address that somebody wrote: leads to the thing itself where that is here, else to the old host."""
        parts = split_url(_whole_address(href))
        if parts is not None and parts[0] in self._hosts:
            known, rest, is_whole = self._hosts[parts[0]], parts[1], True
        elif _is_path(href):
            known, rest, is_whole = self._known, urljoin(self._base, href.replace("\\", "/")), False
        else:
            return tag
        fragment = urlsplit(rest).fragment
        kind, number, name = known.thing_at(rest)
        if kind == Kind.SITEMAP:
            # Each site has its own, at the same address.
            return _with_value(tag, "href", escape(f"/{name}"))
        if kind in (Kind.LIST, Kind.FEED) and name:
            new = self._pages.get(number or 0)
            path = self._paths.get(new) if new is not None else None
            if path is not None:
                return f'<a href="{escape(path + name)}{f"#{escape(fragment)}" if fragment else ""}">'
        elif kind in (Kind.PAGE, Kind.LIST) and (new := self._pages.get(number or 0)) is not None:
            if not fragment:
                return f'<a linktype="page" id="{new}">'
            if new in self._paths:
                return f'<a href="{escape(self._paths[new])}#{escape(fragment)}">'
        elif kind == Kind.FILE and not fragment and (document := self._document(number or 0)) is not None:
            return f'<a linktype="document" id="{document}">'
        # On another host a path alone would lead to something else.
        return tag if is_whole else _with_value(tag, "href", escape(public_url(self._source, rest)))


class _Ledger:
    """What the addresses of the source on one host ('': its own ones) led to, by both of their forms."""

    def __init__(self, ground: Ground, host: str = "") -> None:
        self._rules = rules_of(ground.source, host)
        numbered = Q(variant="") | Q(kind=Kind.LIST)
        rows = Address.objects.filter(numbered, tenant=ground.source, host=host).order_by("state", "pk")
        self._exact: dict[Any, _Thing] = {}
        self._loose: dict[Any, _Thing] = {}
        self._pages: dict[int, str] = {}
        for path, key, loose, kind, number, state in rows.values_list(
            "path", "key", "loose", "kind", "object_id", "state"
        ).iterator():
            thing = (kind, number, _name_in(kind, path))
            self._exact.setdefault(key, thing)
            self._loose.setdefault(loose, thing)
            if kind in (Kind.PAGE, Kind.LIST) and number is not None and state == Address.State.PUBLIC and not thing[2]:
                self._pages.setdefault(number, path)

    def path_of_page(self, page_id: int) -> str:
        """The public path of a page, '' when it has none."""
        return self._pages.get(page_id, "")

    def thing_at(self, rest: str) -> _Thing:
        """What was at an address without its host; ("", None, "") when nothing is known there."""
        for form in forms_of_path(rest, self._rules):
            if (found := self._exact.get(form.key) or self._loose.get(form.loose_key)) is not None:
                return found
        return "", None, ""


def _name_in(kind: str, path: str) -> str:
    """What the address of a list or a feed has behind that of its column (``?page=2``, ``feed.xml``), and that of a
    site map behind the host; '' for anything else.
    """
    if kind == Kind.SITEMAP:
        return location_of(path.partition("?")[0])[1:]
    return location_of(path).rpartition("/")[2] if kind in (Kind.LIST, Kind.FEED) else ""


def _numbers(ground: Ground, model: type[models.Model]) -> dict[int, int]:
    offset = ground.offset(model)
    return {old: old + offset for (old,) in ground.rows(f"SELECT id FROM {{source}}.{model._meta.db_table}")}


def _whole_address(href: str) -> str:
    """``//host/path`` with the scheme that it takes from its page; anything else as it is."""
    plain = href.replace("\\", "/")
    return f"http:{plain}" if plain.startswith("//") else href


def _is_path(href: str) -> bool:
    """Whether an address leads somewhere on the host of its page, and not only to another place in the page."""
    plain = href.replace("\\", "/")
    return bool(plain) and not plain.startswith(("//", "#", "?")) and not _SCHEME.match(plain)


def _with_id(tag: str, number: Any) -> str:
    return _with_value(tag, "id", str(number))


def _with_value(tag: str, name: str, value: str) -> str:
    """``tag`` with another value of an attribute, however the one that it has is escaped."""
    return re.sub(rf'(?<![\w-]){name}="[^"]*"', lambda _found: f'{name}="{value}"', tag, count=1)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
