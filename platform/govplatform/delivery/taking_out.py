"""Taking what came down out of the files of all sites at once, before anything else is done about it.

A release of a site is rendered, written and signed, which takes its time; a recall may concern a thousand sites. So the
files go first, under one signed list over all hosts (``release.taken_down``), with as many statements for a thousand
sites as for one. Each site's next release says the same and puts the page there that says that it is gone.
"""

import errno
import itertools
import logging
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from govplatform.addresses.known import Kind
from govplatform.locks.holding import locking
from govplatform.rendering.reads import ReadOf
from govplatform.tenancy.models import Tenant
from govplatform.traditional.addresses import PREFIX

from .changes import note_visible
from .keys import publishers_key, sign_list
from .models import Change, DeliveredFile, DownList, SiteDelivery
from .release.held import PATIENCE, held
from .release.taken_down import OfHost, TakenDown, list_in_place, place_list
from .release.trees import Site
from .releasing import in_place, is_served, root

logger = logging.getLogger("govplatform.delivery")
#: Files that a list names at most, which has to be read as a whole. What is more the releases of the sites say.
_MOST = 20_000
_AT_ONCE = 500
#: What lies there and is not public: what the ledger says, and the traditional page of each of its pages where the site
#: shows those. As sets, so that it is never looked up one by one, whatever the database thinks of how many there are.
_NOT_PUBLIC = f"""
WITH named AS (
 SELECT a.tenant_id, a.path FROM unnest(%(of)s::bigint[], %(pages)s::bigint[]) AS r(tenant_id, page_id)
 JOIN public.addresses_address a ON a.tenant_id = r.tenant_id AND a.kind = '{Kind.PAGE}' AND a.object_id = r.page_id
 WHERE a.host = '' AND a.state = 'public'
), known AS (
 SELECT a.tenant_id, a.path FROM public.addresses_address a
 WHERE a.tenant_id = ANY(%(sites)s) AND a.host = '' AND a.state = 'public'
 EXCEPT SELECT tenant_id, path FROM named
), gone AS (
 SELECT f.tenant_id, f.address FROM public.delivery_deliveredfile f
 WHERE f.tenant_id = ANY(%(sites)s) AND f.until IS NULL AND f.status = 200 AND f.place <> ''
 EXCEPT (
  SELECT k.tenant_id, k.path FROM known k
  UNION ALL
  SELECT k.tenant_id, '{PREFIX}' || k.path FROM known k JOIN public.tenancy_tenant t ON t.id = k.tenant_id
  WHERE t.traditional AND split_part(k.path, '?', 1) LIKE '%%/')
)
SELECT f.id FROM gone g
JOIN public.delivery_deliveredfile f ON f.tenant_id = g.tenant_id AND f.address = g.address AND f.until IS NULL
ORDER BY f.tenant_id, f.id LIMIT %(most)s
"""
#: What was taken out and stands in the newest release of its site still.
_PENDING = """
SELECT d.tenant_id, d.host, t.code, d.taken_out, f.place FROM public.delivery_sitedelivery d
JOIN public.tenancy_tenant t ON t.id = d.tenant_id
CROSS JOIN LATERAL (
 SELECT f.place FROM public.delivery_deliveredfile f
 WHERE f.tenant_id = d.tenant_id AND f.until > d.sequence AND f.place <> '' OFFSET 0) f
WHERE d.taken_out > d.sequence AND d.host <> '' ORDER BY d.tenant_id
"""
_END = """
UPDATE public.delivery_deliveredfile f SET until = n.number
FROM unnest(%(sites)s::bigint[], %(numbers)s::bigint[]) AS n(tenant_id, number)
WHERE f.id = ANY(%(rows)s) AND f.tenant_id = n.tenant_id
"""


