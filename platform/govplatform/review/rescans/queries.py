"""Queries about rescans: which pages are scanned, what runs, and the work list over one site or all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql
from wagtail.models import Page, get_page_models

from govplatform.accounts.models import User
from govplatform.accounts.queries import tenants_where
from govplatform.accounts.roles import REVIEWER_CODES
from govplatform.confidentiality.models import Disposition, Severity
from govplatform.confidentiality.place_words import rule_words, where_words
from govplatform.confidentiality.queries import is_held_elsewhere
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_schema
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.over_sites import ask_sites
from govplatform.tenancy.queries import get_tenant
from govplatform.ways_of_writing import literally, ways_of_writing, words_looked_for

from ..models import RescanFinding, RescanRun
from ..permissions import WITHDRAW_AT_ONCE, may_supervise

_CHUNK = 500


def live_pages(since: date | None = None) -> QuerySet[Page]:
    """Return the content that is public on the current site.

    ``since``: only what was published or last changed on that day or later.
    """
    frame = [model for model in get_page_models() if getattr(model, "is_structural", False)]
    types = [found.pk for found in ContentType.objects.get_for_models(*frame).values()]
    pages = Page.objects.filter(live=True, depth__gt=2).exclude(content_type_id__in=types)
    if since is not None:
        start = datetime.combine(since, time.min, timezone.get_current_timezone())
        pages = pages.filter(last_published_at__gte=start)
    return pages


def live_page_ids(since: date | None = None) -> Iterator[int]:
    """Yield the ids of ``live_pages`` in ascending order, read a few hundred at a time."""
    last = 0
    while chunk := list(live_pages(since).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        yield from chunk
        last = chunk[-1]


def lock_name_of_site(schema: str = "") -> str:
    """Return the name of the lock for rescans of the current site, or of the one with that schema."""
    return f"rescan:{schema or current_schema()}"


def is_dead(run: RescanRun) -> bool:
    """Tell whether a run is RUNNING by its row although no process works on it: its process was killed."""
    return run.state == RescanRun.State.RUNNING and not is_held_elsewhere(lock_name_of_site())


@dataclass(frozen=True)
class SiteRun:
    """The newest run of one site. ``dead``: its process was killed; the next run goes on where it was."""

    tenant: Tenant
    run: RescanRun
    dead: bool

    @property
    def working(self) -> bool:
        return self.run.working and not self.dead


@dataclass(frozen=True)
class ItemFilter:
    """What is looked for in the work list; '' asks for everything.

    ``rule``: its id; ``words``: parts of title, excerpt or explanation; ``done``: what was handled, not what is open.
    """

    rule: str = ""
    words: str = ""
    done: bool = False

    def condition(self) -> sql.Composable:
        """The same as a condition on the rows of ``_FOUND``."""
        parts: list[sql.Composable] = [sql.SQL("r.outcome <> ''" if self.done else "r.outcome = ''")]
        if self.rule:
            parts.append(sql.SQL("f.rule = {}").format(sql.Literal(self.rule)))
        for word in words_looked_for(self.words):
            ways = [sql.Literal(f"%{literally(way)}%") for way in ways_of_writing(word)]
            looked_in = sql.SQL("concat_ws(' ', p.title, f.excerpt, f.message, f.attachment_name)")
            parts.append(sql.SQL("({} ILIKE ANY (ARRAY[{}]))").format(looked_in, sql.SQL(", ").join(ways)))
        return sql.SQL(" AND ").join(parts)


@dataclass(frozen=True)
class RescanItem:
    """One line of the work list; the excerpt is masked. ``outcome`` and what belongs to it: of what was handled."""

    tenant: Tenant
    number: int
    page_id: int
    title: str
    rule: str
    severity: str
    where: str
    attachment: str
    excerpt: str
    opened_at: datetime
    due_at: datetime
    asked_at: datetime | None
    outcome: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None
    reason: str = ""

    @property
    def outcome_label(self) -> str:
        return str(RescanFinding.Outcome(self.outcome).label) if self.outcome else ""

    @property
    def late(self) -> bool:
        return self.due_at < timezone.now()

    @property
    def rule_label(self) -> str:
        return rule_words(self.rule)

    @property
    def severity_label(self) -> str:
        return str(Severity(self.severity).label)

    @property
    def place(self) -> str:
        where = where_words(self.where)
        return f"{self.attachment}：{where}" if self.attachment else where


@dataclass(frozen=True)
class SiteItems:
    """How many items of one site are open and late, and when the oldest was found."""

    tenant: Tenant
    open: int
    late: int
    oldest: datetime


def tenants_for(user: User) -> list[Tenant]:
    """Return the sites whose rescans ``user`` may see: where they review, or all of them for a supervisor.

    Without those whose content is on another site, and with it what was found in it.
    """
    tenants = tenants_where(user, REVIEWER_CODES)
    if may_supervise(user, WITHDRAW_AT_ONCE):
        tenants = Tenant.objects.with_schema().exclude(kind=Tenant.Kind.CONSOLE).prefetch_related("domains")
    return list(tenants.filter(moved_into=None).order_by("code"))


_COUNTS = """
SELECT {label} AS schema_name, count(*), count(*) FILTER (WHERE r.due_at < {now}), min(r.opened_at)
FROM {s}.review_rescanfinding r WHERE r.outcome = '' HAVING count(*) > 0
"""
_FOUND = """
FROM {s}.review_rescanfinding r
JOIN {s}.confidentiality_finding f ON f.id = r.finding_id
JOIN {s}.wagtailcore_page p ON p.id = r.page_id
WHERE {wanted}
"""
#: The reason stands with the judgement, which holds for every version that has the same finding.
_ITEMS = (
    """
SELECT {label} AS schema_name, r.id, r.page_id, p.title, f.rule, f.severity, f."where", f.attachment_name, f.excerpt,
       r.opened_at, r.due_at, r.asked_at, r.outcome, r.closed_by_name, r.closed_at,
       coalesce((SELECT d.reason FROM {s}.confidentiality_disposition d
         JOIN {s}.confidentiality_finding g ON g.id = d.finding_id
         WHERE r.outcome <> '' AND d.page_id = r.page_id AND g.key = r.key AND d.decided_at <= r.closed_at
         ORDER BY d.decided_at DESC, d.id DESC LIMIT 1), '')
"""
    + _FOUND
)
_NUMBER = "SELECT {label} AS schema_name, count(*)" + _FOUND
_RULES = "SELECT DISTINCT {label} AS schema_name, f.rule" + _FOUND


_RUNS = """
(SELECT {label} AS schema_name, {columns} FROM {s}.review_rescanrun ORDER BY id DESC LIMIT 1)
"""


def open_counts(tenants: list[Tenant]) -> list[SiteItems]:
    """Return one line per site that has open items, the one that has waited longest first; one statement."""
    by_schema = {tenant.schema_name: tenant for tenant in tenants}
    rows = _ask(_COUNTS, by_schema, sql.SQL("{} ORDER BY 4"))
    return [SiteItems(by_schema[schema], count, late, oldest) for schema, count, late, oldest in rows]


def open_items(
    tenants: list[Tenant], *, first: int = 0, most: int = 50, wanted: ItemFilter | None = None
) -> list[RescanItem]:
    """Return items ``first`` to ``first + most`` of the work list, the first due at its head.

    Of items due at the same time, those that must be handled come first; of what was handled, the newest.
    """
    wanted = wanted or ItemFilter()
    by_schema = {tenant.schema_name: tenant for tenant in tenants}
    # Numbers of our own, and no parameters: what somebody looks for may have a percent sign in it.
    order = f"{'15 DESC' if wanted.done else '11, severity'}, 1, 2 LIMIT {int(most)} OFFSET {int(first)}"
    rows = _ask(_ITEMS, by_schema, sql.SQL("{} ORDER BY " + order), wanted=wanted)
    return [RescanItem(by_schema[row[0]], *row[1:]) for row in rows]


def number_of_items(tenants: list[Tenant], wanted: ItemFilter) -> int:
    """Count the items of these sites that ``wanted`` keeps; one statement."""
    by_schema = {tenant.schema_name: tenant for tenant in tenants}
    return sum(count for _schema, count in _ask(_NUMBER, by_schema, sql.SQL("{}"), wanted=wanted))


def rules_of_items(tenants: list[Tenant], *, done: bool) -> list[tuple[str, str]]:
    """Return ``[(rule, its words)]`` of the items of these sites, for choosing; one statement."""
    by_schema = {tenant.schema_name: tenant for tenant in tenants}
    rows = _ask(_RULES, by_schema, sql.SQL("{}"), wanted=ItemFilter(done=done))
    found = {rule for _schema, rule in rows}
    return sorted(((rule, rule_words(rule)) for rule in found), key=lambda pair: pair[1])


def _ask(
    statement: str,
    by_schema: dict[str, Tenant],
    tail: sql.SQL,
    columns: list[str] | None = None,
    wanted: ItemFilter | None = None,
) -> list[tuple[Any, ...]]:
    named = sql.SQL(", ").join(sql.Identifier(column) for column in columns or ())
    now, kept = sql.Literal(timezone.now()), (wanted or ItemFilter()).condition()

    def asked_in(schema: str) -> sql.Composable:
        return sql.SQL(statement).format(
            label=sql.Literal(schema), s=sql.Identifier(schema), now=now, columns=named, wanted=kept
        )

    return ask_sites(asked_in, by_schema, tail=tail)


def newest_runs(tenants: list[Tenant]) -> dict[int, SiteRun]:
    """Return ``{tenant id: its newest run}`` for those that have one.

    One statement, and one more for each run that is at work.
    """
    by_schema = {tenant.schema_name: tenant for tenant in tenants}
    names = [field.attname for field in RescanRun._meta.concrete_fields]
    found: dict[int, SiteRun] = {}
    rows = _ask(
        _RUNS, by_schema, sql.SQL("{}"), columns=[str(field.column) for field in RescanRun._meta.concrete_fields]
    )
    people = User.objects.in_bulk({row[1 + names.index("requested_by_id")] for row in rows} - {None})
    for schema, *values in rows:
        given = dict(zip(names, values, strict=True))
        given["failures"] = json.loads(given["failures"]) if isinstance(given["failures"], str) else given["failures"]
        run = RescanRun.from_db("default", list(given), list(given.values()))
        run.requested_by = people.get(run.requested_by_id)
        dead = run.state == RescanRun.State.RUNNING and not is_held_elsewhere(lock_name_of_site(schema))
        found[by_schema[schema].pk] = SiteRun(by_schema[schema], run, dead)
    return found


def find_item(number: int) -> RescanFinding | None:
    """Return the item of that number on the current site, open or closed; None when there is none."""
    found = RescanFinding.objects.select_related("finding__scan", "page", "run").filter(pk=number)
    return found.first()


def reason_of(item: RescanFinding) -> str:
    """Return why a handled finding was judged as it was; '' for one that ended without a judgement."""
    if not item.outcome:
        return ""
    given = Disposition.objects.filter(page_id=item.page_id, finding__key=item.key, decided_at__lte=item.closed_at)
    newest = given.first()
    return str(newest.reason) if newest is not None else ""


def asked_corrections() -> QuerySet[RescanFinding]:
    """Return what reviewers of the current site asked its editors to correct, and is not corrected yet."""
    asked = RescanFinding.objects.filter(outcome="", asked_at__isnull=False)
    return asked.select_related("finding", "page").order_by("due_at", "pk")


def newest_run() -> RescanRun | None:
    return RescanRun.objects.select_related("requested_by").first()


def describe_run(run: RescanRun, tenant: Tenant) -> dict[str, Any]:
    """Describe the run as the verb ``rescan`` prints it."""
    return {
        "site": tenant.code,
        "state": run.state,
        **{name: getattr(run, name) for name in ("pages", "scanned", "skipped", "failed", "findings", "new")},
        "rule_pack": run.rule_pack,
        "failures": run.failures,
    }


def sites_to_rescan(code: str | None) -> list[Tenant]:
    """Return the site of that code, or all of them for None.

    Raises Refused for one that is unknown or has no pages of its own.
    """
    if code is None:
        tenants = Tenant.objects.with_schema().exclude(kind=Tenant.Kind.CONSOLE).prefetch_related("domains")
        return list(tenants.order_by("code"))
    tenant = get_tenant(code)
    if tenant.is_console:
        raise Refused(_("监管控制台没有公开的信息，请用 --all 扫描全部站点。"))
    return [tenant]
