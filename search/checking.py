"""Is everything found that is public, and nothing else? Compares library, documents and engines, and repairs them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from content_library.models import Resource
from content_library.resources.showing import is_shown
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.models import Tenant

from .engine import Engine, EngineError, Removal
from .engines.choosing import all_engines
from .indexing.actions import give, index_page, index_resources, stale_pages, stale_resources
from .models import SearchDocument
from .registry import sources

_AT_ONCE = 500
#: Parts of a comparison, beside the engines by their names.
LIBRARY, SITES = "library", "sites"
Progress = Callable[[int, int, str], None]
Tell = Callable[[], None]
Fault = dict[str, Any]


def _nothing() -> None:
    """Tell nobody."""


@dataclass
class CheckReport:
    """What was compared. ``faults``: ``{"engine", "key", "title", "problem"}``; ``engine`` is '' for the documents.

    ``whole``: the parts of which everything was compared: LIBRARY, SITES, and names of engines.
    """

    checked: int = 0
    faults: list[Fault] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)


def part_of(fault: Fault) -> str:
    """Return the part that a fault was met in."""
    return fault["engine"] or (LIBRARY if fault["key"].startswith("resource:") else SITES)


def is_repairable(fault: Fault) -> bool:
    """Whether a comparison can bring it in line: a document, not an engine or a site that does not answer."""
    return bool(fault["key"])


def check_search(*, repair: bool = False, progress: Progress | None = None) -> CheckReport:
    """Compare everything; with ``repair``, bring in line what differs. What was repaired is named all the same.

    A difference is looked at twice, for somebody may be publishing. An engine that does not answer is a fault.
    """
    report, engines = CheckReport(), all_engines()
    total = Resource.objects.count() + SearchDocument.objects.count() * len(engines)

    def tell() -> None:
        if progress is not None:
            progress(report.checked, max(total, report.checked), "")

    check_resources(report, repair=repair, tell=tell)
    check_sites(report, repair=repair)
    for engine in engines:
        try:
            check_engine(engine, report, repair=repair, tell=tell)
        except EngineError as problem:
            note_silent(engine, report, problem)
    return report


def note_silent(engine: Engine, report: CheckReport, problem: EngineError) -> None:
    """Note an engine that could not be compared."""
    report.faults.append(_fault(engine.name, "", "", _("检索引擎没有应答：%(error)s") % {"error": problem}))


def check_resources(report: CheckReport, *, repair: bool, tell: Tell = _nothing) -> None:
    """Compare the documents of resources with the library, some hundred at a time; ``tell`` after each."""
    for ids in _chunks(Resource.objects.all()):
        stale = stale_resources(ids)
        if stale:
            # Somebody may have published between the two readings.
            stale = stale_resources(sorted(stale))
        report.checked += len(ids)
        for resource in Resource.objects.filter(pk__in=stale).order_by("pk"):
            # What is not public has no name here.
            title = resource.title if is_shown(resource) else ""
            report.faults.append(_fault("", f"resource:{resource.pk}", title, _("检索文档与信息资源库不一致")))
        if repair and stale:
            index_resources(stale)
        tell()
    report.whole.append(LIBRARY)


def check_sites(report: CheckReport, *, repair: bool, tenants: list[Tenant] | None = None, again: bool = False) -> None:
    """Compare the documents of what is no resource with every site; a site that is broken is a fault of its own."""

    def compare(run: SiteRun) -> tuple[int, list[Fault]]:
        return check_site(run.tenant, repair=repair)

    if tenants is None:
        tenants = list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).with_schema().filter(moved_into=None))
    outcome = each_site(compare, job="check_search", tenants=tenants, again=again)
    for _tenant, (checked, faults) in outcome.done:
        report.checked += checked
        report.faults += faults
    for failure in outcome.failed:
        report.faults.append(_fault("", "", failure.tenant.full_name, failure.error))
    if not outcome.failed and not outcome.paused:
        report.whole.append(SITES)


def check_site(tenant: Tenant, *, repair: bool) -> tuple[int, list[Fault]]:
    """Compare what is no resource on one site: (number of pages, faults)."""
    checked, faults = 0, list[Fault]()
    for kind, source in sources().items():
        with tenant_context(tenant):
            documents = {other.page: other for other in source.documents()}
        checked += len(documents)
        for page, key, title in stale_pages(tenant, kind, documents):
            faults.append(_fault("", key, title, _("检索文档与网站不一致")))
            if repair:
                index_page(tenant.pk, kind, [page])
    return checked, faults


def check_engine(engine: Engine, report: CheckReport, *, repair: bool, tell: Tell = _nothing) -> None:
    """Compare what an engine has with the documents, some hundred at a time; ``tell`` after each."""
    after = 0
    while part := _part(engine, after):
        report.checked += len(part.known)
        if problems := _differing(part):
            # Somebody may have published between the reading of the one side and of the other.
            again = _part(engine, after) or _Part({}, {}, after)
            problems = {pk: problem for pk, problem in _differing(again).items() if pk in problems}
            _settle(engine, report, again, problems, repair=repair)
        after = part.end
        tell()
    report.whole.append(engine.name)


@dataclass(frozen=True)
class _Part:
    """A stretch of documents by their keys, and the versions that an engine has of it. ``end``: the last key."""

    known: dict[int, SearchDocument]
    there: dict[int, int]
    end: int


def _part(engine: Engine, after: int) -> _Part | None:
    """Return the part behind the key ``after``; None where neither side has anything."""
    there = dict(engine.versions(after=after, limit=_AT_ONCE))
    rows = SearchDocument.objects.filter(pk__gt=after).select_related("texts").order_by("pk")
    known = {row.pk: row for row in rows[:_AT_ONCE]}
    if not known and not there:
        return None
    # Where one side has a full part, what lies behind its last key is compared the next time.
    ends = [max(side) for side in (known, there) if len(side) == _AT_ONCE]
    end = min(ends) if ends else max([*known, *there])
    return _Part(
        {pk: row for pk, row in known.items() if pk <= end},
        {pk: version for pk, version in there.items() if pk <= end},
        end,
    )


def _differing(part: _Part) -> dict[int, str]:
    """Return key -> what is wrong with it, in words."""
    found = {}
    for pk, row in part.known.items():
        if row.shown and part.there.get(pk) != row.version:
            missing = pk not in part.there
            found[pk] = _("检索引擎中没有这份文档") if missing else _("检索引擎中的不是这一版本")
        elif not row.shown and pk in part.there:
            found[pk] = _("已不公开的文档还在检索引擎中")
    return found | {pk: _("检索引擎中有不存在的文档") for pk in part.there.keys() - part.known.keys()}


def _settle(engine: Engine, report: CheckReport, part: _Part, problems: dict[int, str], *, repair: bool) -> None:
    """Report what differs, and bring it in line with ``repair``."""
    behind, strays = list[SearchDocument](), list[Removal]()
    for pk, problem in problems.items():
        row = part.known.get(pk)
        shown = row is not None and row.shown
        report.faults.append(_fault(engine.name, row.key if row else str(pk), row.title if row else "", problem))
        if row is not None and shown:
            behind.append(row)
        else:
            strays.append(Removal(pk, max(row.version if row else 0, part.there[pk])))
    if repair and behind:
        give(engine, behind)
        for row in behind:
            SearchDocument.objects.filter(pk=row.pk, indexed__lt=row.version).update(indexed=row.version)
    if repair and strays:
        engine.delete(strays)


def _fault(engine: str, key: str, title: str, problem: str) -> Fault:
    return {"engine": engine, "key": key, "title": title, "problem": problem}


def _chunks(resources: Any) -> Iterator[list[int]]:
    after = 0
    while ids := list(resources.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        after = ids[-1]
        yield ids
