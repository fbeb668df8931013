"""The tables of the statistics screen, each row with a link to the resources behind it, and the same as CSV."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

from ..models import Resource
from ..vocabularies.queries import find_term, tree
from .charts import share_of
from .counting import Figure, Figures, first_month, month_after, most_reposted, quiet_sites

#: Beginnings that a spreadsheet would take for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
LISTS = ("site", "class", "month", "level", "reposted", "quiet")


@dataclass(frozen=True)
class Row:
    """One row of a table. ``share``: length of its bar, 0 to 100; ``url``: the resources behind it, or ''."""

    label: str
    figure: Figure
    share: float
    url: str


def browse_address(**wanted: str) -> str:
    return f"{reverse('library_browse')}?{urlencode(wanted)}"


def site_rows(figures: Figures) -> list[Row]:
    """Return a row for each site that has resources or is in operation; imports of no site have one row."""
    sites = {str(site.pk): site for site in Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE)}
    rows = list(figures.by_site)
    known = {figure.key for figure in rows}
    silent = [pk for pk, site in sites.items() if pk not in known and site.status == Tenant.Status.LIVE]
    rows += [Figure(pk, 0, 0, 0) for pk in sorted(silent, key=lambda pk: sites[pk].code)]
    largest = max((row.public for row in rows), default=0)
    return [
        Row(
            sites[row.key].full_name if row.key in sites else _("其他平台导入"),
            row,
            share_of(row.public, largest),
            browse_address(site=sites[row.key].code) if row.key in sites else "",
        )
        for row in rows
    ]


def class_rows(figures: Figures) -> list[Row]:
    """Return a row for each top class, in the order of the vocabulary, those without resources included."""
    found = {figure.key: figure for figure in figures.by_class}
    order = [node.row.code for node in tree("subject", retired=False)]
    order += [code for code in found if code and code not in order]
    largest = max((figure.public for figure in figures.by_class), default=0)
    rows = []
    for code in order:
        figure, term = found.get(code, Figure(code, 0, 0, 0)), find_term("subject", code)
        rows.append(
            Row(
                term.label if term else code,
                figure,
                share_of(figure.public, largest),
                browse_address(subject_class=code),
            )
        )
    if "" in found:
        rows.append(Row(_("没有分类"), found[""], share_of(found[""].public, largest), ""))
    return rows


def month_rows(figures: Figures, months: int | None) -> list[Row]:
    """Return a row for each month, oldest first, empty ones included; at most three years for None."""
    found = {figure.key: figure for figure in figures.by_month}
    length = months or 36
    begin = first_month(length)
    keys = [month_after(begin, step).strftime("%Y-%m") for step in range(length)]
    if months is None and found:
        keys = [key for key in keys if key >= min(found)] or keys[-1:]
    rows = [found.get(key, Figure(key, 0, 0, 0)) for key in keys]
    largest = max((row.public for row in rows), default=0)
    return [Row(row.key, row, share_of(row.public, largest), browse_address(month=row.key)) for row in rows]


def level_rows(figures: Figures) -> list[Row]:
    found = {figure.key: figure for figure in figures.by_level}
    largest = max((figure.public for figure in figures.by_level), default=0)
    rows = []
    for level, label in Tenant.Level.choices:
        figure = found.get(level, Figure(level, 0, 0, 0))
        rows.append(Row(str(label), figure, share_of(figure.public, largest), browse_address(level=level)))
    return rows


def written_csv(of: str, figures: Figures, *, months: int | None, days: int) -> str:
    """Return one of ``LISTS`` as CSV with a heading.

    The text begins with a byte order mark, by which spreadsheets know UTF-8; cells that a spreadsheet would take for a
    formula begin with an apostrophe.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for line in _table(of, figures, months, days):
        writer.writerow([plain_cell(cell) for cell in line])
    return "\ufeff" + stream.getvalue()


def _table(of: str, figures: Figures, months: int | None, days: int) -> list[list[Any]]:
    if of == "reposted":
        head = [_("标题"), _("来源"), _("索引号"), _("转载站点数")]
        return [head, *([r.resource.title, _source(r.resource), r.resource.number, r.sites] for r in most_reposted())]
    if of == "quiet":
        head = [_("站点代码"), _("站点"), _("最近发布"), _("最近转载")]
        return [head, *([q.site.code, q.site.full_name, _day(q.own), _day(q.repost)] for q in quiet_sites(days))]
    first, rows = {
        "site": lambda: (_("站点"), site_rows(figures)),
        "class": lambda: (_("主题分类"), class_rows(figures)),
        "month": lambda: (_("月份"), month_rows(figures, months)),
        "level": lambda: (_("层级"), level_rows(figures)),
    }[of]()
    head = [first, _("公开的资源"), _("其中已更正"), _("已撤回")]
    return [head, *([r.label, r.figure.public, r.figure.corrected, r.figure.withdrawn] for r in rows)]


def _source(resource: Resource) -> str:
    return str(resource.tenant.full_name if resource.tenant else resource.get_organisation_display())


def _day(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d") if moment else _("从未")


def plain_cell(cell: Any) -> Any:
    """Return a cell as spreadsheets show it: what they would take for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell
