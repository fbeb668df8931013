"""The judgement of findings on the review screen: of one, or of all open ones of a rule with one reason."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from ..gate.scans import current_scan, revision_to_scan
from .dispositions import dispose_finding, open_findings


@dataclass(frozen=True)
class Asked:
    """The judgement that the form asks for.

    ``finding``: its number, or ``rule`` and ``severity`` for all open findings of these.
    """

    verdict: str
    reason: str
    finding: str = ""
    rule: str = ""
    severity: str = ""


def judge(page: Page, asked: Asked, *, acting_user: User) -> int:
    """Record the judgements, all or none. Returns how many; raises Refused with the reasons."""
    if asked.finding:
        if not row_number(asked.finding):
            raise Refused(_("没有这一处发现。"))
        numbers = [row_number(asked.finding)]
    else:
        scan = current_scan(page, revision_to_scan(page))
        numbers = [
            judged.finding.pk
            for judged in (open_findings(scan) if scan is not None else [])
            if (judged.finding.rule, judged.finding.severity) == (asked.rule, asked.severity)
        ]
        if not numbers:
            raise Refused(_("这一规则没有待处理的发现：可能刚由他人处理，或内容有了变化。"))
    with holding(pages=[page.pk]):
        for number in numbers:
            found = dispose_finding(number, acting_user=acting_user, verdict=asked.verdict, reason=asked.reason)
            if found.page_id != page.pk:
                raise Refused(_("这一处发现不属于这条信息。"))
    return len(numbers)


def next_open(page: Page, after: str) -> int | None:
    """Return the number of the open finding to look at next: the first one above ``after``, else the first of all.

    ``after``: a number as the form gives it, or ''. None when no finding is open.
    """
    scan = current_scan(page, revision_to_scan(page))
    numbers = [judged.finding.pk for judged in open_findings(scan)] if scan is not None else []
    start = row_number(after)
    return next((number for number in numbers if number > start), numbers[0] if numbers else None)
