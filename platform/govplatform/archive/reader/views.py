"""The views of the reader: the archives there are, the columns of one, search in it, and its pages as they were."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _

from govplatform.addresses.resolving import resolve_url
from govplatform.downloads import as_download

from ..models import Archive
from ..package.opening import Found, NoArchive, Opened, opened, read_certificate
from ..package.reading_descriptions import columns, items_about, items_in
from ..package.warc_reading import BrokenRecord
from ..queries import readable_archives
from .links import Places
from .ranges import NotSatisfiable, asked_part, cut
from .rewriting import NotReadable, rewritten_page, rewritten_styles
from .texts import pages_with, texts_file

PER_PAGE = 50
MOST_FOUND = 200
#: A page or style sheet beyond this is offered as a file: the product's own number.
_MOST_OF_A_PAGE = 8 * 1024 * 1024
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_SHOWN_AS_THEY_ARE = ("image/", "audio/", "video/", "font/")
_SAFE_TYPES = frozenset({"text/plain", "application/pdf", "application/font-woff", "application/vnd.ms-fontobject"})
_UNSAFE_TYPES = frozenset({"image/svg+xml"})
_FILE_POLICY = "sandbox; default-src 'none'; media-src 'self'; style-src 'none'"
_QUOTED = "/:@!$&'()*+,;=~-._"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_Answer = TypeVar("_Answer", bound=HttpResponseBase)


class _Reading:
    """One archive as it is read: its row, its certificate, and where its links lead."""

    def __init__(self, archive_id: int | str) -> None:
        archive = readable_archives().filter(pk=int(archive_id)).first()
        if archive is None:
            raise Http404
        self.archive: Archive = archive
        self.folder = Path(archive.folder)
        try:
            certificate = read_certificate(self.folder)
        except NoArchive as error:
            raise Http404 from error
        site = certificate.get("site")
        if certificate["archive"] != archive.name or not isinstance(site, dict):
            raise Http404
        self.site = site
        self.root = str(site.get("address", ""))
        self.prefix = f"/{archive.pk}"

    def places(self, files: Opened) -> Places:
        def holds(address: str) -> bool:
            try:
                return files.has(address)
            except ValueError:
                return False

        return Places(self.prefix, self.root, holds)

    def context(self, **more: Any) -> dict[str, Any]:
        return {"archive": self.archive, "site": self.site, "prefix": self.prefix, **more}

    def listed(self, items: Any) -> list[dict[str, Any]]:
        """``[{"title", "url", "date", "excerpt"}]`` of descriptions."""
        places = Places(self.prefix, self.root, lambda _address: True)
        return [
            {
                "title": item.get("title") or item.get("address"),
                "url": places.inside(str(item.get("address", ""))),
                "date": str(item.get("published_at", ""))[:10],
                "excerpt": item.get("excerpt", ""),
            }
            for item in items
            if str(item.get("address", "")).startswith(f"{self.root}/")
        ]


def archives(request: HttpRequest) -> HttpResponse:
    """The archives that can be read, by site."""
    page = Paginator(readable_archives(), PER_PAGE).get_page(request.GET.get("page"))
    return _answer(render(request, "archive/reader/archives.html", {"page": page}))


def overview(request: HttpRequest, archive_id: int) -> HttpResponse:
    """The column tree of an archive and what is known of it."""
    reading = _Reading(archive_id)
    tree = [
        {**one, "url": f"{reading.prefix}/column/?path={quote(one['path'], safe='')}"}
        for one in columns(reading.folder)
    ]
    loose = reading.listed(itertools.islice(items_in(reading.folder, ""), PER_PAGE))
    home = f"{reading.prefix}/at/"
    return _answer(render(request, "archive/reader/overview.html", reading.context(tree=tree, loose=loose, home=home)))


def column(request: HttpRequest, archive_id: int) -> HttpResponse:
    """The pages of the column ``?path=``."""
    reading = _Reading(archive_id)
    path = request.GET.get("path", "")
    found = next((one for one in columns(reading.folder) if one["path"] == path), None)
    if found is None:
        raise Http404
    items = sorted(items_in(reading.folder, path), key=lambda item: str(item.get("published_at", "")), reverse=True)
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    context = reading.context(
        column=found, page=page, items=reading.listed(page), query=f"path={quote(path, safe='')}&"
    )
    return _answer(render(request, "archive/reader/column.html", context))


def search(request: HttpRequest, archive_id: int) -> HttpResponse:
    """The pages in whose title, number, keywords or summary the words of ``?q=`` stand, then those in whose text."""
    reading = _Reading(archive_id)
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    words = asked.casefold().split()
    items = items_about(reading.folder, words, MOST_FOUND) if words else []
    within = pages_with(reading.archive, words, MOST_FOUND) if words else None
    if within is not None:
        excerpts = {page["address"]: page["excerpt"] for page in within}
        named = {item.get("address") for item in items}
        items = [
            *({**item, "excerpt": excerpts.get(item.get("address"), "")} for item in items),
            *(page for page in within if page["address"] not in named),
        ][:MOST_FOUND]
    context = reading.context(
        q=asked,
        items=reading.listed(items),
        most=MOST_FOUND,
        full=len(items) >= MOST_FOUND,
        with_texts=texts_file(reading.archive).is_file(),
    )
    return _answer(render(request, "archive/reader/search.html", context))


def elsewhere(request: HttpRequest, archive_id: int, address: str = "", status: int = 200) -> HttpResponse:
    """What a link led to that is not in the archive: its address as text, and where that is now if it is known."""
    reading = _Reading(archive_id)
    asked = address or request.GET.get("address", "").replace("\x00", "")[:2000]
    context = reading.context(address=asked, now=lives_now(asked))
    return _answer(render(request, "archive/reader/elsewhere.html", context, status=status))


def archived(request: HttpRequest, archive_id: str, path: str) -> HttpResponseBase:
    """An address of the archive as it answered: pages with the banner, files as they are."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    reading = _Reading(archive_id)
    query = request.META.get("QUERY_STRING", "")
    address = reading.root + quote(path, safe=_QUOTED) + (f"?{query}" if query else "")
    with ExitStack() as stack:
        try:
            files = stack.enter_context(opened(reading.folder, reading.archive.name))
            found = files.find(address) or files.find_loosely(address)
        except (BrokenRecord, OSError, ValueError, KeyError):
            return _broken(request, reading, address)
        if found is None:
            return elsewhere(request, int(archive_id), address, status=404)
        if found.status in _REDIRECTS:
            return _redirected(reading, files, found)
        kind = found.header("content-type").partition(";")[0].strip().lower()
        if kind in _PAGES or kind == "text/css":
            try:
                body = _whole(found)
            except BrokenRecord:
                return _broken(request, reading, address)
            if body is not None:
                return _page(request, reading, files, found, kind, body)
        return _file(request, found, kind, stack.pop_all())


