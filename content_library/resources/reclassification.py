"""Bulk changes of the class of resources: preview, order and undoing; a job carries them out.

Published pages are reviewed content and stay as they are; only the library's own classification
changes, by which lists, feeds and searches are made.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.models import Tenant

from ..models import Resource
from ..vocabularies.models import Reclassification, Term
from ..vocabularies.permissions import reasons_against_managing
from ..vocabularies.queries import codes_under, equivalent_codes, resolve_code, terms_of

#: vocabulary -> column of Resource that holds its codes
RESOURCE_COLUMNS = {
    "subject": "subject_class",
    "kind": "document_kind",
    "audience": "audience",
    "organisation": "organisation",
    "disclosure": "disclosure",
}
#: Vocabularies whose codes may be changed in bulk; 公开方式 (who may see a resource) is not among them.
RECLASSIFIABLE = ("subject", "kind", "audience", "organisation")
_SAMPLES = 8


@dataclass(frozen=True)
class Preview:
    """The resources that a bulk change would touch. ``per_site``: (name of the site, count), the largest first.

    ``samples``: the newest of them.
    """

    total: int
    per_site: list[tuple[str, int]]
    samples: list[Resource]


def resources_of(term: Term, tenant: Tenant | None = None) -> "QuerySet[Resource]":
    """Return the resources of exactly this term: by its code, a merged one, or for free text its label or an alias."""
    column = RESOURCE_COLUMNS[term.vocabulary]
    found = Resource.objects.filter(**{f"{column}__in": stored_values(term.vocabulary, term.code)})
    return found if tenant is None else found.filter(tenant=tenant)


def stored_values(vocabulary: str, code: str) -> list[str]:
    """Return the values by which a resource's column may hold a term: codes, and words where pages have words."""
    merged = resolve_code(vocabulary, code) != code
    # For a merged term only its own code counts, not those of the term it became.
    codes = [code] if merged else equivalent_codes(vocabulary, code)
    if vocabulary not in ("audience", "organisation"):
        return codes
    # These two are written as words on pages.
    terms = terms_of(vocabulary)
    names = {terms[one].label for one in codes if one in terms}
    if not merged and code in terms:
        names |= set(terms[code].aliases)
    return sorted({*codes, *names})


def reclassify_preview(source: Term, target: Term, tenant: Tenant | None = None) -> Preview:
    """Return what ``bulk_reclassify`` would change. Raises Refused with the reasons against it."""
    if reasons := reasons_against_reclassifying(source, target):
        raise Refused(reasons)
    found = resources_of(source, tenant)
    counted = found.values_list("tenant__full_name").annotate(count=Count("pk")).order_by("-count")
    per_site = [(name or _("其他平台"), count) for name, count in counted]
    samples = list(found.select_related("tenant").order_by("-published_at", "-pk")[:_SAMPLES])
    return Preview(sum(count for _name, count in per_site), per_site, samples)


def reasons_against_reclassifying(source: Term, target: Term) -> list[str]:
    """Say why resources cannot go from one term to the other."""
    reasons = []
    if source.vocabulary != target.vocabulary:
        reasons.append(_("只能在同一词表内改类。"))
    if source.vocabulary not in RECLASSIFIABLE:
        reasons.append(_("公开方式由各篇信息的审查决定，不能批量修改。"))
    if source.pk == target.pk:
        reasons.append(_("原类目和新类目相同，请另选一个。"))
    if not target.is_active:
        reasons.append(_("“%(term)s”已停用，不能作为新类目。") % {"term": target.label})
    return reasons


def bulk_reclassify(
    source: Term, target: Term, *, acting_user: User | None, tenant: Tenant | None = None, reason: str = ""
) -> Reclassification:
    """Ask for the change; a job carries it out. What is entered in the meantime is not touched."""
    with acting(acting_user, PLATFORM_CHAIN):
        if reasons := [*reasons_against_managing(acting_user), *reasons_against_reclassifying(source, target)]:
            raise Refused(reasons)
        order = Reclassification.objects.create(
            source=source,
            target=target,
            tenant=tenant,
            reason=reason.strip()[:200],
            total=resources_of(source, tenant).count(),
            requested_by=acting_user,
        )
        if not order.total:
            raise Refused(_("没有归在“%(term)s”之下的资源，不需要改类。") % {"term": source.label})
        _record("vocabulary.reclassify", order, acting_user)
        enqueue("content_library.resources.tasks.run_reclassification_job", order_id=order.pk)
    return order


def undo_reclassify(order: Reclassification, *, acting_user: User | None) -> Reclassification:
    """Give every resource its former class back, unless it was classed otherwise since; a job does it."""
    with acting(acting_user, PLATFORM_CHAIN):
        if reasons := reasons_against_managing(acting_user):
            raise Refused(reasons)
        order = locking(Reclassification.objects).get(pk=order.pk)
        if order.state != Reclassification.State.DONE:
            raise Refused(
                _("这次改类的状态是“%(state)s”，只有已完成的可以撤销。") % {"state": order.get_state_display()}
            )
        order.state, order.done, order.finished_at = Reclassification.State.UNDOING, 0, None
        order.save()
        _record("vocabulary.reclassify_undone", order, acting_user)
        enqueue("content_library.resources.tasks.undo_reclassification_job", order_id=order.pk)
    return order


def usage_counts(vocabulary: str) -> dict[str, int]:
    """Return ``{term code: resources classified exactly so}``, merged codes counted with what they became."""
    column = RESOURCE_COLUMNS[vocabulary]
    counted = Resource.objects.exclude(**{column: ""}).values_list(column).annotate(count=Count("pk")).order_by()
    by_value = dict(counted)
    # Audience and organisation stand as words on pages.
    by_word: dict[str, str] = {}
    for row in terms_of(vocabulary).values():
        for name in (row.label, *row.aliases):
            by_word.setdefault(name, row.code)
    counts: dict[str, int] = {}
    for value, count in by_value.items():
        known = value if value in terms_of(vocabulary) else by_word.get(value, "")
        if known:
            code = resolve_code(vocabulary, known)
            counts[code] = counts.get(code, 0) + count
    return counts


def usage_per_site(vocabulary: str, code: str) -> list[tuple[str, int]]:
    """Return (site, resources) under a term and everything below it, the 20 largest, the largest first."""
    values = [value for one in codes_under(vocabulary, code) for value in stored_values(vocabulary, one)]
    found = Resource.objects.filter(**{f"{RESOURCE_COLUMNS[vocabulary]}__in": values})
    counted = found.values_list("tenant__full_name").annotate(count=Count("pk")).order_by("-count")[:20]
    return [(name or _("其他平台"), count) for name, count in counted]


def progress(order: Reclassification) -> dict[str, Any]:
    """Return ``{"state", "label", "done", "total", "running"}`` for the page that watches and for the verb."""
    return {
        "state": order.state,
        "label": order.get_state_display(),
        "done": order.done,
        "total": order.total,
        "running": order.is_running,
    }


def _record(act: str, order: Reclassification, acting_user: User | None) -> None:
    record_act(
        act,
        acting_user=acting_user,
        obj=order,
        detail={
            "vocabulary": order.source.vocabulary,
            "from": order.source.code,
            "to": order.target.code,
            "site": order.tenant.code if order.tenant else "",
            "total": order.total,
            "reason": order.reason,
        },
        chain=PLATFORM_CHAIN,
    )
