"""A published page as the common library keeps it: body without furniture, files by their SM3.

Addresses of the site's own files become ``library:blob/<sm3>/<name>``; every other address is
written in full, so that the text reads the same on whichever site shows it.
"""

import mimetypes
import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.core.files.storage import Storage
from django.utils.html import escape, format_html_join
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from content_library.resources.plain_text import text_of
from content_library.resources.records import BLOB_SCHEME, LibraryRecord, RecordFile
from govplatform.confidentiality.models import PublicCopy
from govplatform.refusals import Refused
from govplatform.review.gate.signed import scanned_files
from govplatform.review.models import Clearance, ClearedFile
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import current_host_kind, public_url
from govplatform.untrusted_files.links import Link, read_link

_ADDRESS = re.compile(r"""(?P<before>\s(?:href|src|srcset|poster)=)"(?P<value>[^"]*)\"""")
_ICON = re.compile(r'<svg class="icon"[^>]*>.*?</svg>', re.DOTALL)
_DOCUMENT_PATH = re.compile(r"/documents/(\d+)/[^/]+")


def build_record(page: Any) -> LibraryRecord:
    """Return the library's record of ``page`` as it is live.

    Raises Refused when a file that the page shows was not cleared with it, or its copy for citizens has changed since.
    """
    tenant = current_tenant()
    files = _Files(_cleared_files(page))
    token = current_host_kind.set(None)
    try:
        html = files.rewritten(_html_of(page))
    finally:
        current_host_kind.reset(token)
    for kind, object_id in files.cleared:
        # what is cleared and not named in the body (the page's picture) belongs to it all the same
        files.original(kind, object_id)
    return LibraryRecord(
        kind=page.library_kind or "article",
        metadata=page.library_metadata(),
        html=html,
        text=text_of(html),
        files=tuple(files.listed.values()),
        repostable=page.repostable,
        organisation=getattr(page, "issued_by", "") or tenant.organiser or tenant.full_name,
        url=public_url(tenant, site_path(page)),
        interprets_page=getattr(page, "policy_id", None),
        origin=page.copied_from,
    )


def _html_of(page: Any) -> str:
    parts = [
        f"<h2>{escape(heading)}</h2>\n{html}" if heading else html for heading, html in page.library_sections() if html
    ]
    body = format_html_join("\n", '<div class="block-{}">{}</div>', ((b.block_type, b.render()) for b in page.body))
    return _ICON.sub("", "\n".join([*parts, str(body)] if body else parts))


def _cleared_files(page: Any) -> dict[tuple[str, int], ClearedFile]:
    rows = ClearedFile.objects.select_related("clearance").filter(
        clearance__page_id=page.pk,
        clearance__revision_id=page.live_revision_id,
        clearance__status=Clearance.Status.VALID,
    )
    return {(row.kind, row.object_id): row for row in rows}