def _page(request: HttpRequest, reading: _Reading, files: Opened, found: Found, kind: str, body: bytes) -> HttpResponse:
    places = reading.places(files)
    if kind == "text/css":
        return _answer(
            HttpResponse(rewritten_styles(body, found.address, places), content_type="text/css; charset=utf-8")
        )
    context = reading.context(address=found.address, now=lives_now(found.address), date=found.date)
    banner = render_to_string("archive/reader/banner.html", context, request=request)
    charset = found.header("content-type").partition("charset=")[2].strip(" \"';")
    try:
        made = rewritten_page(body, charset, found.address, places, banner, static("archive/reader.css"))
    except NotReadable:
        return _broken(request, reading, found.address)
    return _answer(HttpResponse(made, status=found.status, content_type="text/html; charset=utf-8"))


def _file(request: HttpRequest, found: Found, kind: str, held: ExitStack) -> HttpResponseBase:
    """The payload in pieces, or the part of it that is asked for; what a browser might run is offered as a file."""
    size, tag = found.holder.size, f'"{found.holder.get("WARC-Payload-Digest")}"'
    first, last, status = 0, size - 1, found.status
    if status == HTTPStatus.OK and request.headers.get("If-Range", tag) == tag:
        try:
            part = asked_part(request.headers.get("Range", ""), size)
        except NotSatisfiable:
            held.close()
            refused = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            refused.headers["Content-Range"] = f"bytes */{size}"
            return _answer(refused)
        if part is not None:
            (first, last), status = part, HTTPStatus.PARTIAL_CONTENT
    safe = kind in _SAFE_TYPES or (kind.startswith(_SHOWN_AS_THEY_ARE) and kind not in _UNSAFE_TYPES)

    def pieces() -> Iterator[bytes]:
        with held:
            yield from cut(found.holder.chunks(), first, last)

    response = StreamingHttpResponse(pieces(), status=status, content_type=kind if safe else "application/octet-stream")
    response.headers["Content-Length"] = str(last - first + 1)
    if found.status == HTTPStatus.OK:
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["ETag"] = tag
    if status == HTTPStatus.PARTIAL_CONTENT:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    name = unquote(urlsplit(found.address).path.rsplit("/", 1)[-1]) or "file"
    if not safe or kind in _SAFE_TYPES - {"text/plain", "application/pdf"}:
        as_download(response, name)
    response.headers["Content-Security-Policy"] = _FILE_POLICY
    return _answer(response)


def _redirected(reading: _Reading, files: Opened, found: Found) -> HttpResponse:
    target = urljoin(found.address, found.header("location"))
    places = reading.places(files)
    return _answer(HttpResponseRedirect(places.link(found.address, target) or places.elsewhere(target)))


def _whole(found: Found) -> bytes | None:
    """The payload of a page; None when it is too long for one."""
    if found.holder.size > _MOST_OF_A_PAGE:
        return None
    return b"".join(found.holder.chunks())


def lives_now(address: str) -> str:
    """Where the content of an archived ``address`` is public today; '' when the platform knows of no such place."""
    answer = resolve_url(address)
    if answer.status == 200:
        return address
    return urljoin(address, answer.location) if answer.status == 301 else ""


def _broken(request: HttpRequest, reading: _Reading, address: str) -> HttpResponse:
    context = reading.context(address=address)
    return _answer(render(request, "archive/reader/broken.html", context, status=500))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(request, _("网址含有无法识别的字符，请从首页重新进入。"), 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(request, _("没有这个归档，或者这个网址不完整。"), 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _told(request, _("归档暂时打不开，请稍后再来。"), 500)


def _told(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return _answer(render(request, "archive/reader/told.html", {"words": words}, status=status))


def _answer(response: _Answer) -> _Answer:
    response.headers["Cache-Control"] = "no-cache"
    return response
