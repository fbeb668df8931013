"""The switch of a merge: with its commit everything leads to the destination, and nobody there waits for long before.

What is long is what is written for each page and each address outside of the two schemas. It belongs to the source, and
nobody in the destination waits for it: it is written while the chain of the source alone is held, invisible until the
commit like all that the merge has written. Then the chain of the destination is taken, and little is left
(deploy/decisions/058-a-short-switch.md).
"""

import time

from django.db import transaction
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.audit.actions import record_act
from govplatform.locks.holding import hold_chain, hold_chain_giving_way, locking
from govplatform.refusals import Busy
from govplatform.review.models import FrameClearance
from govplatform.tenancy.models import Tenant

from ...models import Merge
from ..parts import Switch, columns, parts
from .ground import Ground, check_constraints, new_numbers
from .places import Places


class _GaveWay(Exception):
    """Somebody who holds the chain of the destination waits for what was written already."""


def prepare_switch(ground: Ground, places: Places) -> Switch:
    """Note what is needed to take the merge back, and have the parts find what they will write."""
    merge = ground.merge
    merge.memory = {
        "pages": [[place.old, place.new, place.is_row] for place in places.by_old.values()],
        "places": [
            [place.old, place.path, place.depth, place.numchild, place.url_path, place.slug, place.old_slug]
            for place in places.carried()
        ],
        "standing": [[new, url_path] for new, url_path in places.standing.items()],
        "old_hosts": places.old_hosts,
        "left": [[kind, reason, pages] for kind, reason, pages in places.left],
        "children": [[page_id, count] for page_id, count in places.children.items()],
        "parts": {},
    }
    switch = switch_of_memory(ground)
    for part in parts():
        part.prepare(switch)
    return switch


def hand_over(ground: Ground, switch: Switch) -> float:
    """Have the parts write what belongs to the source, and take both chains; return when that of the destination was
    asked for (``time.perf_counter``).

    Out of the order of chains, but never in a circle: where somebody in the destination waits for what was written, it
    is undone, and written again when both chains are held. Raises Busy when the destination does not let go in time.
    """
    try:
        with transaction.atomic():
            hold_chain(ground.source.schema_name)
            _write_over(switch)
            asked = time.perf_counter()
            if not hold_chain_giving_way(ground.destination.schema_name):
                raise _GaveWay
            return asked
    except _GaveWay:
        asked = time.perf_counter()
        hold_chain(ground.source.schema_name, ground.destination.schema_name)
        # In the order of locks what lies in the library comes last.
        hold_record(ground, moved_into=ground.destination)
        _write_over(switch)
        return asked


def carry_out_switch(ground: Ground, places: Places, transferred: int, switch: Switch) -> None:
    """What others in the destination wait for; short. With both chains held, up to the commit."""
    merge = ground.merge
    hold_record(ground, moved_into=ground.destination)
    if taken := _taken_meanwhile(ground):
        raise Busy(_("并入期间，并入站点新建了相同地址的页面（%(paths)s），请重新执行。") % {"paths": "、".join(taken)})
    for page_id, count in places.children.items():
        ground.execute(
            "UPDATE {destination}.wagtailcore_page SET numchild = numchild + %s WHERE id = %s", [count, page_id]
        )
    ground.execute("UPDATE {destination}.wagtailcore_collection SET numchild = numchild + 1 WHERE depth = 1")
    made = [one.new for one in places.made]
    numbers = new_numbers(ground, FrameClearance, len(places.columns) + len(made))
    columns().confirm_words(places.columns, made=made, numbers=iter(numbers))
    for part in parts():
        part.switch(switch)
    detail = {
        "source": ground.source.code,
        "destination": ground.destination.code,
        "pages": len(switch.carried),
        "transferred": transferred,
    }
    # The chain of the source ends with it; that of the destination names it.
    record_act("merge.switch", acting_user=merge.requested_by, obj=merge, detail=detail)
    with tenant_context(ground.source):
        record_act("merge.switch", acting_user=merge.requested_by, obj=merge, detail=detail)


def hold_record(ground: Ground, *, moved_into: Tenant | None) -> None:
    """Say where the content of the source is, and hold the record of the merge, which is written last.

    With both chains held.
    """
    Tenant.objects.filter(pk=ground.source.pk).update(moved_into=moved_into)
    locking(Merge.objects.filter(pk=ground.merge.pk)).values_list("pk").get()


def switch_of_memory(ground: Ground) -> Switch:
    """What a merge has carried, by what was noted of it."""
    memory = ground.merge.memory
    first, last, _offset = ground.merge.ranges[Page._meta.db_table]
    return Switch(
        source=ground.source,
        destination=ground.destination,
        pages={old: new for old, new, _is_row in memory["pages"]},
        carried=frozenset(old for old, _new, is_row in memory["pages"] if is_row),
        revisions=ground.offsets["wagtailcore.Revision"],
        clearances=ground.offsets["review.Clearance"],
        images=ground.offsets["media.SiteImage"],
        documents=ground.offsets["media.SiteDocument"],
        files={
            "image": [pk for (pk,) in ground.rows("SELECT id FROM {source}.media_siteimage ORDER BY id")],
            "document": [pk for (pk,) in ground.rows("SELECT id FROM {source}.media_sitedocument ORDER BY id")],
        },
        opened=frozenset(new for _old, new, is_row in memory["pages"] if not is_row and first <= new <= last),
        memory=memory["parts"],
    )


# --- inside ------------------------------------------------------------------------------


def _write_over(switch: Switch) -> None:
    for part in parts():
        part.hand_over(switch)
    # Else the commit would look at each of these rows, with both chains held.
    check_constraints()


def _taken_meanwhile(ground: Ground) -> list[str]:
    """Addresses that somebody in the destination has taken since the places were found."""
    first, last, _offset = ground.merge.ranges[Page._meta.db_table]
    rows = ground.rows(
        "SELECT d.url_path FROM {destination}.wagtailcore_page d JOIN {destination}.wagtailcore_page o"
        " ON o.url_path = d.url_path AND o.id <> d.id WHERE d.id BETWEEN %s AND %s LIMIT 5",
        [first, last],
    )
    return [path for (path,) in rows]
