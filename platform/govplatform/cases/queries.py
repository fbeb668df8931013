"""Reads of cases: by number and code, by who has to do with them, in numbers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import Membership, User
from govplatform.accounts.queries import tenants_where
from govplatform.accounts.roles import CLERK, EDITOR
from govplatform.refusals import Refused
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import superiors_of
from govplatform.ways_of_writing import named_in

from .codes import is_code
from .models import Case, Opinion
from .permissions import may_oversee

#: States of what has ended.
OVER = (Case.State.REPLIED, Case.State.CLOSED)
_STATES = Case.State
#: Letters whose words are looked through, the newest first: those of some years at the desk of a large city.
READ_FOR_WORDS = 50_000
#: Accepted behind the limit of acceptance, whatever became of it: as triggers count it, and as the index has it.
WAS_ACCEPTED_LATE = Q(accepted_at__gt=F("accept_due"))


def desk_of(site: Tenant) -> Tenant:
    """Return the site that takes in what is written on ``site``: itself where it is a portal, else the next one above.

    Departments use the platform of their portal (集中受理):
    《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（二）项.
    Raises Refused where there is no portal that citizens reach.
    """
    for one in (site, *superiors_of(site)):
        if one.kind == Tenant.Kind.PORTAL and one.answers_citizens:
            return one
    raise Refused(_("本站暂时不能接收来信，请拨打页面底部的联系电话。"))


def taking_in(site: Tenant) -> Tenant:
    """Return the desk to which goes what is written on ``site`` from now on.

    Its desk, unless that portal is on its way out (retiring, or closed for a merge): then the next one above, so that
    what lies there comes to an end. Raises Refused where nobody takes in.
    """
    for one in (site, *superiors_of(site)):
        if takes_in(one):
            return one
    raise Refused(_("本站暂时不能接收来信，请拨打页面底部的联系电话。"))


def stays(site: Tenant) -> bool:
    """Whether ``site`` is live and not on its way out: neither retiring nor closed for a merge nor removed."""
    return site.status == Tenant.Status.LIVE and not site.frozen and site.dropped_at is None


def takes_in(site: Tenant) -> bool:
    """Whether ``site`` is a portal that goes on taking in what citizens write."""
    return site.kind == Tenant.Kind.PORTAL and site.answers_citizens and stays(site)


def open_at_desk(desk: Tenant) -> QuerySet[Case]:
    """The cases that ``desk`` took in and that have not ended, wherever they are handled."""
    return Case.objects.filter(desk=desk).exclude(state__in=OVER)


def open_elsewhere(organisation: Tenant) -> QuerySet[Case]:
    """The cases that ``organisation`` answers for the desk of another site and that have not ended."""
    return Case.objects.filter(organisation=organisation).exclude(desk=organisation).exclude(state__in=OVER)


def find_case(number: str) -> Case:
    """Return the case of that number with its sites. Raises Refused where there is none."""
    case = Case.objects.select_related("desk", "organisation", "handler").filter(number=number[:20]).first()
    if case is None:
        raise Refused(_("没有编号为 %(number)s 的来信。") % {"number": number})
    return case


def case_of_sender(number: str, code: str) -> Case | None:
    """Return the case that number and code name, or None: which of the two is wrong is not said."""
    case = Case.objects.select_related("desk", "organisation").filter(number=number.strip()[:20]).first()
    # Asked of a case that there is not as well, so that both take as long.
    fits = is_code(case.number if case else "", code, case.code_hash if case else "0" * 64)
    return case if case is not None and fits else None


def cases_of(user: User) -> QuerySet[Case]:
    """The cases that ``user`` has to do with: of their desks as a clerk, of their sites as an editor; of all sites for
    supervisors.
    """
    if may_oversee(user):
        return Case.objects.all()
    return Case.objects.filter(
        Q(desk__in=tenants_where(user, {CLERK.code}))
        | Q(organisation__in=tenants_where(user, {EDITOR.code}))
        | Q(pk__in=_asked_for_opinion(tenants_where(user, {EDITOR.code})))
    )


def cases_at(site: Tenant, *, as_clerk: bool, as_editor: bool) -> QuerySet[Case]:
    """The cases that are worked on from the console of ``site``."""
    asked = Q(desk=site) if as_clerk else Q(pk__in=[])
    if as_editor:
        asked |= Q(organisation=site)
        # Read first: beside a subquery the index of the site's cases would be of no use.
        if consulted := list(_asked_for_opinion([site]).values_list("case", flat=True)):
            asked |= Q(pk__in=consulted)
    return Case.objects.filter(asked)


def open_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those that have not ended, the most urgent first."""
    found = cases.exclude(state__in=OVER)
    return found.order_by(Coalesce("due_at", "accept_due"), "pk")


