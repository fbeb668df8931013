"""The statements by which what public holds of a site names the site that took its content over, and back."""

from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from content_library.models import Repost, Resource
from govplatform.lifecycle.merge.parts import Switch
from govplatform.locks.holding import locking
from govplatform.tenancy.hosts import public_url

from .models import HomeProposal, PushTarget, Subscription

_MAPPED = "unnest(%(olds)s::bigint[], %(news)s::bigint[]) AS m(old, new)"
#: ``{schema}``: where the pages are; the first part of ``url_path`` is the home page. What a resource interprets is
#: joined and not asked row by row, which is the square of the site.
_RESOURCES = (
    """
UPDATE public.content_library_resource r SET tenant_id = %(to)s, page_id = f.new, interprets_page = f.interprets,
 url = CASE WHEN r.url = '' THEN '' ELSE %(base)s || substr(f.path, strpos(substr(f.path, 2), '/') + 1) END
FROM (
 SELECT o.id, m.new, p.url_path AS path, coalesce(i.new, o.interprets_page) AS interprets
 FROM public.content_library_resource o
 JOIN """
    + _MAPPED
    + """ ON m.old = o.page_id
 JOIN {schema}.wagtailcore_page p ON p.id = m.new
 LEFT JOIN """
    + _MAPPED.replace("m(", "i(")
    + """ ON i.old = o.interprets_page
 WHERE o.tenant_id = %(tenant)s
) f
WHERE r.id = f.id
"""
)
_VERSIONS = """
UPDATE public.content_library_resourceversion v
SET revision_id = v.revision_id + %(revisions)s, clearance_id = v.clearance_id + %(clearances)s
FROM public.content_library_resource r
WHERE v.resource_id = r.id AND r.tenant_id = %(to)s AND r.page_id = ANY(%(news)s::bigint[])
"""
_REPOSTS = (
    """
UPDATE public.content_library_repost r SET tenant_id = %(to)s, page_id = m.new, updated_at = %(now)s,
 path = CASE WHEN r.path = '' THEN '' ELSE '/' || substr(p.url_path, strpos(substr(p.url_path, 2), '/') + 2) END
FROM """
    + _MAPPED
    + """ JOIN {schema}.wagtailcore_page p ON p.id = m.new
WHERE r.tenant_id = %(tenant)s AND r.page_id = m.old
"""
)
_TARGETS = (
    """
UPDATE pushes_pushtarget t SET tenant_id = %(to)s, page_id = m.new, made_revision = t.made_revision + %(revisions)s
FROM """
    + _MAPPED
    + """ WHERE t.tenant_id = %(tenant)s AND t.page_id = m.old
 AND NOT EXISTS (SELECT 1 FROM pushes_pushtarget o WHERE o.push_id = t.push_id AND o.tenant_id = %(to)s)
"""
)


def move_resources(switch: Switch) -> None:
    """Resources of carried pages belong to the destination; UUID, index number and versions stay."""
    pairs = {old: switch.pages[old] for old in switch.carried}
    _move_resources(switch.source.pk, switch.destination, pairs, switch.revisions, switch.clearances)


def give_back_resources(switch: Switch) -> None:
    """Undo ``move_resources``."""
    pairs = {switch.pages[old]: old for old in switch.carried}
    _move_resources(switch.destination.pk, switch.source, pairs, -switch.revisions, -switch.clearances)


def move_reposts(switch: Switch, memory: dict[str, Any]) -> None:
    """Reposts of carried pages belong to the destination; those of pages that stay show nothing any more."""
    pairs = {old: switch.pages[old] for old in switch.carried}
    ended = Repost.objects.filter(tenant=switch.source, state=Repost.State.LIVE).exclude(page_id__in=pairs)
    memory["reposts"] = list(locking(ended).values_list("pk", flat=True))
    Repost.objects.filter(pk__in=memory["reposts"]).update(state=Repost.State.WITHDRAWN, updated_at=timezone.now())
    _move_reposts(switch.source.pk, switch.destination, pairs)


def give_back_reposts(switch: Switch, memory: dict[str, Any]) -> None:
    """Undo ``move_reposts``."""
    pairs = {switch.pages[old]: old for old in switch.carried}
    _move_reposts(switch.destination.pk, switch.source, pairs)
    locked = locking(Repost.objects.filter(pk__in=memory["reposts"])).values_list("pk", flat=True)
    Repost.objects.filter(pk__in=list(locked)).update(state=Repost.State.LIVE, updated_at=timezone.now())


def doubled_duties(switch: Switch) -> list[int]:
    """Open duties of the source that nobody has any more: the destination has the same one, or published it itself.

    What it published itself is not what has come to it with this merge.
    """
    targets = PushTarget.objects.filter(tenant=switch.source, ended_at=None)
    own = targets.filter(push__resource__tenant=switch.destination)
    if brought := [switch.pages[old] for old in switch.carried]:
        # They lie in a range that nobody else has a number of.
        own = own.exclude(push__resource__page_id__range=(min(brought), max(brought)))
    doubled = targets.filter(push__targets__tenant=switch.destination)
    return sorted({*own.values_list("pk", flat=True), *doubled.values_list("pk", flat=True)})


