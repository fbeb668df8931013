"""The proof of a transferred clearance: taken back step by step, the page is what people signed.

Nothing but the page as it is now is asked, neither the site it came from nor its audit chain: by the trail of each
merge, the newest first, the content gets the numbers that it had there, and has to have the digest that it had there.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from ..gate.digest import Numbers, ReferredFile, digest_covers
from ..gate.signed import transfers_of
from ..models import Clearance, ClearedFile, TransferredClearance
from .rewriting import BrokenTrail, rewrite, undo

_ATTRIBUTE = re.compile(r'(?<![a-z])([a-z]++)="([^"]*)"')


def transfer_faults(clearance: Clearance, page: Page, files: list[ReferredFile]) -> list[str]:
    """Say why ``page`` (specific, covered by ``clearance``) is not what was signed for it; empty when it is.

    ``files``: those of the page, as ``referred_files`` gives them. Decisions and scan of the clearance have to name
    the digest that the page is traced back to: its own, for a clearance that was given here.
    """
    transfers = transfers_of(clearance)
    traced = transfers[0].source_digest if transfers else clearance.digest
    faults = _faults_of_the_signed(clearance, traced)
    content = page.serializable_data() if transfers else {}
    for transfer in reversed(transfers):
        try:
            content = undo(type(page), content, transfer.trail)
            # An address that somebody wrote may have become a link to the file itself, which nobody signed.
            named = _files_named(type(page), content)
            there = type(page).from_serializable_data(content, check_fks=False)
            files = [
                file
                for file in (_file_there(file, transfer) for file in files)
                if (str(file.kind), file.object_id) in named
            ]
            numbers = Numbers(transfer.source_page_id, transfer.source_parent_id)
            good = digest_covers(transfer.source_digest, there, files, numbers)
        except (BrokenTrail, AttributeError, LookupError, TypeError, ValueError):
            # What does not lead back to any content was made up.
            good = False
        if not good:
            return [*faults, _("还原到“%(site)s”的编号后，与审查通过时不同") % {"site": transfer.source_schema}]
    return faults


def _faults_of_the_signed(clearance: Clearance, traced: str) -> list[str]:
    """Say who signed something else than the digest that the page is traced back to."""
    digests = ("content_decision__digest", "confidentiality_decision__digest", "scan__digest")
    # What was cleared before there were scans has none.
    signed = set(Clearance.objects.filter(pk=clearance.pk).values_list(*digests).get()) - {None}
    return [] if signed == {traced} else [_("审查意见或保密扫描针对的不是这一内容，也没有并入时的对照")]


def _file_there(file: ReferredFile, transfer: TransferredClearance) -> ReferredFile:
    """The file under the number that it had before the merge; bytes and words are those of today."""
    return replace(file, object_id=file.object_id - transfer.file_shifts.get(str(file.kind), 0))


def _files_named(model: type[Page], content: Mapping[str, Any]) -> set[tuple[str, int]]:
    """(kind, number) of the files that ``content`` shows; none of them is looked up."""
    naming = _Naming()
    rewrite(model, content, naming)
    return naming.files


class _Naming:
    """``Targets`` that leave everything where it is and note the files."""

    def __init__(self) -> None:
        self.files: set[tuple[str, int]] = set()
        self._kinds = (
            (get_image_model(), str(ClearedFile.Kind.IMAGE)),
            (get_document_model(), str(ClearedFile.Kind.DOCUMENT)),
        )

    def slug(self, slug: str) -> str:
        return slug

    def number(self, model: type[models.Model], number: Any) -> Any:
        self.files |= {(kind, int(number)) for known, kind in self._kinds if issubclass(model, known)}
        return number

    def tag(self, tag: str) -> str:
        given = dict(_ATTRIBUTE.findall(tag))
        kind = given.get("embedtype") or given.get("linktype")
        if kind in ClearedFile.Kind.values and given.get("id", "").isdecimal():
            self.files.add((str(kind), int(given["id"])))
        return tag
