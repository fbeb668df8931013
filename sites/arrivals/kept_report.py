"""The report on an uploaded crawl, kept line by line, so that it can be read, filtered and downloaded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.spreadsheets.writing import write_table
from govplatform.ways_of_writing import named_in

from .keeping import key_for
from .models import Arrival, OldAddress, SurveyedAddress
from .reporting import report_head
from .survey import PageRow, Survey

#: A page that was read with less confidence is one to look at; the product's own number.
DOUBTFUL_BELOW = 0.8
_BATCH = 1_000
_LONGEST = 255
FILTERS: Mapping[str, Any] = MappingProxyType(
    {
        "page": _l("导入的网页"),
        "doubtful": _l("存疑的网页"),
        "merged": _l("重复的网址"),
        "skipped": _l("不导入的网址"),
    }
)


@dataclass(frozen=True)
class Counts:
    """How many lines of each kind a report has; all: every address."""

    all: int
    page: int
    doubtful: int
    merged: int
    skipped: int


def keep_report(arrival: Arrival, found: Survey) -> None:
    """Keep the report on a crawl in place of the one before."""
    with transaction.atomic():
        SurveyedAddress.objects.filter(arrival=arrival).delete()
        SurveyedAddress.objects.bulk_create(_rows(arrival, found), batch_size=_BATCH)


def _rows(arrival: Arrival, found: Survey) -> Iterable[SurveyedAddress]:
    number = 0
    for row in found.pages:
        number += 1
        yield _row_of_page(arrival, found, row, number)
        for address in row.also:
            number += 1
            yield _line(
                arrival, found, address, number, "merged", leads_to=row.address, title=row.found.title[:_LONGEST]
            )
    for address, reason in found.skipped:
        number += 1
        yield _line(arrival, found, address, number, "skipped", reason=reason)


def _row_of_page(arrival: Arrival, found: Survey, row: PageRow, number: int) -> SurveyedAddress:
    page = row.found
    return _line(
        arrival,
        found,
        row.address,
        number,
        "page",
        title=page.title[:_LONGEST],
        published_at=parse_datetime(page.published_at) if page.published_at else None,
        source=page.source[:_LONGEST],
        column=row.column.title[:_LONGEST],
        confidence=page.confidence,
        doubtful=page.confidence < DOUBTFUL_BELOW,
        reasons=row.reasons,
    )


def _line(arrival: Arrival, found: Survey, address: str, number: int, result: str, **values: object) -> SurveyedAddress:
    content = found.contents.get(address, ("", ""))[0]
    return SurveyedAddress(
        arrival=arrival, number=number, address=address, key=key_for(address), content=content, result=result, **values
    )


def report_lines(arrival: Arrival, wanted: str = "", words: str = "") -> QuerySet[SurveyedAddress]:
    """Return the lines of a report; ``wanted``: a key of FILTERS, "" for all; ``words``: in title or address."""
    lines = SurveyedAddress.objects.filter(arrival=arrival)
    if wanted == "doubtful":
        lines = lines.filter(doubtful=True)
    elif wanted in FILTERS:
        lines = lines.filter(result=wanted)
    return lines.filter(named_in(words, "address", "title"))


def counts_of(arrival: Arrival) -> Counts:
    """Count the lines of a report."""
    lines = SurveyedAddress.objects.filter(arrival=arrival)
    by_result = {name: lines.filter(result=name).count() for name in ("page", "merged", "skipped")}
    return Counts(all=sum(by_result.values()), doubtful=lines.filter(doubtful=True).count(), **by_result)


def outcomes_of(arrival: Arrival, lines: Iterable[SurveyedAddress]) -> dict[str, OldAddress]:
    """Return {key: what became of it} for lines whose addresses an import has reached."""
    keys = {line.key for line in lines}
    made = OldAddress.objects.filter(host=arrival.host, key__in=keys).select_related("page", "cleared_under")
    return {one.key: one for one in made}


def stored_report_table(arrival: Arrival) -> bytes:
    """Return the kept report as a CSV file for spreadsheets, a line for each address."""
    lines = list(report_lines(arrival))
    made = dict(OldAddress.objects.filter(host=arrival.host, page__isnull=False).values_list("key", "page_id"))
    rows = [report_head()]
    for line in lines:
        reason = "".join(line.reasons) or line.reason
        if line.leads_to:
            reason = _("并入 %(address)s") % {"address": line.leads_to}
        sure = "" if line.confidence is None else f"{line.confidence:.2f}"
        told = (str(line.get_result_display()), sure, line.title, line.published, line.source, line.column)
        rows.append((line.address, *told, str(made.get(line.key, "")), reason))
    return write_table(rows, "csv", sheet=_("接收报告"), widths=[40] * len(rows[0]))
