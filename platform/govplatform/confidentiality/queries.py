"""Queries over scans, what they found, and how each finding was judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from govplatform.tenancy.current import current_schema

from .models import Disposition, Finding, PublicCopy, Scan, ScannedFile, ScannedPart, Severity
from .subject import Basis

#: Verdicts after which a finding no longer stands in the way. A value that was removed and came back is judged anew,
#: and a wish to have something masked is not its masking.
CLOSING = frozenset({Disposition.Verdict.IGNORED, Disposition.Verdict.FALSE_ALARM})
#: Severities that a person must judge; notes (info) are shown and kept.
JUDGED = (Severity.BLOCK, Severity.WARN)


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding with the judgement that counts for it, if there is one.

    ``carried``: the judgement was given on an earlier version of the page, where the same was found.
    """

    finding: Finding
    disposition: Disposition | None

    @property
    def carried(self) -> bool:
        """Whether the judgement was given on an earlier version of the page."""
        return self.disposition is not None and self.disposition.finding_id != self.finding.pk

    @property
    def closed(self) -> bool:
        """Whether a judgement settles the finding, so that it no longer stands in the way (CLOSING)."""
        return self.disposition is not None and self.disposition.verdict in CLOSING

    @property
    def open(self) -> bool:
        """Whether a person must still judge it before the page is cleared."""
        return self.finding.severity in JUDGED and not self.closed


def find_scan(page_id: int, digest: str, basis: Basis) -> Scan | None:
    """The scan of exactly this digest of the page by exactly this basis, in whatever state; None when there is none."""
    found = Scan.objects.filter(
        page_id=page_id,
        digest=digest,
        scanner_version=basis.scanner_version,
        rule_pack=basis.rule_pack,
        dictionary_version=basis.dictionary_version,
    )
    # Whoever asked for it is named in the record when it ends.
    return found.select_related("requested_by").first()


def judged_findings(scan: Scan) -> list[JudgedFinding]:
    """Every finding of ``scan`` in its order, each with the newest judgement on the same finding of this page."""
    findings = list(scan.findings.all())
    newest = newest_dispositions(scan.page_id, {finding.key for finding in findings})
    return [JudgedFinding(finding, newest.get(finding.key)) for finding in findings]


def newest_dispositions(page_id: int, keys: set[str] | None = None) -> dict[str, Disposition]:
    """Key of a finding -> its newest judgement, over all versions of the page; ``keys`` None for all findings."""
    if keys is not None and not keys:
        return {}
    given = Disposition.objects.filter(page_id=page_id).select_related("finding")
    if keys is not None:
        given = given.filter(finding__key__in=keys)
    newest: dict[str, Disposition] = {}
    for disposition in given.order_by("-pk"):
        newest.setdefault(disposition.finding.key, disposition)
    return newest


def find_finding(finding_id: int) -> Finding | None:
    """The finding of that number on the current site, with its scan; None when there is none."""
    return Finding.objects.select_related("scan").filter(pk=finding_id).first()


def scan_parts(scan: Scan) -> QuerySet[ScannedPart]:
    """The texts that the scan read: the page's own first, then file by file."""
    return scan.parts.all()


def persons_of_pages(page_ids: list[int]) -> list[tuple[str, ...]]:
    """The persons named by the newest finished scan of each page (``Scan.persons``), in the order of ``page_ids``.

    A page without such a scan, or whose scan named nobody, is left out.
    """
    newest: dict[int, tuple[str, ...]] = {}
    scans = Scan.objects.filter(page_id__in=page_ids, state=Scan.State.DONE).order_by("page_id", "-pk")
    for page_id, persons in scans.distinct("page_id").values_list("page_id", "persons"):
        newest[page_id] = tuple(persons)
    return [newest[page_id] for page_id in page_ids if newest.get(page_id)]


def public_copy(kind: str, object_id: int, original_sm3: str) -> PublicCopy | None:
    """The copy that citizens get instead of the original; None when there is none."""
    return PublicCopy.objects.filter(kind=kind, object_id=object_id, original_sm3=original_sm3).first()


def public_copies_of(files: Iterable[ScannedFile]) -> list[PublicCopy]:
    """The copies for citizens of these files, as a scan read them."""
    read = {(file.attachment_kind, file.attachment_id, file.sm3) for file in files}
    copies = PublicCopy.objects.filter(original_sm3__in={sm3 for _kind, _id, sm3 in read})
    return [copy for copy in copies if (copy.kind, copy.object_id, copy.original_sm3) in read]


def describe_scan(scan: Scan) -> dict[str, Any]:
    """The scan as the verb ``scan --site --page`` prints it, JSON-able; the page's own findings come first."""
    by_file: dict[tuple[str, int | None], list[dict[str, Any]]] = {}
    for judged in judged_findings(scan):
        finding = judged.finding
        by_file.setdefault((finding.attachment_kind, finding.attachment_id), []).append(describe_finding(judged))
    files: list[dict[str, Any]] = [
        {"file": str(scan.page), "attachment": None, "readable": True, "findings": by_file.pop(("", None), [])}
    ]
    for file in ScannedFile.objects.filter(scan=scan):
        files.append(
            {
                "file": file.attachment_name,
                "attachment": f"{file.attachment_kind} {file.attachment_id}",
                "readable": file.readable,
                "findings": by_file.pop((file.attachment_kind, file.attachment_id), []),
            }
        )
    return {"digest": scan.digest, "state": scan.state, "failure": scan.failure or None, "files": files}


def describe_finding(judged: JudgedFinding) -> dict[str, Any]:
    """One finding with its judgement, JSON-able; the excerpt is masked."""
    finding, disposition = judged.finding, judged.disposition
    return {
        "id": finding.pk,
        "rule": finding.rule,
        "severity": finding.severity,
        "where": finding.where,
        "offset": finding.offset,
        "excerpt": finding.excerpt,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "source": finding.source,
        "disposition": None
        if disposition is None
        else {
            "verdict": disposition.verdict,
            "reason": disposition.reason,
            "person": disposition.person_name,
            "at": disposition.decided_at.isoformat(),
            "carried": judged.carried,
        },
    }


def scan_is_held(scan: Scan) -> bool:
    """Whether another process works on the scan at this moment; False after that process was killed."""
    return is_held_elsewhere(lock_name(scan))


def is_held_elsewhere(name: str) -> bool:
    """Whether another connection holds the advisory lock of that name.

    The lock goes with the transaction or the connection of its holder. A lock of our own connection does not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l CROSS JOIN hashtextextended(%s, 0) k WHERE l.locktype = 'advisory'"
            " AND l.objsubid = 1 AND l.granted AND l.database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database()) AND l.pid <> pg_backend_pid()"
            " AND l.classid::bigint = ((k >> 32) & 4294967295) AND l.objid::bigint = (k & 4294967295))",
            [name],
        )
        return bool(cursor.fetchone()[0])


def lock_name(scan: Scan) -> str:
    """The name of the advisory lock that whoever runs ``scan`` holds."""
    return f"scan:{current_schema()}:{scan.pk}"


def is_lost(scan: Scan) -> bool:
    """Whether the scan is RUNNING by its row while no process runs it, since that was killed; it may be run again."""
    return scan.state == Scan.State.RUNNING and not scan_is_held(scan)