def late_cases(cases: QuerySet[Case], now: datetime | None = None) -> QuerySet[Case]:
    """Those whose limit is over and that have not ended, and those that ended behind it."""
    ended = Q(state__in=OVER, ended_at__gt=F("due_at"))
    return cases.filter(is_overdue(now) | ended)


def is_overdue(now: datetime | None = None) -> Q:
    """Of cases: the limit is over, and they have not ended."""
    # As the index of open cases has it: what was not accepted yet has no limit of its answer.
    return ~Q(state__in=OVER) & Q(LessThan(Coalesce("due_at", "accept_due"), now or timezone.now()))


def most_overdue(most: int) -> tuple[int, int, list[tuple[Tenant, int]]]:
    """Return how many cases of all sites are overdue, how many of these nobody answers yet, and the sites that answer
    most of the others with their numbers.
    """
    late = Case.objects.filter(is_overdue()).order_by()
    counted = dict(late.values_list("organisation_id").annotate(Count("pk")))
    first = sorted((one for one in counted.items() if one[0] is not None), key=lambda one: (-one[1], one[0]))[:most]
    sites = Tenant.objects.in_bulk([site for site, _number in first])
    return sum(counted.values()), counted.get(None, 0), [(sites[site], number) for site, number in first]


def overdue_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those whose limit is over and that have not ended, the longest late first."""
    return open_cases(cases).filter(is_overdue())


def marked_with_left(cases: QuerySet[Case]) -> QuerySet[Case]:
    """``cases``, each with ``handler_left``: as ``permissions.has_left``, asked in the same statement."""
    roles = Membership.objects.filter(user=OuterRef("handler"), tenant=OuterRef("organisation"), role=EDITOR.code)
    left = Q(handler__is_active=False) | ~Exists(roles)
    return cases.annotate(handler_left=ExpressionWrapper(Q(handler__isnull=False) & left, output_field=BooleanField()))


def narrow_cases(
    cases: QuerySet[Case], show: str, *, kind: str = "", number: str = "", in_mailbox: bool = False
) -> QuerySet[Case]:
    """``cases`` as an inbox lists them. ``show``: ``open``, ``late``, ``overdue`` (late and not ended),
    ``accepted_late``, ``answered``, ``judged`` or ``all``; ``number``: what it begins with.
    """
    if show == "open":
        cases = open_cases(cases)
    elif show == "late":
        cases = late_cases(cases)
    elif show == "overdue":
        cases = overdue_cases(cases)
    elif show == "accepted_late":
        cases = cases.filter(WAS_ACCEPTED_LATE)
    elif show == "answered":
        cases = cases.filter(state=_STATES.REPLIED)
    elif show == "judged":
        cases = cases.filter(judgement__isnull=False)
    if kind:
        cases = cases.filter(kind=kind)
    if in_mailbox:
        cases = cases.filter(to_leader__isnull=False)
    return cases.filter(number__startswith=number[:20]) if number else cases


def holding_words(cases: QuerySet[Case], words: str) -> tuple[QuerySet[Case], bool]:
    """Return those of ``cases`` with each of ``words`` in title or text, in any way of writing, and whether older ones
    than the newest ``READ_FOR_WORDS`` were left unread.

    For who may read them: to others, finding a letter by its words would tell what it says.
    """
    newest = cases.order_by("-pk").values_list("pk", flat=True)
    unread = newest[READ_FOR_WORDS : READ_FOR_WORDS + 1].first()
    if unread is not None:
        cases = cases.filter(pk__gt=unread)
    return cases.filter(named_in(words, "title", "text")), unread is not None


def cases_for(
    user: User, *, site: Tenant | None = None, kind: str = "", late: bool = False, words: str = ""
) -> QuerySet[Case]:
    """What the verb ``cases`` and the console list for ``user``, newest first. Raises Refused for ``words`` of letters
    that ``user`` oversees and does not read.
    """
    if words and may_oversee(user):
        raise Refused(_("监督人员看不到来信内容，不能按内容查找，请按编号查找。"))
    found = cases_of(user).select_related("desk", "organisation", "handler")
    if site is not None:
        found = found.filter(Q(desk=site) | Q(organisation=site))
    if kind:
        found = found.filter(kind=kind)
    if words:
        found, _unread = holding_words(found, words)
    return (late_cases(found) if late else found).order_by("-pk")


def to_accept(desks: QuerySet[Tenant]) -> QuerySet[Case]:
    """What waits for a clerk of ``desks``: to be accepted, or to be assigned, also anew where a site is gone."""
    gone = Q(state__in=(_STATES.ASSIGNED, _STATES.IN_REVIEW)) & ~working_organisation()
    waits = Q(state__in=(_STATES.SUBMITTED, _STATES.ACCEPTED)) | gone
    return (
        Case.objects.filter(waits, desk__in=desks).select_related("desk", "organisation").order_by("accept_due", "pk")
    )


def to_answer(sites: QuerySet[Tenant]) -> QuerySet[Case]:
    """What waits for an editor of ``sites``."""
    waits = Case.objects.filter(state=_STATES.ASSIGNED, organisation__in=sites)
    return waits.select_related("desk", "organisation").order_by("due_at", "pk")


def opinions_to_give(sites: QuerySet[Tenant]) -> QuerySet[Opinion]:
    """What waits for an editor of ``sites`` to say, to letters that others answer."""
    waits = Opinion.objects.filter(site__in=sites, given_at=None, recalled_at=None).exclude(case__state__in=OVER)
    return waits.select_related("case", "site").order_by("case__due_at", "pk")


def _asked_for_opinion(sites: Iterable[Tenant]) -> QuerySet[Any]:
    return Opinion.objects.filter(site__in=sites, recalled_at=None).values("case")


def working_organisation() -> Q:
    """The site that answers still works: it is not retired, nor is its content elsewhere."""
    return Q(organisation__moved_into=None, organisation__dropped_at=None, organisation__frozen=False) & ~Q(
        organisation__status=Tenant.Status.RETIRED
    )


def published_url(case: Case) -> str:
    """Where its answer is public; '' where it is not."""
    # Whoever was answered together with another one reads the public answer there.
    shown = case.joined_to if case.joined_to is not None else case
    return public_url(shown.organisation, shown.published_path) if shown.organisation and shown.published_path else ""


def shown_to_sender(case: Case, code: str = "") -> dict[str, Any]:
    """What its sender is told, as the verb ``case status`` prints it."""
    return {
        "number": case.number,
        "state": case.state,
        "accepted_on": _day(case.accepted_at),
        "due": case.due,
        "replied_on": _day(case.ended_at) if case.state == Case.State.REPLIED else None,
        "organisation": case.organisation.full_name if case.organisation is not None else None,
        "answer": case.answer if case.state == Case.State.REPLIED else case.closing_reason or None,
    }


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment is not None else None
