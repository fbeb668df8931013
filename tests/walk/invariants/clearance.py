"""What is public was cleared, by people who had no hand in it, and is still exactly that."""

from collections.abc import Iterator

from wagtail.models import Page

from .. import product
from ..world import CONTENT, SITES, World
from . import Against, When, invariant


def _about(site: str, page: int, **more: object) -> dict[str, object]:
    return {"site": site, "page": page, **more}


def _live(world: World, site: str) -> list[tuple[int, int | None, str]]:
    """(page id, live revision, kind) of what citizens can read."""
    s = world.schema(site)
    rows = world.sql(
        f"SELECT p.id, p.live_revision_id, c.model FROM {s}.wagtailcore_page p"
        f" JOIN {s}.django_content_type c ON c.id = p.content_type_id WHERE p.live AND c.model = ANY(%s) ORDER BY p.id",
        [list(CONTENT)],
    )
    return [(page, revision, kind) for page, revision, kind in rows]


@invariant(When.ROWS)
def every_live_page_has_one_clearance(world: World) -> Iterator[Against]:
    """A live page carries exactly one valid clearance, for the very version that is live."""
    for site in SITES:
        s = world.schema(site)
        for page, revision, _kind in _live(world, site):
            (count,) = world.sql(
                f"SELECT count(*) FROM {s}.review_clearance"
                " WHERE page_id = %s AND revision_id = %s AND status = 'valid'",
                [page, revision],
            )[0]
            if count != 1:
                yield Against(f"{site}: page {page} is live with {count} clearances", _about(site, page))


@invariant(When.ROWS)
def as_many_people_as_steps(world: World) -> Iterator[Against]:
    """Every clearance that holds stands on approvals of its own digest, each step by another person."""
    for site in SITES:
        rows = world.sql(
            "SELECT page_id, levels, count(DISTINCT step), count(DISTINCT reviewer_id)"
            f" FROM ({_approvals(world, site)}) a"
            " GROUP BY id, page_id, levels"
            " HAVING count(DISTINCT step) <= levels OR count(DISTINCT reviewer_id) < count(DISTINCT step)"
        )
        for page, levels, steps, people in rows:
            yield Against(
                f"{site}: page {page} was cleared by {people} people in {steps} of {levels + 1} steps",
                _about(site, page),
            )


@invariant(When.ROWS)
def nobody_cleared_their_own(world: World) -> Iterator[Against]:
    """Nobody approved a version that they had created, written, copied or handed in, it or an earlier one."""
    for site in SITES:
        s = world.schema(site)
        rows = world.sql(
            f"SELECT DISTINCT a.page_id, u.username FROM ({_approvals(world, site)}) a"
            f" JOIN public.accounts_user u ON u.id = a.reviewer_id JOIN {s}.wagtailcore_page p ON p.id = a.page_id"
            " WHERE p.owner_id = a.reviewer_id"
            f" OR EXISTS (SELECT 1 FROM {s}.wagtailcore_revision r WHERE r.object_id = a.page_id::text"
            "   AND r.id <= a.revision_id AND r.user_id = a.reviewer_id)"
            f" OR EXISTS (SELECT 1 FROM {s}.review_submission n WHERE n.page_id = a.page_id"
            "   AND n.submitted_at <= a.decided_at AND n.submitted_by_id = a.reviewer_id)"
        )
        for page, person in rows:
            yield Against(f"{site}: page {page} was approved by its own {person}", _about(site, page))


def _approvals(world: World, site: str) -> str:
    """Statement: the approvals on which each valid clearance stands, those since the page was last handed in."""
    s = world.schema(site)
    return (
        "SELECT c.id, c.page_id, c.revision_id, c.levels, d.step, d.reviewer_id, d.decided_at"
        f" FROM {s}.review_clearance c CROSS JOIN LATERAL (SELECT max(n.submitted_at) AS since"
        f"   FROM {s}.review_submission n WHERE n.page_id = c.page_id AND n.submitted_at <= c.granted_at) h"
        f" LEFT JOIN {s}.review_decision d ON d.page_id = c.page_id AND d.revision_id = c.revision_id"
        "   AND d.digest = c.digest AND d.verdict = 'approved' AND d.decided_at BETWEEN h.since AND c.granted_at"
        " WHERE c.status = 'valid'"
    )


