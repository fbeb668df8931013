"""Queries about the state of one page, and whether everything public is what was cleared."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Page

from govplatform.confidentiality.queries import public_copy
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .gate.digest import ReferredFile, clearance_covers, referred_files, stored_sm3
from .gate.requirements import is_structural, valid_clearance
from .gate.signed import scanned_files
from .gate.status import status_and_step
from .models import Clearance, ClearedFile
from .reviewed_page import as_reviewed
from .transfers.covering import transfer_faults

#: Live pages at another address than their place in the tree says, or below a column that is not shown.
_MISPLACED = """
SELECT p.id, p.title, p.url_path = a.url_path || p.slug || '/'
FROM wagtailcore_page p JOIN wagtailcore_page a ON a.path = left(p.path, -4)
WHERE p.live AND p.depth > 1 AND (p.url_path <> a.url_path || p.slug || '/' OR (a.depth > 1 AND NOT a.live))
ORDER BY p.path
"""


def get_page(page_id: int) -> Page:
    """Return the specific page of that id on the current site. Raises Refused when there is none."""
    page = Page.objects.filter(pk=page_id, depth__gt=1).first()
    if page is None:
        raise Refused(_("本站没有编号为 %(id)s 的页面。") % {"id": page_id})
    return page.specific


def describe_page(page: Page, tenant: Tenant) -> dict[str, Any]:
    """Describe the page as the verb ``show_page`` prints it."""
    status, next_step = status_and_step(page)
    clearance = Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).first()
    return {
        "id": page.pk,
        "title": page.title,
        "status": status,
        "url": public_url(tenant, site_path(page)) if page.live else None,
        "clearance": clearance.pk if clearance else None,
        "digest": clearance.digest if clearance else None,
        "next_step": next_step,
        **({} if is_structural(page) else as_reviewed(page).verb_facts()),
    }


def site_path(page: Page) -> str:
    """Return the page's path on its public host: ``/news/x/`` (the first part of url_path is the root)."""
    parts = page.url_path.split("/")
    return "/" + "/".join(parts[2:])


def find_gate_faults(page_ids: Collection[int] | None = None) -> tuple[int, list[dict[str, Any]]]:
    """Return (number of live pages checked, a fault for each that is not what was cleared) on the current site.

    ``page_ids``: these pages alone.

    Columns are looked at for their addresses alone; their words are another matter (``frame.queries``). A fault:
    ``{"page": id, "title", "problem"}``.
    """
    faults: list[dict[str, Any]] = []
    checked = 0
    pages = Page.objects.filter(live=True, depth__gt=1)
    if page_ids is not None:
        pages = pages.filter(pk__in=page_ids)
    for page in pages.specific().iterator(chunk_size=100):
        if is_structural(page):
            continue
        checked += 1
        if problem := _gate_problem(page):
            faults.append({"page": page.pk, "title": page.title, "problem": problem})
    named = {fault["page"] for fault in faults}
    misplaced = [one for one in _misplaced() if page_ids is None or one["page"] in page_ids]
    return checked, [*faults, *(fault for fault in misplaced if fault["page"] not in named)]


def _misplaced() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_MISPLACED)
        rows = cursor.fetchall()
    return [
        {
            "page": pk,
            "title": title,
            "problem": _("所在栏目没有公开") if is_at_its_place else _("网址与它在栏目树中的位置不符"),
        }
        for pk, title, is_at_its_place in rows
    ]


def _gate_problem(page: Page) -> str | None:
    clearance = valid_clearance(page)
    if clearance is None:
        return _("没有有效的审查通过")
    if type(page) is Page:
        # The row of its own type was deleted past the product, while the common row is still there.
        return _("内容已不在数据库中")
    files = referred_files(page)
    if clearance_covers(clearance, page, files):
        return (
            _additions_problem(clearance, files)
            or "；".join(transfer_faults(clearance, page, files))
            or _copies_problem(clearance)
            or _renditions_problem(files)
        )
    cleared = {(f.kind, f.object_id): f.sm3 for f in clearance.files.all()}
    changed = [f for f in files if cleared.get((f.kind, f.object_id)) != f.sm3]
    if changed:
        return _("图片或附件与审查通过时不同：%(files)s") % {
            "files": "、".join(f"{f.kind} {f.object_id}" for f in changed)
        }
    return _("内容与审查通过时不同")


def _additions_problem(clearance: Clearance, files: list[ReferredFile]) -> str | None:
    """Say which files the clearance names, and so sends to citizens, that the page does not show; None if none."""
    shown = {(file.kind, file.object_id) for file in files}
    added = [f"{f.kind} {f.object_id}" for f in clearance.files.all() if (f.kind, f.object_id) not in shown]
    return _("审查通过的记录中多出了文件：%(files)s") % {"files": "、".join(added)} if added else None


def _copies_problem(clearance: Clearance) -> str | None:
    """Say which public copies differ from those that stood ready when the page was cleared; None if none does."""
    changed = []
    for file in scanned_files(clearance):
        wanted = file.get("public_sm3")
        copy = public_copy(file["kind"], file["id"], file["sm3"]) if wanted else None
        if wanted and (copy is None or stored_sm3(copy.file.storage, str(copy.file.name)) != wanted):
            changed.append(f"{file['kind']} {file['id']}")
    if not changed:
        return None
    return _("图片或附件的公众副本与审查通过时不同：%(files)s") % {"files": "、".join(changed)}


def _renditions_problem(files: list[ReferredFile]) -> str | None:
    """Say which sizes of the page's images are not what was made of them; None if none is.

    Those without a recorded SM3 are made anew before they are served.
    """
    image_ids = [file.object_id for file in files if file.kind == ClearedFile.Kind.IMAGE]
    if not image_ids:
        return None
    made = get_image_model().get_rendition_model().objects.filter(image_id__in=image_ids).select_related("image")
    changed = [
        f"{ClearedFile.Kind.IMAGE} {rendition.image_id} {rendition.filter_spec}"
        for rendition in made.order_by("image_id", "pk")
        if not rendition.is_named_after_its_image()
        or (rendition.sm3 and stored_sm3(rendition.file.storage, str(rendition.file.name)) != rendition.sm3)
    ]
    if not changed:
        return None
    return _("图片的显示尺寸与生成时不同：%(files)s") % {"files": "、".join(changed)}
