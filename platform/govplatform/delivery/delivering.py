"""Bringing the files of a site up to date: what came down first, then what changed, or everything."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django_tenants.utils import schema_context

from govplatform.addresses.canonical import location_of
from govplatform.addresses.known import Kind
from govplatform.addresses.queries import public_addresses
from govplatform.figures.counted import BAKE_SECONDS, BAKED
from govplatform.locks.alone import alone_at
from govplatform.rendering.reads import ReadOf
from govplatform.rendering.renderer import Renderer
from govplatform.rendering.state import one_state
from govplatform.rendering.together import rendering_together
from govplatform.telling import telling
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.traditional.addresses import PREFIX, has_variant, plain_of, variant_of

from .answers import Baked, bake, store_at
from .changes import key_of, note_visible
from .going_back import go_back
from .models import Change, SiteDelivery, SiteRelease
from .release.layout import AWAY, MISSING
from .releasing import close, delivery_of, is_served, present_files, release, root
from .taking_out import take_out, without_page

logger = logging.getLogger("govplatform.delivery")
Cause = SiteRelease.Cause
Tell = Callable[[int, int], None]
#: How long a verb waits for the publisher, which may be rendering the whole site; and between two looks. In seconds.
IN_TURN_SECONDS, _LOOKED_AGAIN = 60.0, 0.1
#: A new site of that many files or more is rendered on all cores.
_WORTH_HELPERS = 300
#: A page with its files is not more than that.
_MANY_NEW = 50
#: Changes that can be seen by citizens before a whole site is through.
EARLY = Q(everything=False, early=False, back_to__isnull=True)
#: Changes of a page that was published.
OF_PAGES = Q(page__isnull=False)
#: What is public: what the ledger says, and the traditional page of each of its pages where the site shows those.
_PUBLIC = f"""
SELECT path FROM public.addresses_address WHERE tenant_id = %(site)s AND host = '' AND state = 'public'
UNION ALL
SELECT '{PREFIX}' || path FROM public.addresses_address
WHERE %(traditional)s AND tenant_id = %(site)s AND host = '' AND state = 'public'
 AND split_part(path, '?', 1) LIKE '%%/'
"""
#: What is public and in no release, and the other way round. The ledger is right.
_NOT_YET = f"""
SELECT a.path FROM ({_PUBLIC}) a WHERE NOT EXISTS (
 SELECT 1 FROM public.delivery_deliveredfile f
 WHERE f.tenant_id = %(site)s AND f.address = a.path AND f.until IS NULL AND f.status = 200)
"""
_NOT_ANY_MORE = f"""
SELECT f.address FROM public.delivery_deliveredfile f
WHERE f.tenant_id = %(site)s AND f.until IS NULL AND f.status = 200
 AND NOT EXISTS (SELECT 1 FROM ({_PUBLIC}) a WHERE a.path = f.address)
