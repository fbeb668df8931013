"""Runs a scan file by file, each in a guarded process and each kept as soon as it is done."""

import hashlib
import logging
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.audit.actions import record_act
from govplatform.audit.sm3 import sm3_of_chunks
from govplatform.database_errors import Fault, fault_of
from govplatform.figures.counted import SCAN_SECONDS, SCANS_FAILED
from govplatform.guarded import GuardedFailure
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Busy

from . import public_copies
from .models import Finding, Scan, ScannedFile, ScannedPart
from .queries import lock_name
from .reading import FileReading, read_file_guarded, read_pieces
from .scanning import findings as found
from .scanning.engine import ScanResult, column_aggregation, finding_key, scan_document, scan_facts
from .scanning.pieces import Piece
from .scanning.settings import ScanSettings
from .subject import Subject, SubjectFile

logger = logging.getLogger("govplatform.confidentiality")
_CHUNK = 1 << 20
#: Text of one place that is kept for the reviewer to read, in characters.
PART_CHARACTERS = 400_000


class _Elsewhere(Exception):
    """Somebody else runs this scan, or has finished it."""


class _Changed(Exception):
    """The bytes in storage are not those that the digest covers."""


def run(scan: Scan, subject: Subject, settings: ScanSettings) -> None:
    """Run ``scan`` to its end: DONE, or FAILED with the reason. Does nothing when it is done or runs elsewhere.

    May be killed at any point and called again: files that are done are not read a second time. When storage or
    database are out of reach, their exception is raised with the scan back in the queue, so that the job tries again.
    """
    try:
        if not _begin(scan):
            return
        began = time.monotonic()
        if subject.changed:
            raise _Changed(subject.changed)
        for file in subject.files:
            _scan_file(scan, file, settings)
        with _held(scan):
            # Read before the site's record is held: everybody there would wait for a long text.
            own = read_pieces(subject.pieces, settings)
            with holding():
                _finish(scan, subject, settings, own)
        SCAN_SECONDS.observe(time.monotonic() - began)
    except _Elsewhere:
        return
    except _Changed as change:
        _end_failed(scan, str(change))
    except GuardedFailure as failure:
        logger.warning("scan %s: %s", scan.pk, failure.detail)
        _end_failed(scan, _("正文没有扫描完：%(reason)s") % {"reason": _(failure.message)})
    except (DatabaseError, OSError, Busy) as problem:
        if not Scan.objects.filter(pk=scan.pk).exists():
            # Its draft was deleted meanwhile, and the scan with it.
            return
        if not is_passing(problem):
            logger.exception("scan %s failed", scan.pk)
            _end_failed(scan, unexpected())
            return
        _note(scan, state=Scan.State.QUEUED, failure=_("存储或数据库暂时不可用，稍后自动再试。"))
        raise
    except Exception:
        logger.exception("scan %s failed", scan.pk)
        _end_failed(scan, unexpected())


def is_passing(problem: BaseException) -> bool:
    """Whether the same scan may succeed when it is tried again, since storage or database were out of reach."""
    if isinstance(problem, DatabaseError):
        # What the database refuses to store it refuses the next time as well.
        return fault_of(problem) != Fault.OTHER
    return isinstance(problem, OSError | Busy)


def unexpected() -> str:
    """Return the reason of failure for the reviewer of a scan that ended with an exception."""
    return _("扫描时出现意外，已记录。请重新扫描；仍然不行时请联系平台运维人员。")


def fail_scan(scan: Scan, reason: str) -> None:
    """End a scan that could not even begin as FAILED, with the reason; one that is done stays as it is."""
    if Scan.objects.filter(pk=scan.pk).exclude(state=Scan.State.DONE).exists():
        _end_failed(scan, reason)


def _begin(scan: Scan) -> bool:
    with transaction.atomic():
        row = locking(Scan.objects.filter(pk=scan.pk)).first()
        if row is None or row.state == Scan.State.DONE or not _lock(scan):
            return False
        _note(scan, state=Scan.State.RUNNING, started_at=timezone.now(), finished_at=None, failure="")
    return True


@contextmanager
def _held(scan: Scan) -> Iterator[None]:
    """A transaction that holds the scan: the lock goes with the process, however that ends."""
    with transaction.atomic():
        if not _lock(scan):
            raise _Elsewhere
        yield


