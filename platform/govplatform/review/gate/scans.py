"""Scans of pages: which one counts for a version, asking for one, running it, and waiting for it."""

import logging
import time
from functools import partial
from typing import Any, BinaryIO, cast

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision, WorkflowState

from govplatform.accounts.models import User
from govplatform.confidentiality.actions import open_scan
from govplatform.confidentiality.models import Scan
from govplatform.confidentiality.queries import describe_scan, find_scan, is_lost, persons_of_pages
from govplatform.confidentiality.running import fail_scan, is_passing, run, unexpected
from govplatform.confidentiality.scanning.settings import SCANNER_VERSION, DictionaryWord, ScanSettings
from govplatform.confidentiality.subject import Basis, Subject, SubjectFile
from govplatform.dictionaries.queries import words_and_allowed_values, words_for
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.current import current_schema, current_tenant
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.queries import get_tenant
from govplatform.tenancy.queues import SCANS, require_room

from ..models import Clearance, ClearedFile
from ..reviewed_page import as_reviewed
from .digest import MISSING_FILE, ReferredFile, digest_covers, digest_of_version, referred_files
from .requirements import is_structural
from .signed import digest_decided_on
from .thresholds import thresholds

logger = logging.getLogger("govplatform.review")
#: The job that runs one scan.
SCAN_PAGE = "govplatform.review.tasks.scan_page"
#: Seconds for which a verb waits for a scan that another process runs.
LONGEST_WAIT = 900
_LOOK_EVERY = 0.2


def present_basis() -> Basis:
    """Return what pages of the current site are scanned by now; a scan by anything else is out of date."""
    return Basis(SCANNER_VERSION, site_rule_pack().stamp, words_for(current_tenant())[1])


def scan_settings() -> ScanSettings:
    """Return the scanner's settings on the current site: limits of its rule pack, its words, its allow-list."""
    tenant, pack = current_tenant(), site_rule_pack()
    words, allowed = words_and_allowed_values(tenant)
    return ScanSettings(
        **thresholds(pack),
        allowed=allowed,
        words=cast("tuple[DictionaryWord, ...]", words),
        # Key of the hashes by which judgements and persons are compared: of this installation and site alone.
        hash_key=salted_hmac("govplatform.confidentiality", current_schema(), algorithm="sha256").hexdigest(),
    )


def revision_to_scan(page: Page) -> Revision | None:
    """Return the version under review, else the newest one; None when the page has none."""
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS and state.current_task_state:
        return cast(Revision, state.current_task_state.revision)
    return cast("Revision | None", page.get_latest_revision())


def scan_of(page: Page, digest: str) -> Scan | None:
    """Return the scan of that digest by the present rules, whatever its state; or None.

    What a merge brought was scanned under the numbers of its first site, and counts here.
    """
    basis = present_basis()
    if (scan := find_scan(page.pk, digest, basis)) is not None:
        return scan
    brought = Clearance.objects.filter(page_id=page.pk, digest=digest, transfers__isnull=False).first()
    return None if brought is None else find_scan(page.pk, digest_decided_on(brought), basis)


def current_scan(page: Page, revision: Revision | None = None) -> Scan | None:
    """Return the scan of exactly this version with the files as stored now, by the present rules; or None.

    A file whose bytes were exchanged, a newer dictionary or rule pack: each leaves the page without a scan.
    """
    revision = revision or revision_to_scan(page)
    if revision is None:
        return None
    return scan_of(page, digest_of_version(revision, revision.as_object()))


def request_scan(
    page: Page,
    *,
    acting_user: User | None,
    purpose: str = Scan.Purpose.DEMAND,
    version: tuple[Revision, Page] | None = None,
) -> Scan:
    """Have the worker scan the present version; a finished scan is kept.

    Raises Refused without a version, and for a person when too many of the site's scans wait already.

    ``version``: the revision and the page it makes, for an act that has them at hand.
    """
    scan = _open(page, acting_user, purpose, version)
    if scan.state == Scan.State.QUEUED and acting_user is not None:
        require_room(SCANS, current_schema())
    if scan.state == Scan.State.QUEUED:
        # Enqueued in the transaction of the submission: the worker sees the job when that is committed.
        enqueue(SCAN_PAGE, scan_id=scan.pk)
    return scan


def scan_now(
    page: Page,
    *,
    acting_user: User | None,
    purpose: str = Scan.Purpose.REVIEW,
    version: tuple[Revision, Page] | None = None,
) -> Scan:
    """Return the finished scan of the present version, run here and now when it is missing.

    Waits for a process that is at it. ``version`` as for ``request_scan``. Raises Refused with the reason when it
    fails.
    """
    version = version or _version_of(page)
    return finish_scan(_open(page, acting_user, purpose, version), page.title, version[1])


def finish_scan(scan: Scan, title: str, shown: Page | None = None) -> Scan:
    """Bring ``scan`` to its end here, or wait for the process that is at it. Raises Refused when it fails.

    ``shown``: the page as the scan's version makes it, for an act that has it at hand.
    """
    deadline = time.monotonic() + LONGEST_WAIT
    while scan.state in (Scan.State.QUEUED, Scan.State.RUNNING):
        if scan.state == Scan.State.QUEUED or is_lost(scan):
            run_scan(scan, shown)
        elif time.monotonic() > deadline:
            raise Refused(_("“%(title)s”的保密扫描还没有结束，请稍后再试。") % {"title": title})
        else:
            time.sleep(_LOOK_EVERY)
        scan.refresh_from_db()
    if scan.state == Scan.State.FAILED:
        raise Refused(_("“%(title)s”的保密扫描失败：%(reason)s") % {"title": title, "reason": scan.failure})
    return scan


