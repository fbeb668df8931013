"""What came down with a reason: whom it concerns, and what was said of it since; one statement over all sites."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_supervisor
from govplatform.accounts.queries import tenants_where
from govplatform.accounts.roles import EDITOR, REVIEWER_CODES
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.over_sites import ask_sites

from ..models import WithdrawalConfirmation

#: So long a withdrawal is news to those whom it concerns, unless its page is handed in again before.
NEWS = timedelta(days=14)


@dataclass(frozen=True)
class CameDown:
    """The newest withdrawal of a page that is not public. ``verdict``: of whoever looked at it, '' so far.

    ``writers``: ids of the page's owner and of who wrote its newest version; ``reviewers``: of all who decided on it.
    """

    tenant: Tenant
    page_id: int
    title: str
    reason: str
    withdrawn_by: str
    withdrawn_by_id: int | None
    withdrawn_at: datetime
    at_once: bool
    verdict: str
    opinion: str
    looked_by: str
    looked_by_id: int | None
    looked_at: datetime | None
    writers: tuple[int, ...]
    reviewers: tuple[int, ...]

    @property
    def contested(self) -> bool:
        return self.verdict == WithdrawalConfirmation.Verdict.CONTESTED

    @property
    def verdict_label(self) -> str:
        return str(WithdrawalConfirmation.Verdict(self.verdict).label) if self.verdict else ""

    @property
    def last_at(self) -> datetime:
        return self.looked_at or self.withdrawn_at

    @property
    def words(self) -> str:
        """What happened last, in a sentence: who took it down and why, or what somebody else said of it."""
        told = {"title": self.title, "who": self.withdrawn_by or _("平台"), "reason": self.reason}
        if not self.verdict:
            return _("“%(title)s”已由%(who)s撤回：%(reason)s") % told
        told |= {"looked": self.looked_by, "opinion": self.opinion}
        if self.contested:
            return _("“%(title)s”的撤回，%(looked)s提出异议：%(opinion)s") % told
        return _("“%(title)s”的撤回，%(looked)s已确认：%(opinion)s") % told

    def concerns(self, person: int) -> bool:
        """Whether what happened last is news to a person: not their own act, and they had to do with the page."""
        if person == (self.looked_by_id if self.verdict else self.withdrawn_by_id):
            return False
        return person in (*self.writers, *self.reviewers, self.withdrawn_by_id)


_NEWEST = """
SELECT {label} AS schema_name, w.page_id, p.title, w.reason, coalesce(u.full_name, ''), w.withdrawn_by_id,
       w.withdrawn_at, w.break_glass, coalesce(k.verdict, ''), coalesce(k.opinion, ''), coalesce(v.full_name, ''),
       k.reviewer_id, k.decided_at, array_remove(ARRAY[p.owner_id, r.user_id], NULL)::bigint[],
       ARRAY(SELECT DISTINCT d.reviewer_id FROM {s}.review_decision d WHERE d.page_id = w.page_id)::bigint[]
FROM {s}.review_withdrawal w
JOIN {s}.wagtailcore_page p ON p.id = w.page_id AND NOT p.live
LEFT JOIN {s}.wagtailcore_revision r ON r.id = p.latest_revision_id
LEFT JOIN {s}.review_withdrawalconfirmation k ON k.withdrawal_id = w.id
LEFT JOIN public.accounts_user u ON u.id = w.withdrawn_by_id
LEFT JOIN public.accounts_user v ON v.id = k.reviewer_id
WHERE coalesce(k.decided_at, w.withdrawn_at) > {since}
  AND NOT EXISTS (SELECT 1 FROM {s}.review_withdrawal n WHERE n.page_id = w.page_id AND n.id > w.id)
  AND NOT EXISTS (SELECT 1 FROM {s}.review_submission h WHERE h.page_id = w.page_id AND h.submitted_at > w.withdrawn_at)
"""


def came_down(user: User) -> list[CameDown]:
    """Return what came down lately where ``user`` reviews, and for a supervisor what supervisors took down anywhere.

    The newest first. Pages that were handed in again since are left out.
    """
    everywhere = is_supervisor(user)
    sites = Tenant.objects.with_schema().exclude(kind=Tenant.Kind.CONSOLE)
    found = _ask(sites if everywhere else tenants_where(user, REVIEWER_CODES))
    return [item for item in found if item.at_once] if everywhere else found


def news_of_withdrawals(user: User) -> list[CameDown]:
    """Return what came down lately and concerns ``user``: who wrote it, who reviewed it, and who took it down.

    To the last, only what somebody else said of it since is news.
    """
    sites = Tenant.objects.with_schema().exclude(kind=Tenant.Kind.CONSOLE)
    tenants = sites if is_supervisor(user) else tenants_where(user, REVIEWER_CODES | {EDITOR.code})
    return [item for item in _ask(tenants) if item.concerns(user.pk)]


def _ask(tenants: QuerySet[Tenant]) -> list[CameDown]:
    # What a site left behind with a merge is told of where its content is now.
    chosen = tenants.filter(moved_into=None).prefetch_related("domains")
    by_schema = {tenant.schema_name: tenant for tenant in chosen}
    since = timezone.now() - NEWS
    rows = ask_sites(
        lambda schema: sql.SQL(_NEWEST).format(
            label=sql.Literal(schema), s=sql.Identifier(schema), since=sql.Literal(since)
        ),
        by_schema,
    )
    found = []
    for schema, *told, writers, reviewers in rows:
        values: list[Any] = [by_schema[schema], *told, tuple(writers), tuple(reviewers)]
        found.append(CameDown(*values))
    return sorted(found, key=lambda item: item.last_at, reverse=True)
