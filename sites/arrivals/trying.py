"""The trying of rules on the kept pages of a crawl: what they make of one page, how many they fit, what changes."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from govplatform.guarded import GuardedFailure, run_guarded
from govplatform.refusals import Refused
from govplatform.sentences import translated, unpacked

from .keeping_pages import kept_pages
from .matching import ColumnChoice
from .models import Arrival, SurveyedAddress
from .reading.bounds import CrawlBounds
from .reading.in_child import page_told
from .reading.page import FoundPage
from .reading.rules import TemplateRule, rule_for
from .survey import found_from

TRY = "sites.arrivals.reading.in_child.try_rules_in_child"
#: Pages that are read anew to see what changes, about a second of work; all of them are when the rules are saved.
SAMPLE = 30
#: Addresses that are compared with the patterns of a rule.
MOST_ADDRESSES = 20_000
_BOUNDS = CrawlBounds(page_seconds=10)


@dataclass
class Change:
    """What a rule changes in the report: of the page at ``address``, what is called ``what``."""

    address: str
    what: str
    before: str
    after: str


@dataclass
class Trial:
    """What rules make of one page, and of the crawl.

    lines: the page's own text with selectors; result: what it becomes, in words; body: its text as paragraphs; tried:
    whether there is a rule, holds: whether it does for this very page; fits: how many pages it holds for, taken: how
    many others fit its patterns, but an earlier rule holds for them; read: how many of those that fit were read anew.
    """

    line: SurveyedAddress
    found: FoundPage
    result: str
    lines: list[dict[str, str]] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tried: bool = False
    holds: bool = False
    fits: int = 0
    taken: int = 0
    read: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def published(self) -> str:
        """The publish time as people read it, '' for none."""
        return self.found.published_at[: 16 if self.found.timed else 10].replace("T", " ")

    @property
    def reasons(self) -> list[str]:
        """What is doubtful, in the reader's language."""
        return [translated(reason) for reason in self.found.reasons]


def try_rules(arrival: Arrival, line: SurveyedAddress, rules: list[TemplateRule], number: int | None) -> Trial:
    """Try ``rules`` on the page of ``line`` and on a sample of those that rule ``number`` (from 0) holds for.

    ``number`` None: no sample.

    Nothing leaves this machine and nothing of the pages runs: they are read in a guarded process, and only text comes
    back. Raises Refused when the pages are not there any more, or cannot be read.
    """
    fitting, taken = _fitting(arrival, rules, number)
    sample = fitting[:SAMPLE]
    wanted = [line.content, *[one.content for one in sample]]
    with kept_pages(arrival, wanted) as files:
        if line.content not in files:
            raise Refused(_("这一页没有保存下来，请另选一页。"))
        sample = [one for one in sample if one.content in files]
        try:
            answer = _tried(line, sample, rules, files)
        except GuardedFailure as failure:
            at = page_told(failure.detail) if failure.kind == "timeout" else None
            if not at or at > len(sample):
                raise _not_tried(failure) from failure
            # One page of the sample does not end: those before it did.
            sample = sample[: at - 1]
            try:
                answer = _tried(line, sample, rules, files)
            except GuardedFailure as again:
                raise _not_tried(again) from again
    columns = ColumnChoice(arrival.column)
    found = found_from(answer["found"])
    trial = Trial(line, found, result_of(found, columns)[1], lines=answer["lines"], body=answer["body"])
    trial.warnings = [translated(unpacked(warning)) for warning in answer["warnings"]]
    trial.tried = number is not None
    trial.holds = number is not None and rule_for(rules, line.address) is rules[number]
    trial.fits, trial.taken, trial.read = len(fitting), taken, len(sample)
    for one, told in zip(sample, answer["sample"], strict=True):
        trial.changes += _changes(one, found_from(told), columns)
    return trial


def page_for(arrival: Arrival, rules: list[TemplateRule], number: int) -> SurveyedAddress | None:
    """Return a page of the crawl that rule ``number`` (from 0) holds for, or None."""
    return next(iter(_fitting(arrival, rules, number)[0]), None)


def result_of(found: FoundPage, columns: ColumnChoice) -> tuple[str, str]:
    """Return what becomes of a page: (title of its column, "导入到 ..."), or ("", why it stays out)."""
    if found.kind != "article":
        return "", translated(found.reason)
    if found.to_column and len(columns.named(found.to_column)) != 1:
        return "", _("本站没有标识为“%(slug)s”的栏目，或不止一个。") % {"slug": found.to_column}
    column, reason = columns.choose(found)
    if column is None:
        return "", reason
    return column.title, _("导入到“%(column)s”") % {"column": column.title}


def _tried(
    line: SurveyedAddress, sample: list[SurveyedAddress], rules: list[TemplateRule], files: dict[str, str]
) -> dict[str, Any]:
    return run_guarded(
        TRY,
        {
            "page": {"file": files[line.content], "address": line.address},
            "rules": [rule.to_json() for rule in rules],
            "sample": [{"file": files[one.content], "address": one.address} for one in sample],
            "now": timezone.now().isoformat(),
            "bounds": _BOUNDS.to_json(),
        },
        seconds=_BOUNDS.page_seconds * 3,
        memory_mb=_BOUNDS.memory_mb,
        output_mb=_BOUNDS.output_mb,
    )


def _not_tried(failure: GuardedFailure) -> Refused:
    return Refused(_("试用规则没有成功：%(reason)s") % {"reason": translated(failure.message)})


def _fitting(arrival: Arrival, rules: list[TemplateRule], number: int | None) -> tuple[list[SurveyedAddress], int]:
    if number is None:
        return [], 0
    rule, fitting, taken = rules[number], [], 0
    pages = SurveyedAddress.objects.filter(arrival=arrival).exclude(content="")
    for one in pages[:MOST_ADDRESSES]:
        if rule.holds_for(one.address):
            if rule_for(rules, one.address) is rule:
                fitting.append(one)
            else:
                taken += 1
    return fitting, taken


def _changes(line: SurveyedAddress, found: FoundPage, columns: ColumnChoice) -> list[Change]:
    title, result = result_of(found, columns)
    if line.result == SurveyedAddress.Result.MERGED:
        return []
    if line.result == SurveyedAddress.Result.SKIPPED:
        if not title:
            return []
        return [Change(line.address, _("结果"), _("不导入：%(reason)s") % {"reason": line.reason}, result)]
    if not title:
        return [Change(line.address, _("结果"), _("导入"), _("不导入：%(reason)s") % {"reason": result})]
    moment = parse_datetime(found.published_at) if found.published_at else None
    pairs = (
        (_("标题"), line.title, found.title[:255]),
        (_("原发布时间"), line.published, SurveyedAddress(published_at=moment).published),
        (_("来源"), line.source, found.source[:255]),
        (_("栏目"), line.column, title),
        (_("把握"), f"{line.confidence or 0:.2f}", f"{found.confidence:.2f}"),
    )
    return [Change(line.address, what, before, after) for what, before, after in pairs if before != after]
