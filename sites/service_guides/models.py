"""办事指南 as a page: 事项名称 is the title; what to bring and how it goes stand as lists of their own."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.external_links import external_mark
from sites.pages.guides_and_policies import policies_named
from sites.pages.questions_about import questions_about
from sites.pages.structured_page import StructuredPage
from sites.pages.text import PageText
from sites.pages.title_panel import PlainTitlePanel

from .blocks import MaterialsBlock, PoliciesBlock, StepsBlock, rows_of
from .choices import EnterpriseEvent, ForWhom, Level, LifeEvent


class ServiceItem(StructuredPage):
    """A guide to one service. What it does not say (``completeness``) is named to those responsible."""

    item_code = models.CharField(_("事项编码"), max_length=60, blank=True)
    organisation = models.CharField(_("实施机构"), max_length=120, blank=True)
    level = models.CharField(_("行使层级"), max_length=12, choices=Level.choices, blank=True)
    for_whom = models.CharField(_("办理对象"), max_length=12, choices=ForWhom.choices, blank=True)
    life_event = models.CharField(_("个人办事主题"), max_length=16, choices=LifeEvent.choices, blank=True)
    enterprise_event = models.CharField(_("企业办事主题"), max_length=16, choices=EnterpriseEvent.choices, blank=True)
    basis = RichTextField(_("设定依据"), blank=True, features=RICH_TEXT_FEATURES)
    #: Only by number (``named_on``): which of them are public is asked when the guide is shown.
    policies = StreamField(PoliciesBlock(), verbose_name=_("所依据的政策文件"), blank=True, default=[], db_default=[])
    conditions = RichTextField(_("受理条件"), blank=True, features=RICH_TEXT_FEATURES)
    materials = StreamField(MaterialsBlock(), verbose_name=_("申请材料"), blank=True)
    without_materials = models.BooleanField(_("不需要提交材料"), default=False)
    steps = StreamField(StepsBlock(), verbose_name=_("办理流程"), blank=True)
    statutory_limit = models.CharField(_("法定办结时限"), max_length=60, blank=True)
    promised_limit = models.CharField(_("承诺办结时限"), max_length=60, blank=True)
    fees = models.CharField(_("收费标准"), max_length=300, blank=True)
    place = models.CharField(_("办理地点"), max_length=200, blank=True)
    office_hours = models.CharField(_("办理时间"), max_length=120, blank=True)
    phone = models.CharField(_("咨询电话"), max_length=60, blank=True)
    complaint_phone = models.CharField(_("监督投诉电话"), max_length=60, blank=True)
    online_address = models.URLField(_("网上办理地址"), blank=True, max_length=500)

    library_kind = "service"
    #: Guides were cleared before they named documents.
    digest_defaults: ClassVar[dict[str, Any]] = {**StructuredPage.digest_defaults, "policies": []}
    template = "structured/service.html"
    FACTS = (
        "item_code", "organisation", "level", "for_whom", "life_event", "enterprise_event", "statutory_limit",
        "promised_limit", "fees", "place", "office_hours", "phone", "complaint_phone",
    )  # fmt: skip
    NEEDED = ("organisation", "for_whom")
    SECTIONS = ("conditions", "basis")
    SCANNED_FIELDS = (
        *StructuredPage.SCANNED_FIELDS, ("item_code", "service code"), ("organisation", "service organisation"),
        ("statutory_limit", "statutory limit"), ("promised_limit", "promised limit"), ("fees", "fees"),
        ("place", "service place"), ("office_hours", "office hours"), ("phone", "office phone"),
        ("complaint_phone", "complaint phone"), ("online_address", "online address"),
    )  # fmt: skip
    content_panels = [
        PlainTitlePanel(
            "title", heading=_("事项名称"), placeholder=_("事项名称"), help_text=_("例如：企业开办、失业保险金申领。")
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("organisation", help_text=_("负责办理的机构全称。")), FieldPanel("level")]),
                FieldRowPanel([FieldPanel("for_whom"), FieldPanel("item_code", help_text=_("事项清单上的编码。"))]),
                FieldRowPanel([FieldPanel("life_event"), FieldPanel("enterprise_event")]),
            ],
            heading=_("事项"),
        ),
        FieldPanel("summary", help_text=_("列表里显示在事项名称下面：办成什么、给谁办。")),
        FieldPanel("conditions"),
        FieldPanel(
            "materials", classname="stream-of-one-kind", help_text=_("一块一份材料；空白表格和填写样例随指南一起送审。")
        ),
        FieldPanel("without_materials"),
        FieldPanel("steps", classname="stream-of-one-kind", help_text=_("按先后一块一个环节。")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("statutory_limit"), FieldPanel("promised_limit")]),
                FieldPanel("fees", help_text=_("不收费的写“不收费”；收费的写标准和依据。")),
            ],
            heading=_("时限和收费"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("place"),
                FieldRowPanel(
                    [
                        FieldPanel("office_hours", help_text=_("例如：工作日 8:30—12:00，13:30—17:30。")),
                        FieldPanel("phone", help_text=_("对外公开的办公电话，不写个人手机。")),
                    ]
                ),
                FieldRowPanel([FieldPanel("complaint_phone"), FieldPanel("online_address")]),
            ],
            heading=_("在哪里办"),
        ),
        FieldPanel("basis"),
        FieldPanel(
            "policies",
            classname="stream-of-one-kind",
            help_text=_("本站发布的政策文件，一块一份。指南和文件互相显示链接；文件的解读也显示在指南上。"),
        ),
        MultiFieldPanel([FieldPanel("body")], heading=_("其他内容，例如常见问题"), classname="collapsed"),
    ]

    class Meta:
        verbose_name = _("办事指南")
        verbose_name_plural = _("办事指南")
        # Each document asks which guides name it.
        indexes = [
            GinIndex(fields=["policies"], opclasses=["jsonb_path_ops"], fastupdate=False, name="services_policies")
        ]

    def named_on(self) -> list[int]:
        """Return the numbers of the policy documents that the guide names and that name it in turn."""
        stored = self.policies.get_prep_value()
        return [block["value"] for block in stored if block["value"] is not None]

    def get_policies_display(self) -> str:
        """Return the titles of the documents named, for who reviews; '' without any."""
        said = [
            document.title if document.live else _t("%(title)s（尚未公开）") % {"title": document.title}
            for block in self.policies
            if (document := block.value) is not None
        ]
        return "、".join(said)

    def verb_facts(self) -> dict[str, Any]:
        return {"policies": self.named_on()}

    def scanned_text(self) -> PageText:
        text = super().scanned_text()
        for block in self.steps:
            text.body += [str(block.value.get(name) or "") for name in ("name", "limit", "text")]
        if rows := rows_of(self.materials):
            text.tables.append(rows)
        return text

    def has_content(self) -> bool:
        return super().has_content() or bool(self.materials) or bool(self.steps)

    def library_sections(self) -> list[tuple[str, str]]:
        facts, *sections = super().library_sections()
        lists = [
            (str(self.label_of(name)), render_to_string(f"structured/service_{name}.html", {name: shown}))
            for name in ("materials", "steps")
            if (shown := self._values(name))
        ]
        # As citizens read it: what it takes, what to bring, how it goes, and what it rests on.
        ahead = 1 if self.conditions else 0
        return [facts, *sections[:ahead], *lists, *sections[ahead:]]

    def _values(self, name: str) -> list[Any]:
        return [block.value for block in getattr(self, name)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(materials=self._values("materials"), steps=self._values("steps"))
        context.update(questions=questions_about(self), policies=policies_named(self.named_on()))
        if self.online_address:
            context["online"] = {"url": self.online_address, "mark": external_mark(self.online_address)}
        context["conditions"], context["basis"] = (
            next((part for part in context["sections"] if part["title"] == self.label_of(name)), None)
            for name in self.SECTIONS
        )
        return context
