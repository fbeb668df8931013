"""The arrival of a site from outside the platform: its pages become drafts of the current site."""

import logging
import re
import tempfile
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.files.base import File
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.addresses.resolving import site_of_host
from govplatform.audit.actions import record_act
from govplatform.refusals import Busy, Refused
from govplatform.sentences import translated
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models.domain import validate_host
from sites.columns.models import Column
from sites.documents_in.actions import import_read_document, start_batch
from sites.documents_in.extraction import ExtractedDocument, RichTextBlock
from sites.documents_in.models import ImportBatch
from sites.documents_in.permissions import require_editor
from sites.media.models import SiteDocument
from sites.pages.content_page import ContentPage

from .keeping import key_for
from .matching import ColumnChoice
from .models import Arrival, OldAddress
from .reading.bounds import CrawlBounds
from .reading.page import FILE_NAME, FoundPage
from .reading.rules import TemplateRule
from .survey import PageRow, Progress, Survey, found_from, read_guarded, rules_from, survey, unpacked_crawl

#: Pages that are read once more with their pictures in one guarded process, to become drafts.
DRAFTS = 20
_LONGEST_TITLE = 255
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>')

logger = logging.getLogger("sites.arrivals")


def import_site(
    source: Path,
    *,
    host: str,
    acting_user: User,
    rules: str = "",
    default: Column | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Survey:
    """Bring the pages of the old site ``host`` in as drafts out of the crawl at ``source``; return what became of each.

    ``rules``: the text of a rules file, '' for none; ``default``: the column of pages that fit none; ``limit``: at most
    so many pages; ``dry_run``: nothing is made. What an earlier run has brought in is not made again. Raises Refused
    for anyone but an editor, for a host of another site of the platform, for faults in the rules, and for what is no
    crawl.
    """
    require_editor(acting_user)
    host = host.strip().lower()
    validate_host(host)
    holder = site_of_host(host)
    if holder is not None and holder != current_tenant():
        reason = _("“%(host)s”是本平台站点“%(site)s”的域名，不能作为外来网站的原域名。")
        raise Refused(reason % {"host": host, "site": holder.full_name})
    if limit is not None and limit < 1:
        raise Refused(_("--limit 要写大于 0 的页数。"))
    chosen = rules_from(rules) if rules else []
    columns = ColumnChoice(default)
    if faults := columns.faults(chosen):
        raise Refused(faults)
    bounds = CrawlBounds()
    with unpacked_crawl(source, host, bounds) as entries:
        found = survey(entries, host=host, rules=chosen, columns=columns, bounds=bounds, limit=limit, progress=progress)
        if dry_run:
            return found
        with acting(acting_user):
            require_editor(acting_user)
            arrival = Arrival.objects.create(
                host=host,
                source_name=source.name[:255],
                column=default,
                rules=rules,
                limit=limit,
                started_by=acting_user,
                state=Arrival.State.RUNNING,
                total=len(found.pages),
            )
            told = {"host": host, "source": arrival.source_name, "pages": len(found.pages)}
            record_act("arrival.import", acting_user=acting_user, obj=arrival, detail=told)
        try:
            _Run(arrival, found, chosen, bounds, acting_user).make(progress)
        except BaseException as error:
            reason = "".join(error.reasons) if isinstance(error, Refused) else _("中断，再次导入时接着做。")
            arrival.note(state=Arrival.State.FAILED, reason=reason)
            raise
        arrival.note(state=Arrival.State.DONE)
    return found


class _Run:
    """The making of the drafts of one run."""

    def __init__(
        self, arrival: Arrival, found: Survey, rules: list[TemplateRule], bounds: CrawlBounds, acting_user: User
    ) -> None:
        self.arrival, self.found, self.rules, self.bounds = arrival, found, rules, bounds
        self.acting_user = acting_user
        self.batches: dict[int, ImportBatch] = {}

    def make(self, progress: Progress) -> None:
        known = {
            row.key: row.page_id
            for row in OldAddress.objects.filter(host=self.arrival.host, page__isnull=False, document=None)
        }
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
                attached = self._attach(row, stored)
                _link_attachments(document, {address: one.pk for address, one in attached.items()})
                made = import_read_document(
                    self._batch(row.column),
                    document,
                    Path(row.file),
                    filename=file_name(row.address),
                    acting_user=self.acting_user,
                    complete=lambda page: _complete(page, row.found),
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
    name = unquote(urlsplit(address).path.rpartition("/")[2], errors="replace").replace("\x00", "")[-100:]
    if is_attachment(address):
        return name
    stem = name.rpartition(".")[0] or name or "index"
    return f"{stem}.html"


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
