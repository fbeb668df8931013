"""What holds personal data: one ``Holder`` a kind, all of them on the sheet that ``settings.RETENTION`` names.

A new kind of rows that hold something of a person gets a holder of its own and a line on that sheet; the job, the
verb, the screen and the record are the same for all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from govplatform.rule_packs.limits import Limit
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant


@dataclass(frozen=True)
class Holder:
    """One kind of rows that hold personal data.

    ``code``: in verbs and in the record; ``goes``, ``stays``: what is removed of them and what is not, in words.
    ``limit``: the term's name in rule packs; it runs from the moment in the field ``since``. '' where they follow
    other rows at once.
    ``kept(site)``: the rows of ``site`` that still hold something and may lose it when the term is over: ended, and
    not held back; of all sites for None. ``site_field``: the site whose rule pack holds, '' for rows in the schemas of
    ``sites()``; there ``kept`` is asked inside each of them, and never for None.
    ``erase(site, keys)``: remove it from these rows, inside a transaction that holds the chain of ``site``; asks
    ``kept`` again behind its locks and returns how many there were.
    """

    code: str
    label: str | Promise
    goes: str | Promise
    stays: str | Promise
    limit: str
    since: str
    site_field: str
    kept: Callable[[Tenant | None], QuerySet[Any]]
    erase: Callable[[Tenant, Sequence[int]], int]
    sites: Callable[[], QuerySet[Tenant]] | None = None

    def __post_init__(self) -> None:
        # Left out by mistake, nothing would ever be removed.
        if bool(self.site_field) == bool(self.sites):
            raise ValueError(f"{self.code}: either rows name their site, or it is said which sites have them")

    def term(self, site: Tenant) -> Limit | None:
        """How long ``site`` keeps it; None where the rows follow others. Raises as ``rule_pack_of``."""
        return rule_pack_of(site).limit(self.limit) if self.limit else None

    def due(self, site: Tenant, now: datetime) -> QuerySet[Any]:
        """The rows of ``site`` whose term is over, the oldest first."""
        rows, term = self.kept(site), self.term(site)
        if term is None:
            return rows.order_by("pk")
        return rows.filter(**{f"{self.since}__lt": term.still_runs_from(now)}).order_by(self.since, "pk")


def standing_sites() -> QuerySet[Tenant]:
    """The sites with a schema of their own that can be written to. A frozen one is on its way into another one, and has
    its turn when that is final (``merged_sites``).
    """
    return Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).filter(frozen=False, dropped_at=None)


def merged_sites() -> QuerySet[Tenant]:
    """The sites whose content has gone into another one for good, and whose schema is kept: what is personal there ends
    as well. Before that nothing is removed, for the merge may be taken back and is proved row by row.
    """
    kept = Tenant.objects.filter(frozen=True, dropped_at=None, moved_into__isnull=False)
    return kept.filter(status=Tenant.Status.RETIRED)


def holders() -> tuple[Holder, ...]:
    """The sheet, in the order in which it is carried out."""
    sheet: tuple[Holder, ...] = import_string(settings.RETENTION)
    return sheet