@invariant(When.ROWS)
def stored_is_what_was_cleared(world: World) -> Iterator[Against]:
    """The content, metadata and files of a live page are, to the byte, those of its clearance."""
    for site in SITES:
        s = world.schema(site)
        cleared = dict(
            world.sql(
                f"SELECT p.id, c.digest FROM {s}.wagtailcore_page p JOIN {s}.review_clearance c"
                " ON c.page_id = p.id AND c.revision_id = p.live_revision_id AND c.status = 'valid' WHERE p.live"
            )
        )
        with world.inside(site):
            for page in Page.objects.filter(pk__in=cleared).specific():
                if product.page_digest(page) != cleared[page.pk]:
                    yield Against(f"{site}: page {page.pk} is not what was cleared", _about(site, page.pk))


@invariant(When.ROWS)
def policies_in_hebei_are_read_twice(world: World) -> Iterator[Against]:
    """Where the rule pack asks for two content reviews, no policy or interpretation went out with one (unless in an
    emergency)."""
    s = world.schema("shi")
    rows = world.sql(
        f"SELECT c.page_id FROM {s}.review_clearance c JOIN {s}.wagtailcore_page p ON p.id = c.page_id"
        f" JOIN {s}.django_content_type t ON t.id = p.content_type_id"
        f" JOIN LATERAL (SELECT n.emergency FROM {s}.review_submission n WHERE n.page_id = c.page_id"
        "   AND n.submitted_at <= c.granted_at ORDER BY n.id DESC LIMIT 1) h ON true"
        " WHERE t.model IN ('policydocument', 'interpretation') AND c.levels < 2 AND NOT h.emergency"
    )
    for (page,) in rows:
        yield Against(f"shi: page {page} was read by one content reviewer alone", _about("shi", page))


@invariant(When.ROWS)
def one_person_one_step(world: World) -> Iterator[Against]:
    """Nobody takes two steps of one version."""
    for site in SITES:
        rows = world.sql(
            f"SELECT page_id, revision_id, reviewer_id FROM {world.schema(site)}.review_decision"
            " GROUP BY 1, 2, 3 HAVING count(DISTINCT step) > 1"
        )
        for page, revision, person in rows:
            yield Against(f"{site}: {person} took two steps of page {page} at {revision}", _about(site, page))


@invariant(When.ROWS)
def one_review_of_the_newest(world: World) -> Iterator[Against]:
    """A page has one review at most, it is of its newest version, and the page is there."""
    for site in SITES:
        s = world.schema(site)
        rows = world.sql(
            "SELECT w.object_id::bigint, count(*), bool_and(p.id IS NOT NULL),"
            f" bool_and(t.revision_id = p.latest_revision_id) FROM {s}.wagtailcore_workflowstate w"
            f" LEFT JOIN {s}.wagtailcore_taskstate t ON t.id = w.current_task_state_id"
            f" LEFT JOIN {s}.wagtailcore_page p ON p.id = w.object_id::bigint WHERE w.status = 'in_progress'"
            " GROUP BY 1 HAVING NOT (count(*) = 1 AND bool_and(p.id IS NOT NULL)"
            "   AND coalesce(bool_and(t.revision_id = p.latest_revision_id), false))"
        )
        for page, count, there, newest in rows:
            yield Against(
                f"{site}: page {page}: {count} reviews, page there {there}, newest {newest}", _about(site, page)
            )


