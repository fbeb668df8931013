"""首页: the home page of a site, put together from what has been published."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager

from govplatform.review.frame.forms import FrameForm, WaitingPanel
from govplatform.review.pages import StructuralPageMixin
from sites.pages.content_page import PublicPageMixin
from sites.pages.given_addresses import AddressStyle

from .headline import HeadlinePanel
from .layout import sections_of
from .queries import home_blocks


class HomePage(StructuralPageMixin, PublicPageMixin, Page):
    """A site's home page, one per site.

    Its headline is the page that the administrator has pinned; without one, the newest article with a picture.
    """

    headline_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("头条"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("不选时自动取最新的带题图的信息。"),
    )
    #: How new pages of the site get their addresses (``sites.pages.given_addresses``).
    address_style = models.CharField(
        _("网址方式"),
        max_length=8,
        choices=AddressStyle.choices,
        default=AddressStyle.DATE,
        db_default=AddressStyle.DATE.value,
        help_text=_("本站新写的信息自动得到的网址；已有的网址不变。"),
    )

    #: Order and form of the sections, ``["policies:pairs", …]`` (``layout.py``); empty: as the platform has it.
    sections = models.JSONField(_("首页版块"), default=list, blank=True, db_default=[])
    #: Words and pictures that a reviewer has confirmed; rows of ``layout.ROWS``.
    logo = models.JSONField(_("标识"), default=list, blank=True, db_default=[])
    banner = models.JSONField(_("横幅"), default=list, blank=True, db_default=[])
    carousel = models.JSONField(_("轮播图"), default=list, blank=True, db_default=[])
    notices = models.JSONField(_("首页提示"), default=list, blank=True, db_default=[])
    floating = models.JSONField(_("浮动提示"), default=list, blank=True, db_default=[])
    links = models.JSONField(_("友情链接"), default=list, blank=True, db_default=[])

    objects = PageManager()
    template = "home/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["columns.Column"]
    base_form_class = FrameForm
    content_panels = [
        WaitingPanel(),
        *Page.content_panels,
        FieldPanel("frame_reason"),
        HeadlinePanel(
            "headline_page",
            ["articles.Article", "articles.TopicPage", "policies.PolicyDocument", "policies.Interpretation"],
        ),
        FieldPanel("address_style"),
    ]
    promote_panels: list[FieldPanel] = []
    settings_panels: list[FieldPanel] = []

    class Meta:
        verbose_name = _("首页")
        verbose_name_plural = _("首页")

    @staticmethod
    def say_in_record(name: str, value: str) -> str:
        """A code that the audit record keeps, in words (``console/audit_sentences.py``); '' for what is none."""
        if name != "sections":
            return ""
        return "；".join(f"{section.label}（{section.forms[form]}）" for section, form in sections_of([value]))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(home_blocks(self, context["navigation"]))
        return context


class Recommended(models.Model):
    """A page that stands in front of the newest lines of the home page while it is public (``recommending.py``)."""

    page = models.OneToOneField(
        Page,
        verbose_name=_("信息"),
        on_delete=models.CASCADE,
        related_name="recommended",
        related_query_name="recommended",
    )
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("推荐人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    recommended_at = models.DateTimeField(_("推荐时间"))

    class Meta:
        verbose_name = _("首页推荐")
        verbose_name_plural = _("首页推荐")