"""


@dataclass
class Delivered:
    """What a delivery came to. ``releases``: those made; ``written``: files that differ."""

    releases: list[SiteRelease] = field(default_factory=list)

    @property
    def written(self) -> int:
        return sum(one.written for one in self.releases)


def deliver(
    tenant: Tenant, *, tell: Tell | None = None, everything: bool = False, once: bool = False
) -> Delivered | None:
    """Bring the site's files up to date with all that has changed; None when another process is doing so.

    ``everything``: render every address again; ``once``: what changes meanwhile is left for another time, as other
    sites wait. May be killed and called again.
    """
    # The renderer leaves the schema in which it was called.
    with schema_context("public"), alone_at(f"delivery:{tenant.pk}") as is_alone:
        if not is_alone:
            return None
        done = Delivered()
        while True:
            tenant.refresh_from_db()
            # its host is asked for at each step
            prefetch_related_objects([tenant], "domains")
            _deliver_once(tenant, done, tell, everything=everything)
            everything = False
            SiteDelivery.objects.filter(pk=tenant.pk).exclude(error="").update(error="")
            if once or not Change.objects.filter(tenant=tenant).exists():
                return done


def deliver_in_turn(tenant: Tenant, *, tell: Tell | None = None, everything: bool = False) -> Delivered | None:
    """``deliver`` for a person who waits: after whoever is at the site just now, as a publisher that was told of the
    same change often is. None when that takes longer than a minute.
    """
    deadline = time.monotonic() + IN_TURN_SECONDS
    while True:
        done = deliver(tenant, tell=tell, everything=everything)
        if done is not None or time.monotonic() >= deadline:
            return done
        time.sleep(_LOOKED_AGAIN)


def deliver_early(tenant: Tenant, *, pages_alone: bool = False) -> Delivered | None:
    """Put what was published in place on a site that is being rendered as a whole, or waits for that; None when another
    process is doing so. ``pages_alone``: of what was published the pages themselves, while many sites wait.

    The changes stay: what the whole site is made of at that moment is older, or has other reads, so that they are
    carried out once more after it.
    """
    with schema_context("public"), alone_at(f"delivery_early:{tenant.pk}") as is_alone:
        if not is_alone:
            return None
        done = Delivered()
        early = Change.objects.filter(EARLY, tenant=tenant).order_by("pk")
        changes = list(early.filter(OF_PAGES) if pages_alone else early)
        state = delivery_of(tenant)
        # Before its first release, or under another name, there is nothing beside which a page could lie.
        if changes and is_served(tenant) and state.host == tenant.public_host:
            _deliver_changes(tenant, state, changes, done, named_alone=True, pages_alone=pages_alone)
            Change.objects.filter(pk__in=[one.pk for one in changes]).update(early=True)
            note_visible(changes)
        return done


def take_down(tenant: Tenant) -> SiteRelease | None:
    """Take out at once whatever is not public any more; short, and beside a delivery that may be running.

    The lists that named it follow with the delivery of the same change.
    """
    with schema_context("public"):
        return _take_down(tenant)


# --- inside ------------------------------------------------------------------------------


def _take_down(tenant: Tenant) -> SiteRelease | None:
    if not is_served(tenant):
        return close(tenant)
    take_out([tenant.pk])
    state = delivery_of(tenant)
    if not state.host:
        return None
    # Of very much that comes down at once the site's release is the first to say it.
    addresses = {*without_page([tenant.pk]).get(tenant.pk, ()), *_asked(_NOT_ANY_MORE, tenant)}
    if not addresses:
        return None
    with _rendering(tenant) as renderer:
        baked = list(_rendered(tenant, renderer, sorted(addresses)))
    return release(tenant, baked, Cause.TAKEN_DOWN, seen=state.number)


def _deliver_once(tenant: Tenant, done: Delivered, tell: Tell | None, *, everything: bool) -> None:
    """Carry out the changes that there are now; of a wish to go back that alone, the rest comes after it."""
    began = time.monotonic()
    changes = list(Change.objects.filter(tenant=tenant).order_by("pk"))
    state = delivery_of(tenant)
    back = [one for one in changes if one.back_to is not None]
    if not is_served(tenant):
        _keep(done, close(tenant))
    elif back and not state.whole:
        changes = back
        _keep(done, go_back(tenant, int(back[-1].back_to or 0), back[-1].reason))
    elif everything or state.whole or any(one.everything for one in changes):
        _deliver_whole(tenant, state, done, tell, anew=everything or state.whole)
    elif changes or present_files(tenant).filter(_over()).exists():
        _deliver_changes(tenant, state, changes, done)
    # Which of them were early may have changed since.
    seen = Change.objects.filter(pk__in=[one.pk for one in changes])
    note_visible(list(seen.filter(early=False).defer("reads")))
    seen.delete()
    BAKE_SECONDS.inc(time.monotonic() - began)


def _deliver_changes(
    tenant: Tenant,
    state: SiteDelivery,
    changes: Sequence[Change],
    done: Delivered,
    *,
    named_alone: bool = False,
    pages_alone: bool = False,
) -> None:
    """``named_alone``: of much that is new altogether, render the pages that ``changes`` name; the rest is a whole
    site's. ``pages_alone``: of what is out of date those pages, and nothing that shows them.
    """
    keys = {key for change in changes for key in change.reads}
    with _rendering(tenant) as renderer, one_state():
        gone, new = _asked(_NOT_ANY_MORE, tenant), _asked(_NOT_YET, tenant)
        if named_alone and len(new) > _MANY_NEW:
            new = [address for address in new if key_of(tenant.pk, (ReadOf.AT, plain_of(address))) in keys]
        if pages_alone:
            stale = present_files(tenant).filter(address__in=_named(tenant, keys))
        else:
            stale = present_files(tenant).filter(Q(reads__overlap=sorted(keys)) | _over())
        wanted = dict.fromkeys([*gone, *new, *stale.order_by("pk").values_list("address", flat=True)])
        baked = list(_rendered(tenant, renderer, wanted))
        if not pages_alone:
            # Whoever stands beside something new has it beside itself, also where that was put in place before.
            fresh = {*new, *_named(tenant, {key for change in changes if change.early for key in change.reads})}
            beside = _beside(tenant, [one for one in baked if one.address in fresh]) - wanted.keys()
            baked += _rendered(tenant, renderer, sorted(beside))
    baked = _once_more(tenant, baked)
    cause = Cause.CHANGE if any(one.status == 200 for one in baked) else Cause.TAKEN_DOWN
    _keep(done, release(tenant, baked, cause, seen=state.number))


def _deliver_whole(tenant: Tenant, state: SiteDelivery, done: Delivered, tell: Tell | None, *, anew: bool) -> None:
    """``anew``: write also what is as it was, into a tree of its own."""
    baked: list[Baked] = []

    def note(done: int, total: int) -> None:
        SiteDelivery.objects.filter(pk=tenant.pk).update(done=done, total=total)

    with _rendering(tenant) as renderer, one_state() as name:
        gone = _asked(_NOT_ANY_MORE, tenant)
        wanted = dict.fromkeys([*_in_order(tenant), *gone, AWAY, MISSING])
        helpers = settings.RENDERING_HELPERS if len(wanted) >= _WORTH_HELPERS else 0
        store = store_at(root())
        with rendering_together(renderer, name, helpers) as together, telling("delivery", note) as noted:
            for address, answer in together.answers((one, location_of(one)) for one in wanted):
                baked.append(bake(tenant.pk, address, location_of(address), answer, store))
                BAKED.inc()
                noted(len(baked), len(wanted))
                if tell is not None:
                    tell(len(baked), len(wanted))
        left = set(present_files(tenant).values_list("address", flat=True)) - wanted.keys()
    baked = _once_more(tenant, baked)
    _keep(done, release(tenant, baked, Cause.WHOLE, seen=state.number, left=_not_gone(tenant, left), whole=anew))
    SiteDelivery.objects.filter(pk=tenant.pk).update(whole=False, done=0, total=0)


def _not_gone(tenant: Tenant, addresses: Iterable[str]) -> list[str]:
    """Without those of which a release says that they are gone or lead on: that is said for ever."""
    gone = set(present_files(tenant).filter(status__in=(301, 410)).values_list("address", flat=True))
    return [address for address in addresses if address not in gone]


def _in_order(tenant: Tenant) -> list[str]:
    """Every public address of the site, what most people ask for first: the home page, lists, the newest pages."""
    rows = public_addresses(tenant).values_list("path", "kind", "since")
    place = {Kind.LIST: 1, Kind.PAGE: 2}

    def rank(row: tuple[str, str, object]) -> tuple[object, ...]:
        path, kind, since = row
        return (0 if path == "/" else place.get(Kind(kind), 3), -since.timestamp(), path)  # type: ignore[attr-defined]

    ordered = [path for path, _kind, _since in sorted(rows, key=rank)]
    if not tenant.traditional:
        return ordered
    # Those who read the simplified page are many more. What both pages need is read once for a handful of addresses.
    return [*ordered, *(variant_of(path) for path in ordered if has_variant(path))]


def _rendered(tenant: Tenant, renderer: Renderer, addresses: Iterable[str]) -> Iterator[Baked]:
    store = store_at(root())
    targets = {address: location_of(address) for address in addresses}
    renderer.ahead(targets.values())
    for address, target in targets.items():
        with renderer.asked(target) as answer:
            yield bake(tenant.pk, address, target, answer, store)
            BAKED.inc()


def _once_more(tenant: Tenant, baked: list[Baked]) -> list[Baked]:
    """Return ``baked``, with those that failed asked once more, in a state that begins now.

    What the application cannot answer is no file, so a page would be gone until something changes that it shows. Of two
    who make the same size of a picture at once, for one, the database refuses whoever began before the other had ended.
    """
    failed = [one.address for one in baked if one.status >= 500 and one.address not in (AWAY, MISSING)]
    if not failed:
        return baked
    logger.warning("%s: %s pages failed and are rendered once more, %s first", tenant.code, len(failed), failed[0])
    with _rendering(tenant) as renderer, one_state():
        again = {one.address: one for one in _rendered(tenant, renderer, failed)}
    return [again.get(one.address, one) for one in baked]


def _beside(tenant: Tenant, baked: Iterable[Baked]) -> set[str]:
    mark = f"{key_of(tenant.pk, (ReadOf.BESIDE, ''))}:"
    found = {key.removeprefix(mark) for one in baked for key in one.reads if key.startswith(mark)}
    # Those that the site does not have are no files.
    both = found | set(map(variant_of, found))
    return set(present_files(tenant).filter(address__in=both).values_list("address", flat=True))


def _named(tenant: Tenant, keys: Iterable[str]) -> list[str]:
    """Addresses of the pages that ``keys`` name, and of their traditional pages."""
    mark = f"{key_of(tenant.pk, (ReadOf.AT, ''))}:"
    plain = [key.removeprefix(mark) for key in keys if key.startswith(mark)]
    return [*plain, *map(variant_of, plain)]


def _over() -> Q:
    """Files that name a day or a term which is over."""
    return Q(good_until__lte=timezone.now())


def _asked(statement: str, tenant: Tenant) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"site": tenant.pk, "traditional": tenant.traditional})
        return [address for (address,) in cursor.fetchall()]


def _keep(done: Delivered, made: SiteRelease | None) -> None:
    if made is not None:
        done.releases.append(made)


@contextmanager
def _rendering(tenant: Tenant) -> Iterator[Renderer]:
    folder = Path(tempfile.mkdtemp(prefix="delivery-"))
    try:
        yield Renderer(public_url(tenant, "").rstrip("/"), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