@invariant(When.ROWS)
def a_clearance_holds_for_something(world: World) -> Iterator[Against]:
    """A valid clearance belongs to the version that is live or to one that waits for its time, and no version waits
    without one."""
    for site in SITES:
        s = world.schema(site)
        idle = world.sql(
            f"SELECT c.page_id, c.revision_id FROM {s}.review_clearance c"
            f" JOIN {s}.wagtailcore_page p ON p.id = c.page_id"
            f" LEFT JOIN {s}.wagtailcore_revision r ON r.id = c.revision_id WHERE c.status = 'valid'"
            "  AND NOT (p.live AND p.live_revision_id = c.revision_id) AND r.approved_go_live_at IS NULL"
        )
        for page, revision in idle:
            yield Against(
                f"{site}: page {page}: the clearance of version {revision} is for nothing", _about(site, page)
            )
        waiting = world.sql(
            f"SELECT r.object_id::bigint, r.id FROM {s}.wagtailcore_revision r WHERE r.approved_go_live_at IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {s}.review_clearance c WHERE c.revision_id = r.id AND c.status = 'valid')"
        )
        for page, revision in waiting:
            yield Against(f"{site}: page {page}: version {revision} waits uncleared", _about(site, page))


@invariant(When.ROWS)
def an_approval_is_not_forgotten(world: World) -> Iterator[Against]:
    """What was cleared for a later time goes live then, or somebody's act ended it: a withdrawal, a newer clearance, or
    a refusal on record."""
    for site in SITES:
        s = world.schema(site)
        rows = world.sql(
            f"SELECT c.page_id, c.revision_id FROM {s}.review_clearance c"
            f" JOIN {s}.wagtailcore_revision r ON r.id = c.revision_id WHERE c.status = 'revoked'"
            "  AND (r.content ->> 'go_live_at')::timestamptz > c.granted_at"
            "  AND NOT EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.chain = %s AND e.object_id = c.page_id::text"
            "    AND ((e.act IN ('page.publish') AND (e.detail ->> 'revision')::bigint = c.revision_id)"
            "     OR (e.at >= c.granted_at AND e.act IN ('page.withdraw', 'page.withdraw_at_once',"
            "         'page.schedule_refused', 'library.repost_taken_down'))))",
            [s],
        )
        for page, revision in rows:
            yield Against(f"{site}: page {page}: approved version {revision} vanished", _about(site, page))


@invariant(When.ROWS)
def standing_clearances_publish_what_was_pushed(world: World) -> Iterator[Against]:
    """Under a standing clearance goes out the very version of the source that was pushed, and nothing that a reviewer
    of the site had sent back."""
    for site in SITES:
        s = world.schema(site)
        rows = world.sql(
            f"SELECT DISTINCT e.object_id::bigint, q.page_ptr_id IS NULL,"
            f" EXISTS (SELECT 1 FROM {s}.review_decision d WHERE d.page_id = e.object_id::bigint"
            "   AND d.verdict = 'rejected' AND d.decided_at < e.at)"
            f" FROM public.audit_entry e LEFT JOIN {s}.reposts_repostpage q ON q.page_ptr_id = e.object_id::bigint"
            " WHERE e.chain = %s AND e.act = 'standing.publish'",
            [s],
        )
        for page, own_words, sent_back in rows:
            if own_words:
                yield Against(
                    f"{site}: page {page} with words of its own went out unread", _about(site, page, unread=True)
                )
            if sent_back:
                yield Against(f"{site}: page {page} had been sent back", _about(site, page, sent_back=True))


@invariant(When.SLOW)
def the_gate_finds_nothing(world: World) -> Iterator[Against]:
    """``verify_gate`` finds no fault on any site."""
    for site in SITES:
        with world.inside(site):
            _checked, faults = product.find_gate_faults()
            faults = [*faults, *product.find_frame_faults(world.tenant(site))]
        for fault in faults:
            yield Against(f"{site}: {fault}", _about(site, fault["page"]))
