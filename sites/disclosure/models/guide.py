"""信息公开指南: how information is put in order, how one gets it, and who answers for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.structured_page import StructuredPage
from sites.pages.title_panel import PlainTitlePanel


class DisclosureGuide(StructuredPage):
    """A guide with the parts that 《中华人民共和国政府信息公开条例》第十二条 names."""

    office_name = models.CharField(_("信息公开工作机构"), max_length=120, blank=True)
    address = models.CharField(_("办公地址"), max_length=200, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=120, blank=True)
    phone = models.CharField(_("联系电话"), max_length=60, blank=True)
    fax = models.CharField(_("传真号码"), max_length=60, blank=True)
    online_contact = models.CharField(
        _("互联网联系方式"), max_length=200, blank=True, help_text=_("电子邮箱，或在线申请的网址。")
    )
    classification = RichTextField(_("信息分类和编排体系"), blank=True, features=RICH_TEXT_FEATURES)
    access = RichTextField(_("获取方式"), blank=True, features=RICH_TEXT_FEATURES)
    on_request = RichTextField(_("依申请公开"), blank=True, features=RICH_TEXT_FEATURES)
    supervision = RichTextField(_("监督和救济"), blank=True, features=RICH_TEXT_FEATURES)

    library_kind = "disclosure_guide"
    template = "structured/page.html"
    FACTS = ("office_name", "address", "office_hours", "phone", "fax", "online_contact")
    NEEDED = ("office_name", "address", "office_hours", "phone", "classification", "access", "on_request")
    SECTIONS = ("classification", "access", "on_request", "supervision")
    SCANNED_FIELDS = (
        *StructuredPage.SCANNED_FIELDS, ("office_name", "disclosure office"), ("address", "office address"),
        ("office_hours", "office hours"), ("phone", "office phone"), ("fax", "fax"),
        ("online_contact", "online contact"),
    )  # fmt: skip
    content_panels = [
        PlainTitlePanel("title", help_text=_("例如：云江省人民政府信息公开指南。")),
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("office_name"),
                FieldPanel("address"),
                FieldRowPanel(
                    [
                        FieldPanel("office_hours", help_text=_("例如：工作日 8:30—12:00，13:30—17:30。")),
                        FieldPanel("phone", help_text=_("受理申请的办公电话。")),
                    ]
                ),
                FieldRowPanel([FieldPanel("fax", help_text=_("没有的不填。")), FieldPanel("online_contact")]),
            ],
            heading=_("受理机构和联系方式"),
        ),
        *[FieldPanel(name) for name in SECTIONS],
        MultiFieldPanel([FieldPanel("body")], heading=_("其他内容，例如申请表附件"), classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("信息公开指南")
        verbose_name_plural = _("信息公开指南")
