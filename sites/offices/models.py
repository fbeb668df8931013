"""领导信息 and 机构职能 as pages with fields of their own; lists of columns show them by these (``columns.lists``)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from govplatform.refusals import PlacedReason
from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.rendering import portrait_of
from sites.pages.structured_page import StructuredPage, list_order
from sites.pages.title_panel import PlainTitlePanel

_MAP = "width-800|format-jpeg"


class Leader(StructuredPage):
    """A person who leads: 姓名 is the title, the portrait is the picture of the page."""

    post = models.CharField(_("职务"), max_length=120, blank=True)
    duties = RichTextField(_("工作分工"), blank=True, features=RICH_TEXT_FEATURES)
    biography = RichTextField(_("个人简历"), blank=True, features=RICH_TEXT_FEATURES)
    list_order = list_order()

    library_kind = "leader"
    template = "structured/leader.html"
    FACTS = ("post",)
    NEEDED = ("post", "duties", "biography")
    SECTIONS = ("duties", "biography")
    SCANNED_FIELDS = (*StructuredPage.SCANNED_FIELDS, ("post", "post"))
    content_panels = [
        PlainTitlePanel("title", heading=_("姓名"), placeholder=_("姓名"), help_text=_("公众看到的姓名，不写职务。")),
        FieldRowPanel([FieldPanel("post", help_text=_("例如：县人民政府副县长。")), FieldPanel("list_order")]),
        FieldPanel("picture", heading=_("照片"), help_text=_("正面免冠照片，竖幅；没有照片时页面显示姓氏。")),
        FieldPanel("duties"),
        FieldPanel("biography"),
        FieldPanel("summary", help_text=_("列表里显示在职务下面，例如分管的工作；可以不填。")),
        MultiFieldPanel([FieldPanel("body")], heading=_("其他内容"), classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("领导信息")
        verbose_name_plural = _("领导信息")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(facts=[], post=self.post, portrait=portrait_of(self))
        return context


class Institution(StructuredPage):
    """A body of the government: 机构名称 is the title."""

    functions = RichTextField(_("主要职责"), blank=True, features=RICH_TEXT_FEATURES)
    address = models.CharField(_("办公地址"), max_length=200, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=120, blank=True)
    phone = models.CharField(_("联系电话"), max_length=60, blank=True)
    responsible_person = models.CharField(_("负责人"), max_length=60, blank=True)
    map_picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("位置地图"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: Of the map that is shown here: reviewed with the page, whatever is written at the picture later.
    map_number = models.CharField(
        _("审图号"), max_length=40, blank=True, help_text=_("有位置地图时必填，例如 GS(2026)0000号。")
    )
    list_order = list_order()

    library_kind = "institution"
    template = "structured/page.html"
    FACTS = ("address", "office_hours", "phone", "responsible_person")
    NEEDED = ("functions", "address", "office_hours", "phone", "responsible_person")
    SECTIONS = ("functions",)
    SCANNED_FIELDS = (
        *StructuredPage.SCANNED_FIELDS, ("address", "office address"), ("office_hours", "office hours"),
        ("phone", "office phone"), ("responsible_person", "responsible person"), ("map_number", "map number"),
    )  # fmt: skip
    content_panels = [
        PlainTitlePanel("title", heading=_("机构名称"), placeholder=_("机构名称"), help_text=_("机构的全称。")),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldRowPanel(
                    [
                        FieldPanel("office_hours", help_text=_("例如：工作日 8:30—12:00，13:30—17:30。")),
                        FieldPanel("phone", help_text=_("对外公开的办公电话，不写个人手机。")),
                    ]
                ),
                FieldRowPanel(
                    [
                        FieldPanel("responsible_person", help_text=_("主要负责人的姓名。")),
                        FieldPanel("list_order"),
                    ]
                ),
            ],
            heading=_("联系信息"),
        ),
        FieldPanel("functions"),
        MultiFieldPanel([FieldPanel("map_picture"), FieldPanel("map_number")], heading=_("位置地图")),
        FieldPanel("summary", help_text=_("列表里显示在机构名称下面；可以不填。")),
        MultiFieldPanel([FieldPanel("body")], heading=_("其他内容，例如内设机构"), classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("机构职能")
        verbose_name_plural = _("机构职能")

    def reasons_against_submitting(self) -> list[str]:
        reasons = super().reasons_against_submitting()
        # 《地图管理条例》第二十二条: a map that is shown to the public carries its approval number.
        if self.map_picture_id is not None and not self.map_number.strip():
            reasons.append(PlacedReason(_t("位置地图没有审图号，请填写，或去掉地图。"), "map_number"))
        return reasons

    def scan_facts(self) -> dict[str, Any]:
        facts = super().scan_facts()
        if self.map_picture is not None:
            shown = {"title": self.map_picture.title, "description": self.map_picture.description}
            facts["pictures"] = [
                *facts["pictures"],
                {**shown, "map_number": self.map_number, "is_map": True, "where": "map number"},
            ]
        return facts

    def library_sections(self) -> list[tuple[str, str]]:
        sections = super().library_sections()
        shown = self.map_shown()
        return [*sections, ("", render_to_string("structured/map.html", {"map": shown}))] if shown else sections

    def map_shown(self) -> dict[str, Any] | None:
        """Return ``{"src", "width", "height", "alt", "number"}`` of the map; None without one or its file."""
        if self.map_picture is None:
            return None
        try:
            rendition = self.map_picture.get_rendition(_MAP)
        except OSError:
            # The original is gone from storage: the page still stands, and verify_gate names it.
            return None
        alt = _t("%(name)s位置地图：%(address)s") % {"name": self.title, "address": self.address}
        return {
            "src": rendition.url,
            "width": rendition.width,
            "height": rendition.height,
            "alt": alt,
            "number": self.map_number,
        }

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["map"] = self.map_shown()
        return context