def _lock(scan: Scan) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [lock_name(scan)])
        return bool(cursor.fetchone()[0])


def _scan_file(scan: Scan, file: SubjectFile, settings: ScanSettings) -> None:
    with _held(scan):
        if ScannedFile.objects.filter(
            scan=scan, attachment_kind=file.kind, attachment_id=file.object_id, sm3=file.sm3
        ).exists():
            return
        _forget_file(scan, file)
        words = scan_document((Piece(text, where) for where, text in file.words if text), settings)
        if (earlier := _same_bytes(scan, file)) is not None and public_copies.is_there(file):
            _copy_reading(scan, file, earlier, words.findings)
            return
        reading = _read(file, settings)
        _store_findings(scan, [*words.findings, *reading.findings], file, settings)
        _store_parts(scan, reading.parts, file)
        ScannedFile.objects.create(
            scan=scan,
            attachment_kind=file.kind,
            attachment_id=file.object_id,
            attachment_name=file.name[:255],
            sm3=file.sm3,
            readable=reading.readable,
            persons=reading.persons,
        )


def _read(file: SubjectFile, settings: ScanSettings) -> FileReading:
    with tempfile.TemporaryDirectory(prefix="scan-") as folder:
        local = Path(folder) / f"original{Path(file.name).suffix.lower()[:10]}"
        try:
            with file.open() as stored, local.open("wb") as copy:
                shutil.copyfileobj(stored, copy, _CHUNK)
        except FileNotFoundError as gone:
            raise _Changed(_("“%(file)s”已不在存储中，请退回编辑更换。") % {"file": file.name}) from gone
        with local.open("rb") as stream:
            if sm3_of_chunks(iter(lambda: stream.read(_CHUNK), b"")) != file.sm3:
                raise _Changed(_("扫描期间“%(file)s”被更换，请重新扫描。") % {"file": file.name})
        reading = read_file_guarded(local, file.name, settings)
        reading.findings += public_copies.make(file, local, Path(folder))
    return reading


def _same_bytes(scan: Scan, file: SubjectFile) -> ScannedFile | None:
    """What an earlier scan by the same rules read in the same bytes under the same name."""
    return (
        ScannedFile.objects.filter(
            sm3=file.sm3,
            attachment_kind=file.kind,
            attachment_id=file.object_id,
            attachment_name=file.name[:255],
            scan__state=Scan.State.DONE,
            scan__scanner_version=scan.scanner_version,
            scan__rule_pack=scan.rule_pack,
            scan__dictionary_version=scan.dictionary_version,
        )
        .order_by("-pk")
        .first()
    )


def _copy_reading(scan: Scan, file: SubjectFile, earlier: ScannedFile, words: list[found.Finding]) -> None:
    of_file = {"attachment_kind": file.kind, "attachment_id": file.object_id}
    places = {where for where, _text in file.words}
    findings = list(Finding.objects.filter(scan_id=earlier.scan_id, **of_file).exclude(where__in=places))
    parts = list(ScannedPart.objects.filter(scan_id=earlier.scan_id, **of_file))
    rows: list[Finding | ScannedPart] = [*findings, *parts]
    for row in rows:
        row.pk, row.scan = None, scan
        row._state.adding = True
    _store_findings(scan, words, file, None)
    Finding.objects.bulk_create(findings)
    ScannedPart.objects.bulk_create(parts)
    ScannedFile.objects.create(
        scan=scan,
        attachment_name=earlier.attachment_name,
        sm3=earlier.sm3,
        readable=earlier.readable,
        persons=earlier.persons,
        **of_file,
    )


