"""Acts that open scans and judge findings. Who may judge is decided above, where pages and steps are known."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import hold_chain, holding, locking
from govplatform.refusals import Refused

from .models import Disposition, Finding, Scan
from .queries import JudgedFinding, find_scan, is_lost, newest_dispositions
from .subject import Basis


def open_scan(
    page: Page, *, revision_id: int | None, digest: str, basis: Basis, purpose: str, requested_by: User | None
) -> Scan:
    """Return the one scan of this digest by this basis: the one that exists, or a new one.

    One that failed, or whose process was killed, is put back to QUEUED; one that is done stays as it is. The caller
    queues its job.
    """
    kept = find_scan(page.pk, digest, basis)
    if kept is not None and kept.state != Scan.State.FAILED and not is_lost(kept):
        return kept
    if connection.in_atomic_block:
        # Inside another act its chain has to be locked before rows (decision 018). Opening a scan records nothing.
        hold_chain()
    with transaction.atomic():
        scan, made = locking(Scan.objects.all()).get_or_create(
            page_id=page.pk,
            digest=digest,
            scanner_version=basis.scanner_version,
            rule_pack=basis.rule_pack,
            dictionary_version=basis.dictionary_version,
            defaults={"revision_id": revision_id, "purpose": purpose, "requested_by": requested_by},
        )
        if not made and (scan.state == Scan.State.FAILED or is_lost(scan)):
            scan.state, scan.failure, scan.queued_at = Scan.State.QUEUED, "", timezone.now()
            scan.save(update_fields=["state", "failure", "queued_at"])
    return scan


def record_disposition(
    finding: Finding, *, acting_user: User | None, verdict: str, reason: str, quietly: bool = False
) -> Disposition:
    """Add a judgement of ``finding``. Raises Refused when the verdict needs a reason and has none.

    ``quietly``: do not record it as an act, since the approval it belongs to is recorded.
    """
    reason = reason.strip()
    if verdict == Disposition.Verdict.IGNORED and not reason:
        raise Refused(_("保留一处发现须写明理由（编号 %(id)s）。") % {"id": finding.pk})
    with holding():
        disposition = Disposition.objects.create(
            finding=finding,
            page_id=finding.scan.page_id,
            verdict=verdict,
            reason=reason,
            person=acting_user,
            person_name=acting_user.signed_name if acting_user else "",
            decided_at=timezone.now(),
        )
        if not quietly:
            record_act(
                "finding.judge",
                acting_user=acting_user,
                obj=finding,
                detail={
                    "page": finding.scan.page_id,
                    "rule": finding.rule,
                    "where": finding.where,
                    "verdict": verdict,
                    "reason": reason,
                },
            )
    return disposition


def close_findings(scan: Scan, judged: list[JudgedFinding], *, acting_user: User | None, opinion: str) -> None:
    """Add the judgements that an approval implies, in its transaction.

    Notes (severity info) that are open are kept, with ``opinion`` as the reason. Findings of earlier versions of the
    page that this one no longer has are FIXED. ``judged``: all findings of ``scan``.
    """
    now = timezone.now()
    given = {
        "page_id": scan.page_id,
        "person": acting_user,
        "person_name": acting_user.signed_name if acting_user else "",
        "decided_at": now,
    }
    rows, seen = [], set()
    for item in judged:
        if item.finding.severity == "info" and not item.closed and item.finding.key not in seen:
            seen.add(item.finding.key)
            rows.append(Disposition(finding=item.finding, verdict=Disposition.Verdict.IGNORED, reason=opinion, **given))
    present = {item.finding.key for item in judged}
    earlier: dict[str, Finding] = {}
    of_page = Finding.objects.filter(scan__page_id=scan.page_id, scan__state=Scan.State.DONE).exclude(scan=scan)
    for finding in of_page.exclude(severity="info").order_by("-pk"):
        if finding.key not in present:
            earlier.setdefault(finding.key, finding)
    newest = newest_dispositions(scan.page_id, set(earlier))
    fixed = {**given, "person": None, "person_name": ""}
    for key, finding in earlier.items():
        if key not in newest or newest[key].verdict != Disposition.Verdict.FIXED:
            rows.append(
                Disposition(
                    finding=finding,
                    verdict=Disposition.Verdict.FIXED,
                    reason=_("通过的版本中已经没有这一处。"),
                    **fixed,
                )
            )
    Disposition.objects.bulk_create(rows)
