"""The walk of a rescan over a site's live pages: each is kept as soon as it is done, so a killed run can go on."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.audit.actions import record_act
from govplatform.confidentiality.actions import open_scan
from govplatform.confidentiality.models import Scan
from govplatform.confidentiality.queries import JUDGED
from govplatform.database_errors import LOST, describe_fault, fault_of
from govplatform.locks.alone import alone_at
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.current import current_tenant

from ..findings.dispositions import open_findings
from ..gate.digest import MISSING_FILE, ReferredFile, clearance_covers, page_digest, referred_files
from ..gate.requirements import is_structural, valid_clearance
from ..gate.scans import finish_scan, present_basis, scan_of
from ..models import RescanFinding, RescanRun
from .queries import live_page_ids, live_pages, lock_name_of_site

logger = logging.getLogger("govplatform.review")
#: Number of pages that could not be scanned which a run names; its counter counts all of them.
NAMED_FAILURES = 200

Progress = Callable[[RescanRun, str], None]


@dataclass
class PageResult:
    """The result for one page. ``reason``: why it was not, or not completely, scanned; '' when it was."""

    title: str = ""
    scanned: bool = False
    findings: int = 0
    new: int = 0
    reason: str = ""


def walk(run: RescanRun, progress: Progress | None = None) -> RescanRun:
    """Carry out ``run`` on the current site: every live page that has no finished scan by the present rules.

    May be killed at any point and called again: what is done is skipped. One page's failure does not stop the
    others. Raises Refused when another process walks over this site, OperationalError when the database goes away.
    """
    with _site_held():
        if not _begin(run):
            return run
        for page_id in live_page_ids(run.since):
            # Somebody may have pressed “stop” in another process.
            if RescanRun.objects.filter(pk=run.pk, stop_asked=True).exists():
                return _end(run, RescanRun.State.STOPPED)
            result = _scan_live_page(page_id, run)
            _count(run, page_id, result)
            if progress is not None:
                progress(run, result.title)
        return _end(run, RescanRun.State.DONE)


def look_again() -> int:
    """Scan the pages of the current site that have open items by the present rules; return the number of pages.

    What is found in them no more lapses. Anything new in them joins the work list with the run that found the page.
    """
    newest = RescanFinding.objects.filter(outcome="").order_by("page_id", "-run_id").distinct("page_id")
    waiting = list(newest.select_related("run"))
    for item in waiting:
        _scan_live_page(item.page_id, item.run)
    return len(waiting)


def _begin(run: RescanRun) -> bool:
    """Begin the run, or take it up again; return whether there is anything to do.

    Whoever holds the site's lock knows that every other run of the site is dead, so those become BROKEN.
    """
    now = timezone.now()
    dead = RescanRun.objects.filter(state=RescanRun.State.RUNNING).exclude(pk=run.pk)
    dead.update(state=RescanRun.State.BROKEN, finished_at=now)
    run.refresh_from_db()
    if not run.working:
        return False
    if run.stop_asked:
        _end(run, RescanRun.State.STOPPED)
        return False
    basis = present_basis()
    run.scanner_version, run.rule_pack = basis.scanner_version, basis.rule_pack
    run.dictionary_version = basis.dictionary_version
    run.state, run.started_at, run.finished_at = RescanRun.State.RUNNING, now, None
    run.pages = live_pages(run.since).count()
    # A run that goes on after a kill counts anew: pages done before count as skipped.
    run.scanned = run.skipped = run.failed = run.findings = run.new = 0
    run.failures = []
    run.save()
    return True


def _end(run: RescanRun, state: str) -> RescanRun:
    with holding():
        run.state, run.finished_at = state, timezone.now()
        if state == RescanRun.State.DONE:
            # Pages may have come or gone since they were counted.
            run.pages = run.done_pages
        run.save(update_fields=["state", "finished_at", "pages"])
        record_act(
            f"rescan.{state}",
            acting_user=run.requested_by,
            obj=run,
            detail={
                **{name: getattr(run, name) for name in ("pages", "scanned", "skipped", "failed", "findings", "new")},
                "rule_pack": run.rule_pack,
                "scanner": run.scanner_version,
            },
        )
    return run


@contextmanager
def _site_held() -> Iterator[None]:
    """Hold the site's lock. Raises Refused when somebody else does."""
    with alone_at(lock_name_of_site()) as held:
        if not held:
            raise Refused(_("“%(site)s”正在回溯扫描，请等它结束或先停止。") % {"site": current_tenant().full_name})
        yield