def _finish(scan: Scan, subject: Subject, settings: ScanSettings, own: ScanResult) -> None:
    row = locking(Scan.objects.filter(pk=scan.pk)).first()
    if row is None or row.state != Scan.State.RUNNING:
        raise _Elsewhere
    _forget_file(scan, None)
    present = {(file.kind, file.object_id) for file in subject.files}
    files = list(scan.files.all())
    kept = [file for file in files if (file.attachment_kind, file.attachment_id) in present]
    if len(kept) < len(files):
        scan.files.exclude(pk__in=[file.pk for file in kept]).delete()
    persons = list(dict.fromkeys([*own.persons, *(person for file in kept for person in file.persons)]))
    findings = [*own.findings, *scan_facts(subject.facts, settings)]
    if persons and subject.column:
        findings += column_aggregation([persons, *subject.column], settings)
    _store_findings(scan, findings, None, settings)
    _store_parts(scan, [(piece.where, piece.hidden, piece.text) for piece in subject.pieces], None)
    scan.persons = persons
    _note(scan, state=Scan.State.DONE, finished_at=timezone.now(), failure="", persons=persons)
    severities = list(scan.findings.values_list("severity", flat=True))
    record_act(
        "scan.done",
        acting_user=scan.requested_by,
        obj=scan,
        detail={
            "page": scan.page_id,
            "digest": scan.digest,
            "scanner": scan.scanner_version,
            "rule_pack": scan.rule_pack,
            "findings": {severity: severities.count(severity) for severity in sorted(set(severities))},
        },
    )


def _forget_file(scan: Scan, file: SubjectFile | None) -> None:
    """What a broken-off run left of this file (None: of the page's own text)."""
    if file is None:
        scan.findings.filter(attachment_kind="").delete()
        scan.parts.filter(attachment_kind="").delete()
        return
    for rows in (scan.findings, scan.parts, scan.files):
        rows.filter(attachment_kind=file.kind, attachment_id=file.object_id).delete()  # type: ignore[attr-defined]


def _store_findings(
    scan: Scan, findings: Iterable[found.Finding], file: SubjectFile | None, settings: ScanSettings | None
) -> None:
    Finding.objects.bulk_create(
        Finding(
            scan=scan,
            rule=finding.rule,
            severity=finding.severity,
            attachment_kind=file.kind if file else "",
            attachment_id=file.object_id if file else None,
            attachment_name=file.name[:255] if file else "",
            where=finding.where[:300],
            offset=finding.offset,
            length=finding.length,
            excerpt=_storable(finding.excerpt)[:300],
            message=_storable(finding.message),
            suggestion=_storable(finding.suggestion)[:200],
            source=finding.source[:100],
            key=_key(finding, file, settings or ScanSettings()),
        )
        for finding in findings
    )


def _key(finding: found.Finding, file: SubjectFile | None, settings: ScanSettings) -> str:
    """One finding in two versions of a page; what a reader could not see has no key: the file's bytes tell it."""
    inner = finding.key or finding_key(finding.rule, finding.excerpt or finding.message, finding.where, settings)
    if file is None:
        return inner
    # What was judged to be harmless in one attachment is not thereby harmless in another; what a file does not show
    # (unreadable, hidden) was judged for these very bytes.
    same = file.sm3 if not finding.key else ""
    return hashlib.blake2b(f"{inner}\0{file.kind}\0{file.object_id}\0{same}".encode(), digest_size=20).hexdigest()


def _store_parts(scan: Scan, parts: Iterable[tuple[str, bool, str]], file: SubjectFile | None) -> None:
    """``parts``: place, hidden, text. Long texts are cut: the finding's own excerpt says what lies beyond."""
    ScannedPart.objects.bulk_create(
        ScannedPart(
            scan=scan,
            attachment_kind=file.kind if file else "",
            attachment_id=file.object_id if file else None,
            attachment_name=file.name[:255] if file else "",
            where=where[:300],
            hidden=hidden,
            text=_storable(text[:PART_CHARACTERS]),
        )
        for where, hidden, text in parts
        if text.strip()
    )


def _storable(text: str) -> str:
    # PostgreSQL takes no NUL; readers of damaged files may meet one. Same length, so that offsets still hold.
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()


def _note(scan: Scan, **values: object) -> None:
    for name, value in values.items():
        setattr(scan, name, value)
    Scan.objects.filter(pk=scan.pk).exclude(state=Scan.State.DONE).update(**values)


def _end_failed(scan: Scan, reason: str) -> None:
    with holding():
        _note(scan, state=Scan.State.FAILED, finished_at=timezone.now(), failure=reason)
        detail = {"page": scan.page_id, "reason": reason}
        record_act("scan.failed", acting_user=scan.requested_by, obj=scan, detail=detail)
    SCANS_FAILED.inc()
