"""The making of drafts out of the pages of a crawl: each page once, with its files and all its addresses."""

import re
import tempfile
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.files.base import File
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Revision

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.refusals import Busy, Refused
from govplatform.review.gate.digest import digest_of_version
from govplatform.sentences import translated
from sites.columns.models import Column
from sites.documents_in.actions import import_read_document, start_batch
from sites.documents_in.extraction import ExtractedDocument, RichTextBlock
from sites.documents_in.models import ImportBatch
from sites.media.models import SiteDocument
from sites.pages.content_page import ContentPage

from .keeping import key_for
from .models import Arrival, OldAddress
from .reading.bounds import CrawlBounds
from .reading.page import FILE_NAME, FoundPage
from .reading.rules import TemplateRule
from .survey import PageRow, Progress, Survey, found_from, read_guarded

#: Pages that are read once more with their pictures in one guarded process, to become drafts.
DRAFTS = 20
_LONGEST_TITLE = 255
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>')


class DraftMaking:
    """The making of the drafts of one arrival.

    What was made stays, whatever ends the making; made again, it goes on where it was.
    """

    def __init__(
        self, arrival: Arrival, found: Survey, rules: list[TemplateRule], bounds: CrawlBounds, acting_user: User
    ) -> None:
        self.arrival, self.found, self.rules, self.bounds = arrival, found, rules, bounds
        self.acting_user = acting_user
        self.batches: dict[int, ImportBatch] = {}

    def make(self, progress: Progress) -> None:
        """Make a draft of each page that has none yet, and keep what became of every address."""
        known = self._known()
        waiting = []
        for row in self.found.pages:
            row.page = next(
                (page for address in (row.address, *row.also) if (page := known.get(key_for(address)))), None
            )
            if row.page is None:
                waiting.append(row)
            else:
                self._keep_rows(row)
        for address, reason in self.found.skipped:
            self._keep(address, reason=reason)
        failed: list[PageRow] = []
        for start in range(0, len(waiting), DRAFTS):
            self._make_some(waiting[start : start + DRAFTS], failed)
            self.arrival.note(done=len(self.found.pages) - len(waiting) + min(start + DRAFTS, len(waiting)))
            progress(min(start + DRAFTS, len(waiting)), len(waiting))
        self.found.pages = [row for row in self.found.pages if row not in failed]

    def _known(self, rows: list[PageRow] | None = None) -> dict[str, int]:
        """Return {key: page} of what was brought in before, of all addresses or of those of ``rows``."""
        made = OldAddress.objects.filter(host=self.arrival.host, page__isnull=False, document=None)
        if rows is not None:
            made = made.filter(key__in=[key_for(address) for row in rows for address in (row.address, *row.also)])
        return {row.key: int(row.page_id or 0) for row in made}

    def _make_some(self, rows: list[PageRow], failed: list[PageRow]) -> None:
        with tempfile.TemporaryDirectory(prefix="arrival-images-") as folder:
            pages: list[dict[str, Any]] = []
            for number, row in enumerate(rows):
                images = Path(folder) / str(number)
                images.mkdir()
                files = {one: self.found.files[one] for one in row.found.assets if one in self.found.files}
                pictures = {one: file for one, file in files.items() if not is_attachment(one)}
                pages.append(
                    {"file": row.file, "address": row.address, "pictures": pictures, "image_folder": str(images)}
                )
            now = timezone.now().isoformat()
            answers = read_guarded(pages, self.rules, self.bounds, now=now, documents=True)
            for row, answer in zip(rows, answers, strict=True):
                reason = translated(found_from(answer["found"]).reason)
                if answer["document"] is not None:
                    reason = self._make_one(row, ExtractedDocument.from_json(answer["document"]))
                if reason:
                    failed.append(row)
                    self.found.skipped.append((row.address, reason))
                    self._keep(row.address, reason=reason)

    def _make_one(self, row: PageRow, document: ExtractedDocument) -> str:
        """Make the draft of one page with its attachments and addresses, all or none; return why not, '' when made."""
        stored: list[SiteDocument] = []
        try:
            with acting(self.acting_user, pages=[row.column.pk]):
                # Another run of the same crawl may have been here: a job that was taken for dead, a verb.
                if made_before := self._known([row]):
                    row.page = next(iter(made_before.values()))
                    self._keep_rows(row)
                    return ""
                attached = self._attach(row, stored)
                _link_attachments(document, {address: one.pk for address, one in attached.items()})
                made = import_read_document(
                    self._batch(row.column),
                    document,
                    Path(row.file),
                    filename=file_name(row.address),
                    acting_user=self.acting_user,
                    complete=lambda page: _complete(page, row.found),
                    told=partial(_told, self.arrival, row.address),
                )
                row.page = made.page.pk
                self._keep_rows(row)
                for address, one in attached.items():
                    self._keep(address, page=row.page, document=one)
        except BaseException as error:
            row.page = None
            # The rows are gone with the transaction; their files are not.
            for one in stored:
                one.file.storage.delete(one.file.name)
            if isinstance(error, Refused) and not isinstance(error, Busy):
                return "".join(error.reasons)
            raise
        return ""

    def _attach(self, row: PageRow, stored: list[SiteDocument]) -> dict[str, SiteDocument]:
        """Return {old address: document} of the attachments of a page; one that came along earlier is taken again."""
        found: dict[str, SiteDocument] = {}
        for address in row.found.assets:
            file = self.found.files.get(address)
            if file is None or not is_attachment(address):
                continue
            earlier = OldAddress.objects.filter(host=self.arrival.host, key=key_for(address)).first()
            if earlier is not None and earlier.document is not None:
                found[address] = earlier.document
                continue
            name = file_name(address)
            with open(file, "rb") as stream:
                document = SiteDocument(title=name[:_LONGEST_TITLE], uploaded_by_user=self.acting_user)
                document.file.save(name, File(stream), save=False)
            document.file_size = document.file.size
            stored.append(document)
            document.save()
            found[address] = document
        return found

    def _batch(self, column: Column) -> ImportBatch:
        if column.pk not in self.batches:
            self.batches[column.pk] = start_batch(column, acting_user=self.acting_user)
        return self.batches[column.pk]

    def _keep_rows(self, row: PageRow) -> None:
        self._keep(row.address, page=row.page, first=True, row=row)
        for address in row.also:
            self._keep(address, page=row.page)

    def _keep(
        self,
        address: str,
        *,
        page: int | None = None,
        reason: str = "",
        first: bool = False,
        row: PageRow | None = None,
        document: SiteDocument | None = None,
    ) -> None:
        values: dict[str, Any] = {"arrival": self.arrival, "address": address, "page_id": page, "reason": reason}
        values |= {"first": first, "document": document}
        if row is not None:
            found = row.found
            values |= {
                "title": found.title[:_LONGEST_TITLE],
                "published_at": parse_datetime(found.published_at) if found.published_at else None,
                "source": found.source[:_LONGEST_TITLE],
                "column": row.column.title[:_LONGEST_TITLE],
                "confidence": found.confidence,
                "reasons": row.reasons,
            }
        else:
            known = OldAddress.objects.filter(host=self.arrival.host, key=key_for(address))
            # Another way of writing the address that the page was made of; or a run that stopped before a page which an
            # earlier one has brought in.
            if known.filter(first=True).exists() or (reason and known.filter(page__isnull=False).exists()):
                return
        OldAddress.objects.update_or_create(host=self.arrival.host, key=key_for(address), defaults=values)