def take_out(sites: Collection[int] | None = None) -> int:
    """Take whatever came down on ``sites`` (ids; None: on all) out of their files; return how many went.

    Changes that are carried out so far go on as any other. Those of a site stay that is not served any more, or of
    which a release is being put in place just now (unless it is asked for alone, then that is waited for). May be
    killed and called again.
    """
    waiting = Change.objects.filter(down=True) if sites is None else Change.objects.filter(down=True, tenant__in=sites)
    changes = list(waiting.order_by("pk"))
    if not changes:
        return 0
    concerned = Tenant.objects.filter(pk__in={one.tenant_id for one in changes}).prefetch_related("domains")
    served = {tenant.pk: tenant for tenant in concerned if is_served(tenant)}
    if not served:
        return 0
    # Numbers are given, and rows ended, before anything outside says so: no release has them, whoever is killed when.
    with transaction.atomic():
        states = _held(served)
        found, is_all = _coming_down(states, changes)
        if found:
            _end_rows(found)
        through = _through(found, states, is_all)
    carried = [one for one in changes if one.tenant_id in through]
    with transaction.atomic():
        # Of a site that somebody else holds by now a release is being made that goes without them.
        taken = _put_list_in_place({state.pk for state in _held(through)})
        Change.objects.filter(pk__in=[one.pk for one in carried]).update(down=False)
    note_visible(carried)
    return taken


def without_page(sites: Collection[int] | None = None) -> "dict[int, list[str]]":
    """Addresses of which the files were taken out and that have no page yet that says that they are gone, by site;
    those that wait longest first.
    """
    rows = DeliveredFile.objects.filter(until__isnull=True, good_until__isnull=False)
    rows = rows.filter(status=DeliveredFile.GONE, place="")
    if sites is not None:
        rows = rows.filter(tenant__in=sites)
    found: dict[int, list[str]] = {}
    for site, address in rows.order_by("good_until", "pk").values_list("tenant", "address"):
        found.setdefault(site, []).append(address)
    return found


# --- inside ------------------------------------------------------------------------------


def _held(sites: Collection[int]) -> list[SiteDelivery]:
    """The rows of those of ``sites`` of which files lie there, locked."""
    return list(locking(SiteDelivery.objects.filter(pk__in=sites).exclude(host=""), wait=len(sites) == 1))


@dataclass(frozen=True)
class _OnSite:
    """What comes down on a site, under ``number``. ``state``: the site's row, locked."""

    state: SiteDelivery
    number: int
    rows: Sequence[DeliveredFile]


def _coming_down(states: Sequence[SiteDelivery], changes: Sequence[Change]) -> tuple[list[_OnSite], bool]:
    """What lies there and is not public any more, and whether that is all of it."""
    named = [(one.tenant_id, int(page)) for one in changes for page in _recalled_pages(one)]
    most = max(_MOST - len(_pending()), 0)
    asked: dict[str, Any] = {
        "sites": [one.pk for one in states],
        "of": [site for site, _page in named],
        "pages": [page for _site, page in named],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOT_PUBLIC, asked)
        ids = [number for (number,) in cursor.fetchall()]
    rows = DeliveredFile.objects.filter(pk__in=ids).order_by("tenant", "pk").only("tenant", "address", "place", "part")
    by_site = {site: list(those) for site, those in itertools.groupby(rows, key=lambda row: row.tenant_id)}
    found, key = [], publishers_key()
    for state in states:
        if those := by_site.get(state.pk):
            there = in_place(state.host, key)
            number = max(state.number, there.sequence if there is not None else 0) + 1
            found.append(_OnSite(state, number, those))
    return found, len(ids) < most


class _Pending(NamedTuple):
    """A file that was taken out under ``number`` of its site, and that the newest release of it still names."""

    site: int
    host: str
    code: str
    number: int
    place: str


def _pending() -> list[_Pending]:
    with connection.cursor() as cursor:
        cursor.execute(_PENDING)
        return [_Pending(*row) for row in cursor.fetchall()]


