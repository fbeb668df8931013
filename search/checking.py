"""Is everything found that is public, and nothing else? Compares library, documents and engines, and repairs them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from content_library.models import Resource
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.models import Tenant

from .engine import Engine, EngineError, Removal
from .engines.choosing import all_engines
from .indexing.actions import give, index_page, index_resources, stale_pages, stale_resources
from .models import SearchDocument
from .registry import sources

_AT_ONCE = 500
Progress = Callable[[int, int, str], None]
Fault = dict[str, Any]


@dataclass
class CheckReport:
    """What was compared. ``faults``: ``{"engine", "key", "title", "problem"}``; ``engine`` is '' for the documents."""

    checked: int = 0
    faults: list[Fault] = field(default_factory=list)


def check_search(*, repair: bool = False, progress: Progress | None = None) -> CheckReport:
    """Compare everything; with ``repair``, bring in line what differs. What was repaired is named all the same.

    A difference is looked at twice, for somebody may be publishing. An engine that does not answer is a fault.
    """
    report = CheckReport()
    check_resources(report, repair=repair, progress=progress)
    check_sites(report, repair=repair)
    for engine in all_engines():
        try:
            check_engine(engine, report, repair=repair)
        except EngineError as problem:
            report.faults.append(_fault(engine.name, "", "", _("检索引擎没有应答：%(error)s") % {"error": problem}))
    return report


def check_resources(report: CheckReport, *, repair: bool, progress: Progress | None = None) -> None:
    """Compare the documents of resources with the library, some hundred at a time."""
    total = Resource.objects.count()
    for ids in _chunks(Resource.objects.all()):
        stale = stale_resources(ids)
        if stale:
            # Somebody may have published between the two readings.
            stale = stale_resources(sorted(stale))
        report.checked += len(ids)
        for resource in Resource.objects.filter(pk__in=stale).order_by("pk"):
            report.faults.append(_fault("", f"resource:{resource.pk}", resource.title, _("检索文档与信息资源库不一致")))
        if repair and stale:
            index_resources(stale)
        if progress is not None:
            progress(report.checked, max(total, report.checked), "")


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


def check_site(tenant: Tenant, *, repair: bool) -> tuple[int, list[Fault]]:
    """Compare what is no resource on one site: (number of pages, faults)."""
    checked, faults = 0, list[Fault]()
    for kind, source in sources().items():
        with tenant_context(tenant):
            pages = [other.page for other in source.documents()]
        checked += len(pages)
        for page, key, title in stale_pages(tenant, kind, pages):
            faults.append(_fault("", key, title, _("检索文档与网站不一致")))
            if repair:
                index_page(tenant.pk, kind, [page])
    return checked, faults


def check_engine(engine: Engine, report: CheckReport, *, repair: bool) -> None:
    """Compare what an engine has with the documents; both are read in the order of their keys."""
    after = 0
    while True:
        there = dict(engine.versions(after=after, limit=_AT_ONCE))
        rows = SearchDocument.objects.filter(pk__gt=after).select_related("texts").order_by("pk")
        known = {row.pk: row for row in rows[:_AT_ONCE]}
        if not known and not there:
            return
        # Where one side has a full part, what lies behind its last key is compared the next time.
        ends = [max(part) for part in (known, there) if len(part) == _AT_ONCE]
        if ends:
            known = {pk: row for pk, row in known.items() if pk <= min(ends)}
            there = {pk: version for pk, version in there.items() if pk <= min(ends)}
        after = max([*known, *there])
        report.checked += len(known)
        behind, strays = _compare(engine, report, known, there)
        if repair and behind:
            give(engine, behind)
            for row in behind:
                SearchDocument.objects.filter(pk=row.pk, indexed__lt=row.version).update(indexed=row.version)
        if repair and strays:
            engine.delete([Removal(pk, version) for pk, version in strays])


def _compare(
    engine: Engine, report: CheckReport, known: dict[int, SearchDocument], there: dict[int, int]
) -> tuple[list[SearchDocument], list[tuple[int, int]]]:
    behind, strays = list[SearchDocument](), list[tuple[int, int]]()
    for pk, row in known.items():
        if row.shown and there.get(pk) != row.version:
            behind.append(row)
            missing = pk not in there
            words = _("检索引擎中没有这份文档") if missing else _("检索引擎中的不是这一版本")
            report.faults.append(_fault(engine.name, row.key, row.title, words))
        elif not row.shown and pk in there:
            strays.append((pk, max(row.version, there[pk])))
            report.faults.append(_fault(engine.name, row.key, "", _("已不公开的文档还在检索引擎中")))
    for pk in there.keys() - known.keys():
        strays.append((pk, there[pk]))
        report.faults.append(_fault(engine.name, str(pk), "", _("检索引擎中有不存在的文档")))
    return behind, strays


def _fault(engine: str, key: str, title: str, problem: str) -> Fault:
    return {"engine": engine, "key": key, "title": title, "problem": problem}


def _chunks(resources: Any) -> Iterator[list[int]]:
    after = 0
    while ids := list(resources.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        after = ids[-1]
        yield ids
