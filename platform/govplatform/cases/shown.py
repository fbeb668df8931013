"""What of the cases of a desk anybody may see: answers that are public, and numbers of all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .addresses import REPORTED_ERRORS
from .kinds import Kind
from .models import Case, CaseTally

#: Of a mailbox: that of all leaders together.
ALL = "all"
_YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Narrowed:
    """By what a public list is narrowed down; '' and None: by nothing. ``month``: its first day.

    ``mailbox``: letters to the leaders of a site, ``ALL`` or the id of one's page.
    """

    kind: str = ""
    organisation: str = ""
    year: int | None = None
    month: date | None = None
    mailbox: str = ""

    @property
    def is_narrowed(self) -> bool:
        return self != Narrowed()


def read_narrowed(kind: str, organisation: str, period: str, mailbox: str = "") -> Narrowed:
    """Return what was asked for; ``period``: ``2026`` or ``2026-03``. What cannot be read narrows nothing down."""
    year, month = _read_period(period)
    box = mailbox if mailbox == ALL or (mailbox.isascii() and mailbox.isdigit() and len(mailbox) < 10) else ""
    code = organisation if organisation.isascii() and organisation.isprintable() else ""
    return Narrowed(kind if kind in Kind.values else "", code[:40], year, month, box)


def cases_shown(desk: Tenant, narrowed: Narrowed, *, of: Tenant | None = None) -> QuerySet[Case]:
    """The cases of ``desk`` that are meant, public or not: to be counted alone. ``of``: the site of a mailbox."""
    found = Case.objects.filter(desk=desk)
    if narrowed.kind:
        found = found.filter(kind=narrowed.kind)
    if narrowed.mailbox:
        found = found.filter(to_leader__isnull=False, came_by=of)
        if narrowed.mailbox != ALL:
            found = found.filter(to_leader__page=int(narrowed.mailbox))
    if narrowed.organisation:
        found = found.filter(organisation__code=narrowed.organisation)
    if narrowed.month is not None:
        first = _midnight(narrowed.month)
        following = (narrowed.month.replace(day=28) + timedelta(days=4)).replace(day=1)
        found = found.filter(submitted_at__gte=first, submitted_at__lt=_midnight(following))
    elif narrowed.year is not None:
        found = sent_in(found, narrowed.year)
    return found


def sent_in(cases: QuerySet[Case], year: int) -> QuerySet[Case]:
    """Those of ``cases`` that came in ``year``."""
    first = _midnight(date(year, 1, 1))
    return cases.filter(submitted_at__gte=first, submitted_at__lt=first.replace(year=year + 1))


def tally_shown(desk: Tenant, narrowed: Narrowed) -> QuerySet[CaseTally]:
    """The kept numbers of what ``cases_shown`` returns, where it is not narrowed by a mailbox."""
    found = CaseTally.objects.filter(desk=desk)
    if narrowed.kind:
        found = found.filter(kind=narrowed.kind)
    if narrowed.organisation:
        found = found.filter(organisation__code=narrowed.organisation)
    if narrowed.month is not None:
        found = found.filter(month=narrowed.month)
    elif narrowed.year is not None:
        found = found.filter(month__year=narrowed.year)
    return found


def public_answers(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of ``cases`` whose answer anybody can read as a page, the newest answer first."""
    # What a correction answered stands in the list of reports alone.
    found = cases.filter(state=Case.State.REPLIED).exclude(published_path__in=("", REPORTED_ERRORS))
    return found.select_related("organisation").order_by("-ended_at", "-pk")


def _read_period(period: str) -> tuple[int | None, date | None]:
    year, _dash, month = period.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) in _YEARS):
        return None, None
    if month.isascii() and month.isdigit() and len(month) == 2 and 1 <= int(month) <= 12:
        return int(year), date(int(year), int(month), 1)
    return int(year), None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