def _recalled_pages(change: Change) -> Iterator[str]:
    """Pages that show a resource which was taken back: from the commit on; the ledger hears of it later."""
    site = f"{change.tenant_id}/"
    keys = [key.removeprefix(site).partition(":") for key in change.reads]
    if any(kind == ReadOf.RESOURCE for kind, _colon, _key in keys):
        yield from (key for kind, _colon, key in keys if kind == ReadOf.PAGE)


def _through(found: Sequence[_OnSite], states: Sequence[SiteDelivery], is_all: bool) -> set[int]:
    """Sites of which everything is out that came down."""
    sites = {state.pk for state in states}
    if is_all:
        return sites
    # They were looked at in the order of their numbers.
    last = found[-1].state.pk if found else 0
    return {site for site in sites if site < last}


def _end_rows(found: Sequence[_OnSite]) -> None:
    """The rows end with a number of their own; each address has one instead that waits to be rendered."""
    numbers = {"sites": [one.state.pk for one in found], "numbers": [one.number for one in found]}
    with connection.cursor() as cursor:
        cursor.execute(_END, numbers | {"rows": [row.pk for one in found for row in one.rows]})
    now = timezone.now()
    DeliveredFile.objects.bulk_create(
        [
            DeliveredFile(
                tenant_id=row.tenant_id,
                address=row.address,
                status=DeliveredFile.GONE,
                since=one.number,
                good_until=now,
            )
            for one in found
            for row in one.rows
        ],
        batch_size=_AT_ONCE,
    )
    for one in found:
        one.state.taken_out = one.number
    SiteDelivery.objects.bulk_update([one.state for one in found], ["taken_out"], batch_size=_AT_ONCE)


def _put_list_in_place(sites: Collection[int]) -> int:
    """List, then the files of ``sites``, in this order: whoever is killed in between has left a signed statement of
    what is to go. Returns how many places they were.
    """
    if not any(row.site in sites for row in _pending()):
        return 0
    key = publishers_key()
    numbered = locking(DownList.objects.filter(pk=DownList.objects.get_or_create(pk=DownList.ONE)[0].pk)).get()
    there = list_in_place(root(), key.public_key())
    numbered.sequence = max(numbered.sequence, there.sequence if there is not None else 0) + 1
    numbered.save(update_fields=["sequence"])
    # Read behind the list's row: what others have taken out and no release says yet stays on it.
    hosts, places = dict[str, OfHost](), list[tuple[Site, list[str]]]()
    for site, those in itertools.groupby(_pending(), key=lambda row: row.site):
        rows = list(those)
        named = [row.place for row in rows]
        hosts[rows[0].host] = OfHost(rows[0].code, rows[0].number, frozenset(named))
        if site in sites:
            places.append((Site(root(), rows[0].host), named))
    taken = TakenDown(numbered.sequence, timezone.now().isoformat(timespec="seconds"), hosts)
    envelope = sign_list(taken, key)
    try:
        place_list(root(), envelope)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        _make_room(places, envelope)
    _remove(places)
    return sum(len(named) for _site, named in places)


def _remove(places: Iterable[tuple[Site, list[str]]]) -> None:
    """Whoever holds folders holds up all of them together no longer than one."""
    until = time.monotonic() + PATIENCE
    for site, those in places:
        try:
            site.remove(those, max(until - time.monotonic(), 0.0))
        except OSError:
            # The site's release takes it out too, and says why it cannot; the verifier has the list.
            logger.exception("taking files of %s out failed", site.host)


def _make_room(places: Iterable[tuple[Site, list[str]]], envelope: bytes) -> None:
    """A full disk has no room for the list, and that of the files is what there is. No verifier puts them back before
    it lies there: their folders are held until then. Raises OSError where even that is not enough.
    """
    with ExitStack() as holding:
        for site, those in places:
            holding.enter_context(held(site.folder))
            site.remove_held(those)
            try:
                place_list(root(), envelope)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
            else:
                return
        place_list(root(), envelope)
