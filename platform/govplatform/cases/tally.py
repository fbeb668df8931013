"""Reading the numbers that triggers keep (``models/tally.py``), and keeping them few."""

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from .counted import Counted, Numbers
from .models import CaseTally

#: The numbers of a row, as the columns of the table are called.
FIELDS = (
    "received", "answered", "published", "shown", "satisfied", "fairly", "dissatisfied", "accepted_late", "late",
    "abuse",
)  # fmt: skip
_KEY = "desk_id, organisation_id, kind, month"
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in (*FIELDS, "took"))
#: One statement: who reads meanwhile sees the rows as they were, or put together.
_FOLD = f"""
WITH gone AS (DELETE FROM public.cases_casetally RETURNING *)
INSERT INTO public.cases_casetally ({_KEY}, {", ".join((*FIELDS, "took"))})
SELECT {_KEY}, {_SUMS} FROM gone GROUP BY {_KEY} HAVING sum(received) <> 0
"""
_ANEW = "SELECT public.gov_tally_anew()"


def tallied(rows: QuerySet[CaseTally]) -> list[Counted]:
    """Return the numbers of ``rows`` by kind, organisation and month, oldest month first, as ``count_cases`` does."""
    sums = {name: Sum(name) for name in (*FIELDS, "took")}
    found: Any = (
        rows.order_by()
        .values("kind", "organisation__code", "month")
        .annotate(**{f"all_{name}": total for name, total in sums.items()})
        .order_by("month", "kind", "organisation__code")
    )
    return [_counted(row) for row in found if row["all_received"]]


def tallied_by_site(rows: QuerySet[CaseTally]) -> list[tuple[int, int | None, Numbers]]:
    """Return (desk, organisation or None, numbers) of ``rows``: what each site took in, and who answered it."""
    sums = {f"all_{name}": Sum(name) for name in (*FIELDS, "took")}
    found: Any = rows.order_by().values("desk_id", "organisation_id").annotate(**sums)
    return [(row["desk_id"], row["organisation_id"], _numbers(row)) for row in found if row["all_received"]]


def totals(rows: QuerySet[CaseTally], *names: str) -> dict[str, int]:
    """Return the sums of these FIELDS."""
    found = rows.aggregate(**{f"all_{name}": Sum(name) for name in names})
    return {name: found[f"all_{name}"] or 0 for name in names}


def fold_tally() -> None:
    """Put the rows of each key together. Nobody waits for it, and it may be killed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD)


def count_anew() -> None:
    """Count everything from the cases themselves, in place of what was kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ANEW)


def _counted(row: dict[str, Any]) -> Counted:
    month: date = row["month"]
    return Counted(row["kind"], row["organisation__code"] or "", month, _numbers(row))


def _numbers(row: dict[str, Any]) -> Numbers:
    kept = {name: row[f"all_{name}"] or 0 for name in FIELDS if name not in ("late", "abuse")}
    return Numbers(**kept, took=row["all_took"] or timedelta())
