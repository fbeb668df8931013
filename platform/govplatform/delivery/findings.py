"""What verifiers found, for people: taken in from our own's file and from front nodes, kept in the record, shown until
somebody saw to it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.locks.order import PLATFORM_CHAIN
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .models import SpoolRead, TamperFinding
from .spool import Position, Read, Said, Unsafe, read_spool
from .verifying.faults import Done, Kind
from .verifying.state import EVERY, MISSED_TURNS, read_state

_FILE, _STATE = "findings.jsonl", "state.json"
#: Named in one entry of the record; the rows have all of them.
_NAMED = 20
_LONGEST_NOTE = 500
#: Rows beyond that go, the oldest first: whoever plants files all day long fills no database. The record stays.
#: Of each node so many, so that what one says leaves everybody else's.
_KEPT, _KEPT_OF_A_NODE = 100_000, 10_000
_RECENT = timedelta(hours=1)


@dataclass(frozen=True)
class VerifierSeen:
    """``at``, ``swept_at``: when it wrote last, and when it had looked at everything; None where it never did."""

    at: datetime | None
    swept_at: datetime | None
    is_gone: bool


def take_in_findings() -> int:
    """Take in what the verifier has written since the last time; return how many findings that were.

    One at a time, behind the platform's chain. Rows, the entry of the record and how far was read are one transaction:
    killed anywhere, nothing is taken in twice.
    """
    with holding(PLATFORM_CHAIN):
        known = SpoolRead.objects.get_or_create(node="")[0]
        try:
            read = read_spool(_own(_FILE), Position(known.file, known.offset))
        except (Unsafe, OSError):
            return len(_note_unsafe(known))
        return len(_take_in(known, read))


def position_of(node: str) -> Position:
    """Up to where the file of that front node was read."""
    known = SpoolRead.objects.filter(node=node).first()
    return Position(known.file, known.offset) if known is not None else Position()


def take_in_of(node: str, since: Position, read: Read) -> Sequence[Said]:
    """Take in what that front node says to be in its file behind ``since``; return the findings that are new.

    None of it where somebody else has taken it in meanwhile.
    """
    with holding(PLATFORM_CHAIN):
        known = SpoolRead.objects.get_or_create(node=node)[0]
        if Position(known.file, known.offset) != since:
            return []
        return _take_in(known, read)


def note_unsafe_of(node: str) -> Sequence[Said]:
    """The file of that front node cannot be believed, as it says; return what is to be told, which is so once."""
    with holding(PLATFORM_CHAIN):
        return _note_unsafe(SpoolRead.objects.get_or_create(node=node)[0])


def settle_findings(last: int, *, acting_user: User | None, note: str) -> int:
    """Write down what was done about every finding up to the one with the number ``last``; return how many.

    Raises Refused.
    """
    with acting(acting_user, PLATFORM_CHAIN):
        if acting_user is not None and not is_platform_operator(acting_user):
            raise Refused(_("只有平台运维人员可以登记静态页面被改动的处置情况。"))
        note = note.strip()
        if not note:
            raise Refused(_("请写明查到的原因和处置情况。"))
        if len(note) > _LONGEST_NOTE:
            raise Refused(_("处置说明最长 %(most)d 个字。") % {"most": _LONGEST_NOTE})
        count = unsettled().filter(pk__lte=last).update(settled_at=timezone.now(), settled_by=acting_user, note=note)
        if not count:
            raise Refused(_("这些记录已经由别人登记过处置情况。"))
        detail = {"findings": count, "up_to": last, "note": note}
        record_act("delivery.settle_findings", acting_user=acting_user, detail=detail, chain=PLATFORM_CHAIN)
        return count


def recent_of(node: str) -> Sequence[TamperFinding]:
    """What that front node said within the last hour and nobody has seen to yet, the oldest first."""
    since = timezone.now() - _RECENT
    return list(unsettled().filter(node=node, taken_in_at__gte=since).order_by("pk")[:_KEPT_OF_A_NODE])


def unsettled() -> QuerySet[TamperFinding]:
    """Findings of which nobody has written down yet what was done, the newest first."""
    return TamperFinding.objects.filter(settled_at__isnull=True)


def shown_unsettled(most: int) -> list[TamperFinding]:
    """About ``most`` of them, the newest first, from everywhere as many: no node keeps those of others from sight."""
    nodes = list(unsettled().order_by().values_list("node", flat=True).distinct())
    each = max(most // max(len(nodes), 1), 1)
    found = [one for node in nodes for one in unsettled().filter(node=node).select_related("tenant")[:each]]
    return sorted(found, key=lambda one: -one.pk)


def findings_of(tenant: Tenant, most: int = 50) -> Sequence[TamperFinding]:
    """The newest findings on the site's files."""
    return list(TamperFinding.objects.filter(tenant=tenant).select_related("settled_by")[:most])