def is_attachment(address: str) -> bool:
    """Whether an address is one of a file to be downloaded, not of a picture."""
    return bool(FILE_NAME.search(urlsplit(address).path))


def file_name(address: str) -> str:
    """Return the name of the file at an address, with an ending that says a page is one."""
    name = unquote(urlsplit(address).path.rpartition("/")[2], errors="replace")
    # An escape may stand for a slash or a control character: a name has none of them.
    name = re.sub(r"[\x00-\x1f\x7f-\x9f]", "", name.replace("\\", "/").rpartition("/")[2])[-100:]
    if is_attachment(address):
        return name
    stem = name.rpartition(".")[0] or name or "index"
    return f"{stem}.html"


def _told(arrival: Arrival, address: str, page: ContentPage, revision: Revision) -> dict[str, Any]:
    """What the record says of a draft: of which crawl it is, how that was read, and what exactly it holds."""
    told = {"arrival": arrival.pk, "address": address[:500]}
    if not arrival.sha256:
        return told
    digest = digest_of_version(revision, revision.as_object())
    return {**told, "crawl": arrival.sha256, "settings": arrival.settings_sha256, "digest": digest}


def _complete(page: ContentPage, found: FoundPage) -> None:
    page.original_published_at = parse_datetime(found.published_at) if found.published_at else None


def _link_attachments(document: ExtractedDocument, attached: dict[str, int]) -> None:
    """Let links to attachments that came along lead to them."""

    def put(match: re.Match[str]) -> str:
        number = attached.get(unescape(match[1]))
        return f'<a linktype="document" id="{number}">' if number else match[0]

    for block in document.blocks:
        if isinstance(block, RichTextBlock):
            block.html = _LINK.sub(put, block.html)