def move_duties(switch: Switch, doubled: list[int], memory: dict[str, Any]) -> None:
    """Duties of the source are the destination's, but for ``doubled``, which end."""
    ending = locking(PushTarget.objects.filter(pk__in=doubled, ended_at=None))
    memory["ended_duties"] = list(ending.values_list("pk", flat=True))
    PushTarget.objects.filter(pk__in=memory["ended_duties"]).update(
        ended_at=timezone.now(), reason=_("站点已并入“%(site)s”，由该站办理。") % {"site": switch.destination.full_name}
    )
    waiting = locking(PushTarget.objects.filter(tenant=switch.source, ended_at=None, page_id=None))
    memory["waiting_duties"] = list(waiting.values_list("pk", flat=True))
    PushTarget.objects.filter(pk__in=memory["waiting_duties"]).update(tenant=switch.destination)
    pairs = {old: switch.pages[old] for old in switch.carried}
    _execute(_TARGETS, _values(switch.source.pk, switch.destination.pk, pairs, revisions=switch.revisions))


def give_back_duties(switch: Switch, memory: dict[str, Any]) -> None:
    """Undo ``move_duties``."""
    pairs = {switch.pages[old]: old for old in switch.carried}
    _execute(_TARGETS, _values(switch.destination.pk, switch.source.pk, pairs, revisions=-switch.revisions))
    PushTarget.objects.filter(pk__in=memory["waiting_duties"]).update(tenant=switch.source)
    PushTarget.objects.filter(pk__in=memory["ended_duties"]).update(ended_at=None, reason="")


def end_subscriptions(switch: Switch, memory: dict[str, Any]) -> None:
    """Subscriptions of the source end: the destination has its own."""
    open_ones = Subscription.objects.filter(tenant=switch.source, ended_at=None)
    memory["subscriptions"] = list(locking(open_ones).values_list("pk", flat=True))
    Subscription.objects.filter(pk__in=memory["subscriptions"]).update(ended_at=timezone.now())


def give_back_subscriptions(memory: dict[str, Any]) -> None:
    """Undo ``end_subscriptions``."""
    Subscription.objects.filter(pk__in=memory["subscriptions"]).update(ended_at=None)


def end_proposals(switch: Switch, memory: dict[str, Any]) -> None:
    """What the source proposed and waits, and whatever was proposed for its home page, comes to an end with it."""
    state = HomeProposal.State
    by_it = HomeProposal.objects.filter(source=switch.source, state=state.WAITING)
    for_it = HomeProposal.objects.filter(target=switch.source, state__in=(state.WAITING, state.ACCEPTED))
    memory["proposals"] = dict((by_it | for_it).order_by("pk").values_list("pk", "state"))
    said = _("站点已并入“%(site)s”。") % {"site": switch.destination.full_name}
    HomeProposal.objects.filter(pk__in=list(memory["proposals"])).update(state=state.ENDED, answer=said)


def give_back_proposals(memory: dict[str, Any]) -> None:
    """Undo ``end_proposals``. A merge of before there were proposals has none to give back."""
    for pk, state in memory.get("proposals", {}).items():
        HomeProposal.objects.filter(pk=int(pk)).update(state=state, answer="")


# --- inside ------------------------------------------------------------------------------


def _move_resources(tenant_id: int, to: Any, pairs: dict[int, int], revisions: int, clearances: int) -> None:
    values = _values(tenant_id, to.pk, pairs, revisions=revisions, clearances=clearances)
    values["base"] = public_url(to, "")
    # In the order of their keys, as everybody locks several of them.
    list(locking(Resource.objects.filter(tenant_id=tenant_id)).values_list("pk", flat=True))
    _execute(_RESOURCES.format(schema=_quoted(to.schema_name)), values)
    _execute(_VERSIONS, values)


def _move_reposts(tenant_id: int, to: Any, pairs: dict[int, int]) -> None:
    list(locking(Repost.objects.filter(tenant_id=tenant_id)).values_list("pk", flat=True))
    _execute(_REPOSTS.format(schema=_quoted(to.schema_name)), _values(tenant_id, to.pk, pairs))


def _values(tenant_id: int, to: int, pairs: dict[int, int], **more: Any) -> dict[str, Any]:
    return {
        "tenant": tenant_id,
        "to": to,
        "olds": list(pairs),
        "news": list(pairs.values()),
        "now": timezone.now(),
        **more,
    }


def _execute(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _quoted(schema: str) -> str:
    return str(connection.ops.quote_name(schema))