def verifier_seen() -> VerifierSeen | None:
    """How the verifier is, by the file that it writes; None where it has never run."""
    state = read_state(_own(_STATE))
    at, swept = _moment(state.get("at")), _moment(state.get("swept_at"))
    if at is None:
        return None
    return VerifierSeen(at, swept, (timezone.now() - at).total_seconds() > EVERY * MISSED_TURNS)


# --- inside ------------------------------------------------------------------------------


def _own(name: str) -> Path:
    return Path(settings.DELIVERY_VERIFIER_DIR) / name


def _of_the_file() -> Said:
    return Said("", _FILE, Kind.SPOOL, Done.NOTHING, "", timezone.now())


def _take_in(known: SpoolRead, read: Read) -> Sequence[Said]:
    if read.is_lost:
        read.said.insert(0, _of_the_file())
    known.file, known.offset, known.is_unsafe = read.position.file, read.position.offset, False
    known.save()
    if read.said or read.not_written or read.unclear:
        _write_down(read, known.node)
    return read.said


def _note_unsafe(known: SpoolRead) -> Sequence[Said]:
    """The file cannot be believed: said once, until it could be read again."""
    if known.is_unsafe:
        return []
    known.is_unsafe = True
    known.save()
    read = Read(Position(), [_of_the_file()])
    _write_down(read, known.node)
    return read.said


def _write_down(read: Read, node: str) -> None:
    now, sites = timezone.now(), _sites({one.host for one in read.said})
    rows = [
        TamperFinding(
            tenant_id=sites.get(one.host), node=node, host=one.host, place=one.place, fault=one.fault, done=one.done,
            detail=one.detail, found_at=one.found_at, taken_in_at=now,
        )
        for one in read.said
    ]  # fmt: skip
    TamperFinding.objects.bulk_create(rows, batch_size=500)
    of_it = TamperFinding.objects.filter(node=node).order_by("-pk")
    oldest = of_it.values_list("pk", flat=True)[_KEPT_OF_A_NODE if node else _KEPT :][:1]
    if rows and oldest:
        of_it.filter(pk__lte=oldest[0]).delete()
    detail: dict[str, object] = {
        "findings": len(read.said),
        "by_fault": dict(Counter(str(one.fault) for one in read.said)),
        "by_result": dict(Counter(str(one.done) for one in read.said if one.done)),
        "places": [one.where for one in rows[:_NAMED]],
        "not_written": read.not_written,
        "unclear": read.unclear,
    }
    if node:
        detail["node"] = node
    record_act("delivery.findings", acting_user=None, detail=detail, chain=PLATFORM_CHAIN)


def _sites(hosts: set[str]) -> dict[str, int]:
    """Whose host it is is a matter of ours, whatever a line says."""
    sites = Tenant.objects.filter(domains__domain__in=hosts - {""})
    return dict(sites.values_list("domains__domain", "pk"))


def _moment(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(seconds), tz=timezone.get_current_timezone()) if seconds else None  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return None
