"""The report on a crawl, page by page: as JSON for the verb and as rows for CSV and screen."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.spreadsheets.writing import write_table

from .survey import Survey


def describe_survey(found: Survey) -> dict[str, Any]:
    """Return ``{"pages", "skipped", "addresses"}``; ``addresses``: how many old addresses lead to a page."""
    pages = [
        {
            "address": row.address,
            "title": row.found.title,
            "published_on": row.found.published_at[:10] or None,
            "source": row.found.source,
            "column": row.column.slug,
            "confidence": row.found.confidence,
            "page": row.page,
            "also": row.also,
            "reasons": row.reasons,
        }
        for row in found.pages
    ]
    return {
        "pages": pages,
        "skipped": [{"address": address, "reason": reason} for address, reason in found.skipped],
        "addresses": sum(1 + len(row.also) for row in found.pages),
    }


def report_head() -> tuple[str, ...]:
    """Return the first line of a report as a table."""
    return (
        _("旧网址"),
        _("结果"),
        _("把握"),
        _("标题"),
        _("原发布时间"),
        _("来源"),
        _("栏目"),
        _("页面编号"),
        _("原因与提示"),
    )


def report_table(found: Survey) -> bytes:
    """Return the report as a CSV file for spreadsheets: a line for each old address, what became of it, and why."""
    rows = [report_head()]
    for row in found.pages:
        page = row.found
        told = (f"{page.confidence:.2f}", page.title, page.published_at[:16].replace("T", " "), page.source)
        number = str(row.page or "")
        rows.append((row.address, _("导入"), *told, row.column.title, number, "".join(row.reasons)))
        merged = _("并入 %(address)s") % {"address": row.address}
        rows += [(address, _("并入"), "", page.title, "", "", row.column.title, number, merged) for address in row.also]
    rows += [(address, _("未导入"), "", "", "", "", "", "", reason) for address, reason in found.skipped]
    return write_table(rows, "csv", sheet=_("接收报告"), widths=[40] * len(rows[0]))
