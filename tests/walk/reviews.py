"""The review of a page as the walk reads it for itself, from the rows."""

from dataclasses import dataclass

from .world import World

_REVIEWER = {"confidentiality": "confidentiality-reviewer"}


@dataclass(frozen=True)
class Due:
    """The step that waits. ``step``: content, content2, content3 or confidentiality; ``role``: whose it is."""

    task_state: int
    revision: int
    step: str
    role: str


def due(world: World, page: str) -> Due | None:
    """The step of a page under review, else None."""
    site, number = world.page(page)
    s = world.schema(site)
    rows = world.sql(
        f"SELECT t.id, t.revision_id, l.level FROM {s}.wagtailcore_workflowstate w"
        f" JOIN {s}.wagtailcore_taskstate t ON t.id = w.current_task_state_id"
        f" LEFT JOIN {s}.review_contentreviewtask l ON l.task_ptr_id = t.task_id"
        " WHERE w.status = 'in_progress' AND w.object_id = %s",
        [str(number)],
    )
    if not rows:
        return None
    task_state, revision, level = rows[0]
    step = "confidentiality" if level is None else "content" if level == 1 else f"content{level}"
    return Due(task_state, revision, step, _REVIEWER.get(step, "content-reviewer"))


def hands_in(world: World, site: str, number: int, revision: int) -> set[str]:
    """Usernames of all who had a hand in a page up to a revision: created, edited, copied or handed it in."""
    s = world.schema(site)
    rows = world.sql(
        "SELECT u.username FROM public.accounts_user u WHERE u.id IN ("
        f" SELECT owner_id FROM {s}.wagtailcore_page WHERE id = %(page)s"
        f" UNION SELECT r.user_id FROM {s}.wagtailcore_revision r JOIN {s}.django_content_type c"
        "   ON c.id = r.base_content_type_id WHERE c.model = 'page' AND r.object_id = %(page)s::text"
        "   AND r.id <= %(revision)s"
        f" UNION SELECT user_id FROM {s}.wagtailcore_pagelogentry WHERE page_id = %(page)s"
        "   AND action IN ('wagtail.create', 'wagtail.edit', 'wagtail.revert', 'wagtail.copy')"
        f" UNION SELECT w.requested_by_id FROM {s}.wagtailcore_workflowstate w WHERE w.object_id = %(page)s::text)",
        {"page": number, "revision": revision},
    )
    return {name for (name,) in rows}


def named_in_emergency(world: World, page: str, step: str) -> str | None:
    """Who alone may take ``step`` of a page handed in as an emergency; None otherwise."""
    site, number = world.page(page)
    rows = world.sql(
        "SELECT n.emergency, c.username, k.username FROM"
        f" {world.schema(site)}.review_submission n"
        " LEFT JOIN public.accounts_user c ON c.id = n.content_reviewer_id"
        " LEFT JOIN public.accounts_user k ON k.id = n.confidentiality_reviewer_id"
        " WHERE n.page_id = %s ORDER BY n.id DESC LIMIT 1",
        [number],
    )
    if not rows or not rows[0][0]:
        return None
    return str(rows[0][2] if step == "confidentiality" else rows[0][1])


def deciders(world: World, page: str, revision: int, *, besides: str = "") -> set[str]:
    """Who has taken a step of a revision, other than the step ``besides``."""
    site, number = world.page(page)
    rows = world.sql(
        f"SELECT u.username FROM {world.schema(site)}.review_decision d JOIN public.accounts_user u"
        " ON u.id = d.reviewer_id WHERE d.page_id = %s AND d.revision_id = %s AND d.step <> %s",
        [number, revision, besides],
    )
    return {name for (name,) in rows}


def claimers(world: World, page: str, step: Due) -> set[str]:
    """To whom the step is left: who claimed it and, while that person is away, the deputy. Empty when it is free."""
    site, _number = world.page(page)
    rows = world.sql(
        f"SELECT u.username, d.username FROM {world.schema(site)}.review_claim c"
        " JOIN public.accounts_user u ON u.id = c.person_id"
        " LEFT JOIN public.accounts_absence a ON a.person_id = u.id AND a.ended_at IS NULL"
        "   AND (walk.now() AT TIME ZONE 'Asia/Shanghai')::date BETWEEN a.starts_on AND a.ends_on"
        " LEFT JOIN public.accounts_user d ON d.id = a.deputy_id"
        " WHERE c.task_state_id = %s AND c.expires_at > walk.now()",
        [step.task_state],
    )
    if not rows:
        return set()
    claimer, deputy = rows[0]
    holder = deputy or claimer
    return {claimer, holder} if step.role in world.roles(holder, site) else set()


def may_take(world: World, page: str, person: str, step: Due, *, over_claims: bool = False) -> bool:
    """Whether ``person`` may take that step of a page; the same five conditions as in ``rights.md``."""
    site, number = world.page(page)
    named = named_in_emergency(world, page, step.step)
    claimed_by = set() if over_claims else claimers(world, page, step)
    return (
        step.role in world.roles(person, site)
        and person not in hands_in(world, site, number, step.revision)
        and person not in deciders(world, page, step.revision, besides=step.step)
        and named in (None, person)
        and (not claimed_by or person in claimed_by)
    )


def who_may_take(world: World, page: str, step: Due, *, over_claims: bool = False) -> list[str]:
    site, _number = world.page(page)
    return [
        name for name in world.holders(site, step.role) if may_take(world, page, name, step, over_claims=over_claims)
    ]