class _Files:
    """The files of one page for its record, each listed once, in the order in which they were met."""

    def __init__(self, cleared: dict[tuple[str, int], ClearedFile]) -> None:
        self.cleared = cleared
        self.listed: dict[tuple[str, str], RecordFile] = {}
        self._originals: dict[tuple[str, int], RecordFile] = {}

    def rewritten(self, html: str) -> str:
        """Return ``html`` with every address of a file or page in the library's form."""
        values = {match["value"] for match in _ADDRESS.finditer(html)}
        renditions = self._renditions(values) if self.cleared else {}
        return _ADDRESS.sub(lambda match: f'{match["before"]}"{self._address(match["value"], renditions)}"', html)

    def original(self, kind: str, object_id: int) -> RecordFile:
        """List a cleared image or document and return it: its public copy where there is one, else the file itself.

        Raises Refused when it was not cleared, is gone, or its public copy is not the one that was cleared.
        """
        if found := self._originals.get((kind, object_id)):
            return found
        cleared = self.cleared.get((kind, object_id))
        model = get_document_model() if kind == ClearedFile.Kind.DOCUMENT else get_image_model()
        item = model.objects.filter(pk=object_id).first()
        if cleared is None or item is None:
            raise Refused(_("正文引用了一个没有随页面审查的图片或附件，请重新送审。"))
        copy = PublicCopy.objects.filter(kind=kind, object_id=object_id, original_sm3=cleared.sm3).first()
        wanted = _public_sm3(cleared)
        if wanted and (copy is None or copy.sm3 != wanted):
            # A copy whose row says something else by now is not what was cleared.
            raise Refused(_("附件“%(name)s”的公众副本与审查通过时不一致，请重新送审。") % {"name": item.title})
        source, sm3 = (copy.file, copy.sm3) if copy else (item.file, cleared.sm3)
        name = _plain_name(item.file.name)
        made = self._list(
            kind, sm3, name, item.title, source.storage, str(source.name), getattr(item, "map_number", "")
        )
        self._originals[(kind, object_id)] = made
        return made

    def _list(
        self, kind: str, sm3: str, name: str, title: str, storage: Storage, stored: str, map_number: str = ""
    ) -> RecordFile:
        made = RecordFile(
            kind=str(kind),
            sm3=sm3,
            name=name,
            title=title,
            content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            opener=lambda: storage.open(stored, "rb"),
            map_number=map_number,
        )
        return self.listed.setdefault((sm3, name), made)

    def _address(self, value: str, renditions: dict[str, str]) -> str:
        if value in renditions:
            return renditions[value]
        if "," in value and " " in value.strip():
            parts = (part.strip().split(" ", 1) for part in value.split(","))
            return ", ".join(" ".join([self._address(part[0], renditions), *part[1:]]) for part in parts)
        link = read_link(unescape(value))
        if (match := _DOCUMENT_PATH.fullmatch(link.path)) and self._is_own(link):
            made = self.original(ClearedFile.Kind.DOCUMENT, int(match[1]))
            return _blob_address(made)
        if link.kind == "here" and value.startswith("/"):
            return public_url(current_tenant(), value)
        return value

    def _is_own(self, link: Link) -> bool:
        tenant = current_tenant()
        return link.kind == "here" or link.host in (tenant.public_host, tenant.console_host)

    def _renditions(self, values: Iterable[str]) -> dict[str, str]:
        """List the renditions of cleared images that ``values`` name and return {address: address in the library}."""
        model = get_image_model().get_rendition_model()
        image_ids = [object_id for kind, object_id in self.cleared if kind == ClearedFile.Kind.IMAGE]
        if not image_ids:
            return {}
        wanted = {_plain_name(unquote(read_link(value).path)) for address in values for value in _listed(address)}
        found = {}
        for rendition in model.objects.filter(image_id__in=image_ids).select_related("image"):
            name = _plain_name(rendition.file.name)
            if name not in wanted:
                continue
            # The library refuses other bytes than these when it stores them.
            sm3 = rendition.recorded_sm3()
            if not sm3:
                raise Refused(_("图片“%(name)s”与审查通过时不一致，请重新送审。") % {"name": rendition.image.title})
            image = rendition.image
            storage, stored = rendition.file.storage, rendition.file.name
            made = self._list("rendition", sm3, name, image.title, storage, stored, image.map_number)
            found[rendition.url] = _blob_address(made)
        return found


def _public_sm3(cleared: ClearedFile) -> str | None:
    """Return the SM3 of the copy that stood ready for citizens when the page was cleared; None if there was none."""
    for file in scanned_files(cleared.clearance):
        if (file["kind"], file["id"]) == (cleared.kind, cleared.object_id):
            return str(file["public_sm3"]) if file.get("public_sm3") else None
    return None


def _listed(address: str) -> list[str]:
    """Return the addresses that an attribute holds: all those of a ``srcset``, else the only one."""
    return [part.strip().split(" ")[0] for part in address.split(",")]


def _plain_name(stored: str) -> str:
    return stored.rsplit("/", 1)[-1]


def _blob_address(made: RecordFile) -> str:
    return f"{BLOB_SCHEME}{made.sm3}/{escape(made.name)}"
