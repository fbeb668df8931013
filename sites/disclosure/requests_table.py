"""Requests for information of one organ and year, counted into the statutory table of its annual report."""

from govplatform.cases.disclosure.statistics import TABLE, disclosure_figures
from govplatform.spreadsheets.writing import write_table
from govplatform.tenancy.models import Tenant

from .statutory import TABLES, LaidOut, amount, laid_out

_TABLE = TABLES[TABLE]
_WIDTHS = (24, 24, 44, *(10 for _column in _TABLE.columns))


def requests_table(site: Tenant, year: int) -> LaidOut:
    """Return the table with its sums."""
    return laid_out(_TABLE, disclosure_figures(site, year))


def requests_file(site: Tenant, year: int, kind: str) -> bytes:
    """Return the table as ``csv`` or ``xlsx``: each row says in what groups it stands."""
    figures = disclosure_figures(site, year)
    deepest = max(len(row.of) for row in _TABLE.rows)
    blank = [""] * deepest
    rows = [[*blank, str(_TABLE.head), *("，".join(map(str, (*one.of, one.label))) for one in _TABLE.columns)]]
    for row in _TABLE.rows:
        groups = [str(word) for word in row.of]
        numbers = [f"{amount(figures, _TABLE, row, column):f}" for column in _TABLE.columns]
        rows.append([*groups, *blank[len(groups) :], str(row.label), *numbers])
    return write_table(rows, kind, sheet=str(year), widths=_WIDTHS)
