"""The common library keeps step with the pages, and the records of reposts with theirs."""

from collections.abc import Iterator

from .. import product
from ..world import SITES, World
from . import Against, When, invariant

_OWN = ("article", "policydocument", "interpretation", "topicpage")


@invariant(When.ROWS)
def resources_follow_their_pages(world: World) -> Iterator[Against]:
    """A live page is in the library under its own title and number, and not withdrawn there; one that came down is."""
    for site in SITES:
        s = world.schema(site)
        rows = world.sql(
            f"SELECT p.id, p.live, x.status, x.title = p.title FROM {s}.wagtailcore_page p"
            f" JOIN {s}.django_content_type c ON c.id = p.content_type_id"
            " LEFT JOIN public.content_library_resource x ON x.tenant_id = %s AND x.page_id = p.id"
            " WHERE c.model = ANY(%s) AND p.first_published_at IS NOT NULL"
            "  AND (x.id IS NULL OR p.live = (x.status = 'withdrawn') OR (p.live AND x.title <> p.title))",
            [world.tenant(site).pk, list(_OWN)],
        )
        for page, live, status, same in rows:
            yield Against(
                f"{site}: page {page}: live {live}, resource {status}, same title {same}", {"site": site, "page": page}
            )


@invariant(When.ROWS)
def versions_grow(world: World) -> Iterator[Against]:
    """The versions of a resource are 1, 2, 3 ...; the current one is the last; none ever goes."""
    known = world.memory.setdefault("versions", {})
    rows = world.sql(
        "SELECT x.id, count(v.id), max(v.number), c.number FROM public.content_library_resource x"
        " JOIN public.content_library_resourceversion v ON v.resource_id = x.id"
        " JOIN public.content_library_resourceversion c ON c.id = x.current_id GROUP BY x.id, c.number"
    )
    for resource, count, last, current in rows:
        if not known.get(resource, 0) <= count == last == current:
            yield Against(
                f"resource {resource}: {count} versions, last {last}, current {current}", {"resource": resource}
            )
        known[resource] = last


@invariant(When.ROWS)
def reposts_follow_their_pages(world: World) -> Iterator[Against]:
    """Each record of a repost has its page, says live when that is live, and no page of a repost is without record."""
    for site in SITES:
        s = world.schema(site)
        rows = world.sql(
            "SELECT r.page_id, r.state, r.mode, p.live FROM public.content_library_repost r"
            f" LEFT JOIN {s}.wagtailcore_page p ON p.id = r.page_id"
            " WHERE r.tenant_id = %s AND (p.id IS NULL OR p.live <> (r.state = 'live'))",
            [world.tenant(site).pk],
        )
        for page, state, mode, live in rows:
            yield Against(f"{site}: {mode} {page}: record {state}, page live {live}", {"site": site, "page": page})
        rows = world.sql(
            f"SELECT page_ptr_id FROM {s}.reposts_repostpage q WHERE NOT EXISTS (SELECT 1"
            " FROM public.content_library_repost r WHERE r.tenant_id = %s AND r.page_id = q.page_ptr_id)",
            [world.tenant(site).pk],
        )
        for (page,) in rows:
            yield Against(f"{site}: repost {page} is not on record", {"site": site, "page": page})


@invariant(When.ROWS)
def a_site_shows_a_source_once(world: World) -> Iterator[Against]:
    """No site shows, or is about to show, one resource on two pages."""
    rows = world.sql(
        "SELECT t.code, r.resource_id, array_agg(r.page_id ORDER BY r.page_id) FROM public.content_library_repost r"
        " JOIN public.tenancy_tenant t ON t.id = r.tenant_id WHERE r.state <> 'withdrawn'"
        " GROUP BY 1, 2 HAVING count(*) > 1"
    )
    for site, resource, pages in rows:
        yield Against(f"{site}: resource {resource} on pages {pages}", {"site": site, "resource": resource})


@invariant(When.ROWS)
def a_copy_names_its_origin(world: World) -> Iterator[Against]:
    """Words that were copied from another site's resource are known as a copy of it, however often they are copied."""
    for (site, page), source in world.memory.get("copied", {}).items():
        rows = world.sql(
            "SELECT x.id FROM public.content_library_resource x, public.content_library_repost r"
            " WHERE x.tenant_id = %s AND x.page_id = %s AND x.origin IS NULL AND r.tenant_id = x.tenant_id"
            "  AND r.page_id = %s AND r.mode = 'copy'",
            [world.tenant(site).pk, page, source],
        )
        for (resource,) in rows:
            yield Against(
                f"{site}: page {page} is a copy of a copy and names no origin",
                {"site": site, "page": page, "resource": resource},
            )


@invariant(When.ROWS)
def a_duty_is_done_by_the_page_that_is_there(world: World) -> Iterator[Against]:
    """A pushed draft that its site deleted leaves the duty open until the site shows the resource on another page, and
    then that page does it."""
    for site in SITES:
        s = world.schema(site)
        rows = world.sql(
            "SELECT g.id, g.page_id, array_agg(r.page_id) FROM public.pushes_pushtarget g"
            " JOIN public.pushes_push h ON h.id = g.push_id JOIN public.content_library_repost r"
            "   ON r.resource_id = h.resource_id AND r.tenant_id = g.tenant_id AND r.state <> 'withdrawn'"
            f" LEFT JOIN {s}.wagtailcore_page p ON p.id = g.page_id"
            " WHERE g.tenant_id = %s AND g.state = 'delivered' AND p.id IS NULL GROUP BY 1, 2",
            [world.tenant(site).pk],
        )
        for target, page, others in rows:
            yield Against(f"{site}: target {target}: page {page} is gone, {others} do not count", {"site": site})


@invariant(When.ROWS)
def a_recall_ends_with_its_receipts(world: World) -> Iterator[Against]:
    """A recall has ended when every receipt is confirmed, not before; and whatever is withdrawn was recalled."""
    rows = world.sql(
        "SELECT r.id FROM public.pushes_recall r WHERE r.ended_at IS NOT NULL AND NOT r.restored AND EXISTS ("
        " SELECT 1 FROM public.pushes_recallreceipt q WHERE q.recall_id = r.id AND q.state <> 'confirmed')"
    )
    for (recall,) in rows:
        yield Against(f"recall {recall} ended before its receipts", {"recall": recall})
    rows = world.sql(
        "SELECT x.id FROM public.content_library_resource x WHERE x.status = 'withdrawn' AND NOT EXISTS ("
        " SELECT 1 FROM public.pushes_recall r WHERE r.resource_id = x.id AND NOT r.restored)"
    )
    for (resource,) in rows:
        yield Against(f"resource {resource} was withdrawn without a recall", {"resource": resource})


@invariant(When.SLOW)
def every_file_is_there(world: World) -> Iterator[Against]:
    """``library housekeeping --verify`` finds every stored file there and undamaged."""
    faults = product.find_blob_faults(verify=True)
    for fault in [*faults.missing, *faults.damaged]:
        yield Against(f"file {fault}")
