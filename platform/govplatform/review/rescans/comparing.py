"""The comparison of two versions of the rules: what one scan finds more or less than another of the same digest."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from govplatform.confidentiality.models import Finding, Scan
from govplatform.refusals import Refused


@dataclass(frozen=True)
class Comparison:
    """The difference of two scans. ``more``: found only by ``after``; ``less``: only by ``before``.

    ``changed``: found by both with another severity, as ``after`` has it; ``same``: number that both found, with these.
    """

    before: Scan
    after: Scan
    more: tuple[Finding, ...]
    less: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    same: int


def compare_scans(before: Scan, after: Scan) -> Comparison:
    """Return what the rules of ``after`` find more and less.

    Raises Refused unless both are finished and of one digest.
    """
    if (before.page_id, before.digest) != (after.page_id, after.digest):
        raise Refused(_("两次扫描的不是同一页面的同一内容，不能比较。"))
    if any(scan.state != Scan.State.DONE for scan in (before, after)):
        raise Refused(_("有一次扫描没有完成，不能比较。"))
    then, now = _by_key(before), _by_key(after)
    shared = then.keys() & now.keys()
    return Comparison(
        before,
        after,
        more=tuple(now[key] for key in now if key not in then),
        less=tuple(then[key] for key in then if key not in now),
        changed=tuple(now[key] for key in now if key in shared and now[key].severity != then[key].severity),
        same=len(shared),
    )


def comparisons_of(scan: Scan) -> list[Comparison]:
    """Compare each finished scan of the same digest with the one before it, the newest first."""
    scans = list(Scan.objects.filter(page_id=scan.page_id, digest=scan.digest, state=Scan.State.DONE).order_by("pk"))
    pairs = list(pairwise(scans))
    return [compare_scans(before, after) for before, after in reversed(pairs)]


def _by_key(scan: Scan) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for finding in scan.findings.all():
        found.setdefault(finding.key, finding)
    return found
