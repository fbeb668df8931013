"""Queries about harvesting: sources with their last run, sources that are due, the result of a run."""

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .models import HarvestRun, HarvestSource


def list_sources() -> list[HarvestSource]:
    """Return all sources, with ``last_run`` (HarvestRun or None) and ``held`` (number of resources brought)."""
    newest = HarvestRun.objects.filter(source=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    found: list[HarvestSource] = list(
        HarvestSource.objects.exclude(state=HarvestSource.State.REMOVED).annotate(
            last_run_id=Subquery(newest), held=Count("brought")
        )
    )
    runs = HarvestRun.objects.in_bulk([pk for source in found if (pk := getattr(source, "last_run_id", None))])
    for source in found:
        source.last_run = runs.get(getattr(source, "last_run_id", 0))  # type: ignore[attr-defined]
    return found


def due_sources() -> list[HarvestSource]:
    """Return the active sources whose time to be read has come."""
    return list(HarvestSource.objects.filter(state=HarvestSource.State.ACTIVE, due_at__lte=timezone.now()))


def find_source(url: str) -> HarvestSource | None:
    """Return the source with exactly this ``url`` (as ``actions.base_url`` makes it), or None."""
    return HarvestSource.objects.filter(url=url).first()


def result_of(run: HarvestRun) -> dict[str, object]:
    """Return what the verb ``harvest`` prints about a run, JSON-able.

    Raises Refused with the error of a run that failed.
    """
    if run.state == HarvestRun.State.FAILED:
        done = _("此前已提交：新增 %(new)s、更正 %(changed)s、撤回 %(withdrawn)s；再次执行即从中断处继续。") % {
            "new": run.new,
            "changed": run.changed,
            "withdrawn": run.withdrawn,
        }
        raise Refused([run.error, done])
    return {
        "new": run.new,
        "changed": run.changed,
        "withdrawn": run.withdrawn,
        "cursor": run.cursor,
        "skipped": run.skipped,
        "refused": run.faults,
    }