def run_scan(scan: Scan, shown: Page | None = None) -> None:
    """Run ``scan`` in this process (files in guarded ones). Harmless when it is done or somebody else runs it.

    Whatever keeps the page from being read ends the scan as FAILED, with a reason; only what passes is raised.
    ``shown`` as for ``finish_scan``: whether the scan's digest covers it is looked at in any case.
    """
    try:
        subject, settings = _subject(scan, shown), scan_settings()
    except Exception as problem:
        if is_passing(problem):
            raise
        logger.exception("scan %s could not begin", scan.pk)
        fail_scan(scan, " ".join(problem.reasons) if isinstance(problem, Refused) else unexpected())
        return
    run(scan, subject, settings)


def reasons_against_approving_unscanned(scan: Scan | None) -> list[str]:
    """Say why no approval may be given yet; empty when the scan is done."""
    if scan is None:
        return [_("这一版本还没有经过保密扫描，或扫描之后内容、附件、规则有了变化。请先扫描，扫描完成后再办理。")]
    if scan.state == Scan.State.DONE:
        return []
    if scan.state == Scan.State.FAILED:
        return [_("保密扫描失败：%(reason)s请重新扫描，或退回编辑。") % {"reason": scan.failure}]
    return [_("保密扫描还没有完成（%(state)s），请在扫描完成后再办理。") % {"state": scan.get_state_display()}]


def scan_page_verb(site_code: str, page_id: int) -> dict[str, Any]:
    """Return what ``scan --site CODE --page ID`` prints; a missing scan is run.

    Raises Refused for an unknown site or page.
    """
    with tenant_context(get_tenant(site_code)):
        page = Page.objects.filter(pk=page_id, depth__gt=1).first()
        if page is None or is_structural(page):
            raise Refused(_("本站没有编号为 %(id)s 的信息。") % {"id": page_id})
        try:
            scan = scan_now(page, acting_user=None, purpose=Scan.Purpose.DEMAND)
        except Refused:
            # A failed scan is a result too: its state and its reason are printed.
            failed = current_scan(page)
            if failed is None or failed.state != Scan.State.FAILED:
                raise
            scan = failed
        return describe_scan(scan)


# --- inside ------------------------------------------------------------------------------


def _open(page: Page, acting_user: User | None, purpose: str, version: tuple[Revision, Page] | None = None) -> Scan:
    version = version or _version_of(page)
    return open_scan(
        page,
        revision_id=version[0].pk,
        digest=digest_of_version(*version),
        basis=present_basis(),
        purpose=purpose,
        requested_by=acting_user,
    )


def _version_of(page: Page) -> tuple[Revision, Page]:
    revision = revision_to_scan(page)
    if revision is None:
        raise Refused(_("“%(title)s”没有可扫描的版本。") % {"title": page.title})
    return revision, revision.as_object()


def _subject(scan: Scan, shown: Any = None) -> Subject:
    """Return the page as the scan's digest covers it; ``changed`` says why the scan may not run on it, or ''."""
    if shown is None:
        revision = scan.revision
        shown = revision.as_object() if revision is not None else Page.objects.get(pk=scan.page_id).specific
    asked, files = as_reviewed(shown), referred_files(shown)
    changed = ""
    if not digest_covers(scan.digest, shown, files):
        changed = _("扫描之前内容、图片或附件有了变化，请重新扫描。")
    return Subject(
        pieces=tuple(asked.scan_pieces()),
        facts=asked.scan_facts(),
        files=(*_subject_files(files), *asked.scan_files()),
        column=tuple(persons_of_pages(_last_of_column(shown))),
        changed=changed,
    )


def _last_of_column(page: Page) -> list[int]:
    """Return the ids of the last pages published beside ``page``, newest first."""
    most = site_rule_pack().limit("aggregation_last_items").count
    parent_path = page.path[: -page.steplen]
    beside = Page.objects.filter(live=True, depth=page.depth, path__startswith=parent_path).exclude(pk=page.pk)
    return list(beside.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[:most])


def _subject_files(files: list[ReferredFile]) -> list[SubjectFile]:
    found = []
    for kind, model in ((ClearedFile.Kind.IMAGE, get_image_model()), (ClearedFile.Kind.DOCUMENT, get_document_model())):
        wanted = [file for file in files if file.kind == kind and file.sm3 != MISSING_FILE]
        items = model.objects.in_bulk([file.object_id for file in wanted]) if wanted else {}
        for file in wanted:
            item = items[file.object_id]
            name = str(getattr(item, "filename", "") or file.name.rsplit("/", 1)[-1])
            words = zip(("title", "description", "map number"), file.words, strict=False)
            found.append(
                SubjectFile(
                    str(file.kind), file.object_id, name, file.sm3, partial(_open_stored, item.file), tuple(words)
                )
            )
    return found


def _open_stored(file: Any) -> BinaryIO:
    return cast(BinaryIO, file.storage.open(file.name, "rb"))