def _count(run: RescanRun, page_id: int, result: PageResult) -> None:
    run.failed += bool(result.reason)
    run.scanned += result.scanned and not result.reason
    run.skipped += not result.scanned and not result.reason
    run.findings += result.findings
    run.new += result.new
    if result.reason and len(run.failures) < NAMED_FAILURES:
        run.failures.append({"page": page_id, "title": result.title, "reason": result.reason})
    run.save(update_fields=["scanned", "skipped", "failed", "findings", "new", "failures"])


def _scan_live_page(page_id: int, run: RescanRun) -> PageResult:
    result = PageResult()
    try:
        _scan_page(page_id, run, result)
    except (OperationalError, InterfaceError) as error:
        if fault_of(error) not in LOST:
            raise
        result.reason = describe_fault(error)
    except Refused as refusal:
        result.reason = "；".join(refusal.reasons)
    except Exception:
        logger.exception("rescan of page %s failed", page_id)
        result.reason = _("扫描时出现意外，已记录；仍然不行时请联系平台运维人员。")
    return result


def _scan_page(page_id: int, run: RescanRun, result: PageResult) -> None:
    page = Page.objects.filter(pk=page_id, live=True).first()
    if page is None or is_structural(page):
        return
    result.title = page.title
    shown = page.specific
    files = referred_files(shown)
    clearance = valid_clearance(page)
    as_cleared = clearance is not None and clearance_covers(clearance, shown, files)
    # As it was cleared, so that scans of it before and after are of one digest.
    digest = clearance.digest if clearance is not None and as_cleared else page_digest(shown, files)
    scan = scan_of(page, digest) if as_cleared else None
    if scan is None or scan.state != Scan.State.DONE:
        scan = open_scan(
            page,
            # Without a version the scan reads the stored page, which is what citizens see.
            revision_id=page.live_revision_id if as_cleared else None,
            digest=digest,
            basis=present_basis(),
            purpose=Scan.Purpose.RESCAN,
            requested_by=run.requested_by,
        )
    if scan.state != Scan.State.DONE:
        scan = finish_scan(scan, page.title)
        result.scanned = True
    missing = [file for file in files if file.sm3 == MISSING_FILE]
    result.findings = scan.findings.filter(severity__in=JUDGED).count()
    result.new = _note_findings(page, scan, run, complete=not missing)
    result.reason = _reason(missing, as_cleared)


def _reason(missing: list[ReferredFile], as_cleared: bool) -> str:
    if missing:
        names = "、".join(file.name.rsplit("/", 1)[-1] or f"{file.kind} {file.object_id}" for file in missing)
        return _("图片或附件已不在存储中，没有扫描：%(files)s") % {"files": names}
    if not as_cleared:
        return _("公众看到的内容与审查通过时不同，请用 verify_gate 核查；现有内容已扫描。")
    return ""


def _note_findings(page: Page, scan: Scan, run: RescanRun, *, complete: bool) -> int:
    """Make an item of each finding that nobody has judged yet; return how many.

    ``complete``: every file could be read, so items whose finding is gone lapse. Nothing happens when the page came
    down or was replaced meanwhile: the new version was scanned on its own way.
    """
    with transaction.atomic():
        # A withdrawal or publication holds the page's row too, so with the lock this answer is final.
        now_live = locking(Page.objects.filter(pk=page.pk, live=True, live_revision_id=page.live_revision_id))
        if now_live.first() is None:
            return 0
        waiting = {item.key: item for item in RescanFinding.objects.filter(page_id=page.pk, outcome="")}
        if complete and waiting:
            present = set(scan.findings.filter(severity__in=JUDGED).values_list("key", flat=True))
            gone = [item.pk for key, item in waiting.items() if key not in present]
            outcome = RescanFinding.Outcome.LAPSED
            RescanFinding.objects.filter(pk__in=gone).update(outcome=outcome, closed_at=timezone.now())
        now = timezone.now()
        due = site_rule_pack().limit("rescan_judgement").after(now)
        items = [
            RescanFinding(
                run=run,
                page_id=page.pk,
                finding=judged.finding,
                key=judged.finding.key,
                opened_at=now,
                due_at=due,
            )
            for judged in open_findings(scan)
            if judged.finding.key not in waiting
        ]
        RescanFinding.objects.bulk_create(items)
    return len(items)
