"""When all jobs have run and every site is open, nothing waits for ever."""

from collections.abc import Iterator

from ..world import SITES, World
from . import Against, When, invariant

_OF_ALL = (
    (
        "a target of a push",
        "SELECT id, state, reason FROM public.pushes_pushtarget WHERE state IN ('waiting', 'postponed')",
    ),
    (
        "a pushed draft without its scan",
        "SELECT id, page_id, reason FROM public.pushes_pushtarget WHERE state = 'delivered' AND NOT followed_up",
    ),
    (
        "a receipt of a recall",
        "SELECT q.id, q.state, q.problem FROM public.pushes_recallreceipt q"
        " JOIN public.pushes_recall r ON r.id = q.recall_id WHERE q.state <> 'confirmed' AND NOT r.restored",
    ),
    ("a recall", "SELECT id, reason FROM public.pushes_recall WHERE ended_at IS NULL"),
    (
        "a reclassification",
        "SELECT id, state FROM public.vocabularies_reclassification WHERE state IN ('waiting', 'running', 'undoing')",
    ),
    (
        "a job",
        "SELECT id, status, args ->> 'task_path' FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        " AND queue_name <> 'owner' AND task_name = 'govplatform.run_in_schema'",
    ),
)
_OF_A_SITE = (
    ("a scan", "SELECT id, state, page_id FROM {s}.confidentiality_scan WHERE state IN ('queued', 'running')"),
    ("a rescan", "SELECT id, state FROM {s}.review_rescanrun WHERE state IN ('queued', 'running')"),
    (
        "a version whose time has come",
        "SELECT id, object_id FROM {s}.wagtailcore_revision WHERE approved_go_live_at <= walk.now()",
    ),
    (
        "a page whose time is over",
        "SELECT id, expire_at FROM {s}.wagtailcore_page WHERE live AND expire_at <= walk.now()",
    ),
)


@invariant(When.END)
def everything_ends(world: World) -> Iterator[Against]:
    """No push, recall, scan, rescan, reclassification, schedule or job is left waiting."""
    for what, query in _OF_ALL:
        for row in world.sql(query):
            yield Against(f"{what} waits: {row}")
    for site in SITES:
        for what, query in _OF_A_SITE:
            for row in world.sql(query.format(s=world.schema(site))):
                yield Against(f"{site}: {what} waits: {row}", {"site": site})


@invariant(When.END)
def nothing_recalled_is_live(world: World) -> Iterator[Against]:
    """No site has a live page of a resource that was taken back."""
    for site in SITES:
        rows = world.sql(
            "SELECT r.page_id, r.mode FROM public.content_library_repost r"
            " JOIN public.content_library_resource x ON x.id = r.resource_id AND x.status = 'withdrawn'"
            f" JOIN {world.schema(site)}.wagtailcore_page p ON p.id = r.page_id AND p.live WHERE r.tenant_id = %s",
            [world.tenant(site).pk],
        )
        for page, mode in rows:
            yield Against(f"{site}: {mode} {page} is live, its source was taken back", {"site": site, "page": page})
