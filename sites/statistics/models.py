"""统计公报 as a page: what it is about in words, and charts that are drawn of their tables."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from govplatform.refusals import PlacedReason
from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.structured_page import StructuredPage
from sites.pages.text import PageText
from sites.pages.title_panel import PlainTitlePanel

from .blocks import ChartsBlock


class StatisticsBulletin(StructuredPage):
    """A bulletin of a year, quarter or month. Notes on how figures were made stand at the end, as readers expect."""

    period = models.CharField(_("统计时期"), max_length=60, blank=True, help_text=_("例如：2025年、2026年前三季度。"))
    compiled_by = models.CharField(_("发布机构"), max_length=120, blank=True)
    overview = RichTextField(_("主要情况"), blank=True, features=RICH_TEXT_FEATURES)
    charts = StreamField(ChartsBlock(), verbose_name=_("统计图"), blank=True)
    notes = RichTextField(_("指标解释和说明"), blank=True, features=RICH_TEXT_FEATURES)

    library_kind = "statistics"
    template = "structured/bulletin.html"
    FACTS = ("period", "compiled_by")
    NEEDED = ("period", "compiled_by", "overview")
    SECTIONS = ("overview", "notes")
    SCANNED_FIELDS = (
        *StructuredPage.SCANNED_FIELDS, ("period", "period"), ("compiled_by", "compiled by"),
    )  # fmt: skip
    content_panels = [
        PlainTitlePanel("title", help_text=_("例如：云江省2025年国民经济和社会发展统计公报。")),
        FieldRowPanel([FieldPanel("period"), FieldPanel("compiled_by", help_text=_("例如：市统计局。"))]),
        FieldPanel("summary"),
        FieldPanel("overview"),
        FieldPanel(
            "charts",
            classname="stream-of-one-kind",
            help_text=_("一块一张图：填图题和单位，把 Excel 里的数据整块复制，粘贴到数据表的第一格。没有图可以不加。"),
        ),
        FieldPanel("notes"),
        MultiFieldPanel([FieldPanel("body")], heading=_("其他内容，例如数据表附件"), classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("统计公报")
        verbose_name_plural = _("统计公报")

    def scanned_text(self) -> PageText:
        text = super().scanned_text()
        for block in self.charts:
            text.body += [str(block.value.get(name) or "") for name in ("title", "unit", "note")]
            text.body.append(str((block.value.get("table") or {}).get("caption") or ""))
            text.tables.append(block.value.rows())
        return text

    def reasons_against_submitting(self) -> list[str]:
        faults = [
            PlacedReason(
                _t("统计图第 %(number)d 张“%(title)s”：%(fault)s")
                % {"number": number, "title": block.value.get("title") or "", "fault": fault},
                "charts",
            )
            for number, block in enumerate(self.charts, 1)
            for fault in block.value.faults()
        ]
        untitled = [
            PlacedReason(_t("统计图第 %(number)d 张没有图题，请填写。") % {"number": number}, "charts")
            for number, block in enumerate(self.charts, 1)
            if not str(block.value.get("title") or "").strip()
        ]
        return [*super().reasons_against_submitting(), *untitled, *faults]

    def library_sections(self) -> list[tuple[str, str]]:
        facts, *sections = super().library_sections()
        # Shapes are nothing that another site could clean and show; the tables say the same.
        tables = [
            (
                str(block.value.get("title") or ""),
                render_to_string("structured/chart_table.html", {"value": block.value}),
            )
            for block in self.charts
        ]
        overview = 1 if self.overview else 0
        return [facts, *sections[:overview], *tables, *sections[overview:]]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["charts"] = [block.value for block in self.charts]
        context["overview"], context["notes"] = (
            next((part for part in context["sections"] if part["title"] == self.label_of(name)), None)
            for name in self.SECTIONS
        )
        return context
