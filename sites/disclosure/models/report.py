"""政府信息公开工作年度报告: one a year, with the statutory tables (``statutory``)."""

from typing import Any

from django.db import models
from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from govplatform.refusals import PlacedReason
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.queries import site_path
from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.rendering import rendered_rich_text
from sites.pages.structured_page import StructuredPage
from sites.pages.text import PageText
from sites.pages.title_panel import PlainTitlePanel

from ..figures import FiguresField, FiguresPanel
from ..statutory import TABLES, LaidOut, laid_out, reasons_against

COLUMN_TYPE = "annual"
#: No organ reported on an earlier year: such a number is a slip.
FIRST_YEAR = 2000
#: The parts in the order of the format: heading, field of its text, codes of its tables.
_PARTS = (
    (_("一、总体情况"), "overview", ()),
    (_("二、主动公开政府信息情况"), "", ("documents", "licences", "penalties", "fees")),
    (_("三、收到和处理政府信息公开申请情况"), "", ("requests",)),
    (_("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"), "", ("suits",)),
    (_("五、存在的主要问题及改进情况"), "problems", ()),
    (_("六、其他需要报告的事项"), "other_matters", ()),
)


class AnnualReport(StructuredPage):
    """A report with the parts that 《中华人民共和国政府信息公开条例》第五十条 asks for."""

    year = models.PositiveSmallIntegerField(_("报告年度"), null=True, blank=True)
    overview = RichTextField(_("总体情况"), blank=True, features=RICH_TEXT_FEATURES)
    figures = FiguresField(_("统计表"), default=dict, blank=True)
    problems = RichTextField(_("存在的主要问题及改进情况"), blank=True, features=RICH_TEXT_FEATURES)
    other_matters = RichTextField(_("其他需要报告的事项"), blank=True, features=RICH_TEXT_FEATURES)

    library_kind = "annual_report"
    template = "structured/annual_report.html"
    NEEDED = ("year", "overview", "problems", "other_matters")
    SECTIONS = ("overview", "problems", "other_matters")
    content_panels = [
        PlainTitlePanel("title", help_text=_("例如：云江省人民政府2025年政府信息公开工作年度报告。")),
        FieldRowPanel([FieldPanel("year", help_text=_("报告的是哪一年，例如 2025。"))]),
        FieldPanel("summary"),
        FieldPanel("overview", heading=_("一、总体情况"), help_text=_("送审前必填。")),
        FiguresPanel(
            "figures",
            heading=_("二至四、统计表"),
            help_text=_("按规定格式逐格填写；合计由系统计算，保存后更新；没有发生的不用填。"),
        ),
        FieldPanel("problems", heading=_("五、存在的主要问题及改进情况"), help_text=_("送审前必填。")),
        FieldPanel("other_matters", heading=_("六、其他需要报告的事项"), help_text=_("送审前必填；没有的写“无”。")),
        MultiFieldPanel([FieldPanel("body")], heading=_("其他内容，例如报告全文附件"), classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("信息公开年报")
        verbose_name_plural = _("信息公开年报")

    def tables(self) -> dict[str, LaidOut]:
        """Return the statutory tables with their figures, by code."""
        return {code: laid_out(table, self.figures or {}) for code, table in TABLES.items()}

    def scanned_text(self) -> PageText:
        text = super().scanned_text()
        text.tables = [*(table.plain_rows() for table in self.tables().values()), *text.tables]
        return text

    def reasons_against_submitting(self) -> list[str]:
        reasons = [*super().reasons_against_submitting(), *reasons_against(self.figures or {})]
        same = self._of_the_organ().filter(year=self.year).exclude(pk=self.pk).first() if self.year else None
        if self.year and not FIRST_YEAR <= self.year <= timezone.localdate().year:
            span: dict[str, Any] = {"first": FIRST_YEAR, "year": self.year}
            reasons.append(
                PlacedReason(_t("报告年度“%(year)s”不对，请写四位年份，从 %(first)s 到今年。") % span, "year")
            )
        if same is not None:
            told = {"year": self.year, "title": same.title}
            sentence = _t("%(year)s 年度的年报“%(title)s”已经发布；要改请修改那一篇，或改正报告年度。")
            reasons.append(PlacedReason(sentence % told, "year"))
        return reasons

    def library_sections(self) -> list[tuple[str, str]]:
        tables, sections = self.tables(), []
        for title, name, codes in _PARTS:
            html = str(expand_db_html(getattr(self, name))) if name else ""
            html += "".join(
                render_to_string("structured/statutory_table.html", {"table": tables[code]}) for code in codes
            )
            sections.append((str(title), html))
        return sections

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        tables = self.tables()
        parts = [
            {
                "title": title,
                "body": rendered_rich_text(self, getattr(self, name)) if name and getattr(self, name) else "",
                "tables": [tables[code] for code in codes],
            }
            for title, name, codes in _PARTS
        ]
        context.update(sections=[part for part in parts if part["body"] or part["tables"]], years=self._years())
        return context

    def _of_the_organ(self) -> Any:
        """The public reports in the outermost column of reports that this one stands in.

        A site that took over another one has the reports of both organs, each in its own column.
        """
        outermost = Page.objects.ancestor_of(self).filter(column__column_type=COLUMN_TYPE).order_by("depth")
        above = self.path[: -self.steplen]
        within = Coalesce(Subquery(outermost.values("path")[:1]), Value(above))
        return AnnualReport.objects.live().filter(path__startswith=within)

    def _years(self) -> list[dict[str, Any]]:
        """``[{"year", "url", "current"}]`` of the reports that are public, the newest first."""
        note_read(ReadOf.BELOW, self.path[: 2 * self.steplen])
        found = self._of_the_organ().filter(year__isnull=False).order_by("-year", "-pk")
        return [
            {"year": one.year, "url": site_path(one), "current": one.pk == self.pk}
            for one in found.only("year", "url_path", "path")[:50]
        ]
