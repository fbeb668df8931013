"""栏目: the columns that a site consists of, each with its duty to be kept up to date."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager

from content_library.distribution.listing import listed
from content_library.vocabularies.fields import TermCodeField
from govplatform.days import end_of_day
from govplatform.rendering.reads import ReadOf, note_read, note_until
from govplatform.review.frame.forms import WaitingPanel
from govplatform.review.pages import StructuralPageMixin
from govplatform.review.queries import site_path
from sites.pages.content_page import PublicPageMixin
from sites.pages.known_values import KNOWN_FIELDS
from sites.pages.navigation import Navigation
from sites.pages.title_panel import PlainTitlePanel

from . import service_list
from .arranged import Department, DepartmentMember, Listing, Pin, WritingRight
from .catalogue import asked_of, catalogued, choices, entries, narrowed
from .faceting import query_of
from .feeds import column_feed
from .forms import ColumnForm
from .letters import letters_shown, requests_taken
from .lists import TEMPLATES, in_list_order, list_items, pinned_first
from .mailboxes import leaders_written_to

__all__ = ["Column", "ColumnType", "Department", "DepartmentMember", "Listing", "Pin", "WritingRight"]
ITEMS_PER_PAGE = 20


class ColumnType(models.TextChoices):
    """The types of columns (栏目类别) of the national list (docs/rules.md)."""

    OVERVIEW = "overview", _("概况信息")
    INSTITUTIONS = "institutions", _("机构职能")
    LEADERS = "leaders", _("负责人信息")
    NEWS = "news", _("工作动态")
    POLICIES = "policies", _("政策文件")
    DISCLOSURE_GUIDE = "guide", _("信息公开指南")
    DISCLOSURE_CATALOGUE = "catalogue", _("信息公开目录")
    ANNUAL_REPORT = "annual", _("信息公开年报")
    DISCLOSURE_REQUEST = "request", _("依申请公开")
    DATA = "data", _("数据发布")
    INTERPRETATIONS = "interpretations", _("政策解读")
    RESPONSES = "responses", _("回应关切")
    SERVICES = "services", _("办事服务")
    COMPLAINTS = "complaints", _("咨询投诉")
    SURVEYS = "surveys", _("征集调查")
    INTERVIEWS = "interviews", _("在线访谈")


class UpdateDuty(models.TextChoices):
    DAILY = "daily", _("每日更新")
    PERIODIC = "periodic", _("定期更新")
    AD_HOC = "adhoc", _("按需更新")


class ListTemplate(models.TextChoices):
    """How a column shows its pages. TITLES is '' so that columns of before have it."""

    TITLES = "", _("标题列表")
    SUMMARIES = "summaries", _("标题与摘要")
    PICTURES = "pictures", _("图片列表")
    PEOPLE = "people", _("领导之窗")
    INSTITUTIONS = "institutions", _("机构职能")
    CATALOGUE = "catalogue", _("公开目录")
    SERVICES = "services", _("办事目录")
    MAILBOX = "mailbox", _("领导信箱")


#: How a new column of a type shows its pages, where that is not by their titles.
USUAL_LISTS: Mapping[str, ListTemplate] = MappingProxyType(
    {
        ColumnType.LEADERS: ListTemplate.PEOPLE,
        ColumnType.INSTITUTIONS: ListTemplate.INSTITUTIONS,
        ColumnType.DISCLOSURE_CATALOGUE: ListTemplate.CATALOGUE,
        ColumnType.SERVICES: ListTemplate.SERVICES,
    }
)


class Column(StructuralPageMixin, PublicPageMixin, Page):
    column_type = models.CharField(_("栏目类别"), max_length=20, choices=ColumnType.choices)
    description = models.CharField(_("栏目描述"), max_length=300, blank=True)
    keywords = models.CharField(_("栏目关键词"), max_length=200, blank=True)
    update_duty = models.CharField(_("更新要求"), max_length=10, choices=UpdateDuty.choices, default=UpdateDuty.AD_HOC)
    update_limit_days = models.PositiveIntegerField(_("更新期限（天）"), null=True, blank=True)
    responsible_unit = models.CharField(_("责任单位"), max_length=100, blank=True)
    list_template = models.CharField(
        _("列表样式"), max_length=12, choices=ListTemplate.choices, blank=True, default="", db_default=""
    )
    #: What a new page of the column begins with (``sites.pages.known_values``); where empty, the column above is asked.
    default_source = models.CharField(_("来源"), max_length=100, blank=True, default="", db_default="")
    default_issued_by = models.CharField(_("发文机关"), max_length=120, blank=True, default="", db_default="")
    default_document_kind = TermCodeField(
        _("体裁"), max_length=20, vocabulary="kind", blank=True, default="", db_default=""
    )
    default_subject_class = TermCodeField(
        _("主题分类"), max_length=4, vocabulary="subject", blank=True, default="", db_default=""
    )
    default_audience = models.CharField(_("服务对象"), max_length=100, blank=True, default="", db_default="")

    objects = PageManager()
    template = "columns/column.html"
    parent_page_types = ["home.HomePage", "columns.Column"]
    subpage_types = [
        "columns.Column",
        "articles.Article",
        "articles.TopicPage",
        "policies.PolicyDocument",
        "policies.Interpretation",
        "offices.Leader",
        "offices.Institution",
        "disclosure.DisclosureGuide",
        "disclosure.AnnualReport",
        "statistics.StatisticsBulletin",
        "services.ServiceItem",
        "interviews.InterviewPage",
        "surveys.Survey",
        "interaction.PublicReply",
        "interaction.PrivateReply",
        "interaction.QuestionEntry",
        "reposts.RepostPage",
    ]
    show_in_menus_default = True
    base_form_class = ColumnForm
    content_panels = [
        WaitingPanel(),
        PlainTitlePanel("title"),
        FieldPanel("column_type"),
        FieldPanel("description"),
        FieldPanel("keywords"),
        FieldPanel("frame_reason"),
        FieldPanel("list_template"),
        MultiFieldPanel(
            [FieldPanel("update_duty"), FieldPanel("update_limit_days"), FieldPanel("responsible_unit")],
            heading=_("更新责任"),
        ),
        MultiFieldPanel(
            [FieldPanel(f"default_{name}") for name, _vocabulary in KNOWN_FIELDS],
            heading=_("新写信息的默认值"),
            help_text=_("编辑在本栏目写新稿时自动填好，仍可修改；不填则用上一级栏目的，再没有则用责任单位或主办单位。"),
        ),
    ]
    promote_panels = [
        FieldPanel("show_in_menus"),
        MultiFieldPanel([FieldPanel("slug")], heading=_("网址"), classname="collapsed"),
    ]
    settings_panels: list[Any] = []

    class Meta:
        verbose_name = _("栏目")
        verbose_name_plural = _("栏目")

    def serve_feed(self, request: HttpRequest) -> HttpResponse:
        return column_feed(self, request)

    def items(self) -> models.QuerySet[Page]:
        """Return the live content pages of this column and of all columns below it, newest first.

        Among them those of other columns that are listed here besides, each once and at its own address.
        """
        note_read(ReadOf.BELOW, self.path)
        here = models.Q(path__startswith=self.path)
        # Whoever read the column with others may have read with it that it lists nothing besides.
        may_list = getattr(self, "lists_others", True)
        if listed_besides := list(Listing.objects.below(self).values_list("page_id", flat=True)) if may_list else []:
            note_read(ReadOf.PAGE, *listed_besides)
            here |= models.Q(pk__in=listed_besides)
        pages = (
            Page.objects.filter(here, live=True)
            .exclude(pk__in=Column.objects.filter(path__startswith=self.path).values("pk"))
            .order_by("-first_published_at", "-pk")
        )
        return listed(pages)

    @property
    def is_catalogue(self) -> bool:
        """Whether the list is made of what the library holds of the site, not of the pages below the column."""
        return self.list_template == ListTemplate.CATALOGUE

    def count_listed(self) -> int:
        """Return how many items the list has on all its pages."""
        return catalogued(self).count() if self.is_catalogue else self.items().count()

    def _list(self, request: HttpRequest, context: dict[str, Any]) -> "PaginatorPage[Any]":
        pins = list(Pin.objects.standing().filter(column=self).values_list("page_id", "last_day"))
        if pins:
            note_until(end_of_day(min(day for _page, day in pins)))
        pinned = [page for page, _day in pins]
        items = pinned_first(in_list_order(self._narrowed(request, context), self.list_template), pinned)
        page = requested_page(Paginator(items, ITEMS_PER_PAGE), request)
        stated = self.column_type == ColumnType.SURVEYS
        context["items"] = list_items(page.object_list, self.list_template, pinned, stated=stated)
        return page

    def _narrowed(self, request: HttpRequest, context: dict[str, Any]) -> models.QuerySet[Page]:
        """Return what the list shows: of guides to services, those that the address asks for."""
        found = self.items()
        if self.list_template != ListTemplate.SERVICES:
            return found
        asked = service_list.asked_of(request)
        facets = service_list.choices(found, asked)
        context.update(
            catalogue={
                "path": site_path(self), "facets": facets, "is_narrowed": bool(asked), "label": _t("筛选办事指南"),
            },
            narrowed_by=query_of(asked),
        )  # fmt: skip
        return service_list.narrowed(found, asked)

    def _list_as_catalogue(self, request: HttpRequest, context: dict[str, Any]) -> "PaginatorPage[Any]":
        asked, found = asked_of(request), catalogued(self)
        shown = narrowed(found, asked).select_related("current").defer("current__html", "current__text")
        page = requested_page(Paginator(shown, ITEMS_PER_PAGE), request)
        context.update(
            items=entries(page.object_list),
            catalogue={
                "path": site_path(self),
                "facets": choices(found, asked),
                "is_narrowed": bool(asked),
                "label": _t("筛选公开目录"),
            },
            narrowed_by=query_of(asked),
        )
        return page

    def _letters(self, navigation: Navigation) -> dict[str, Any]:
        """What a column of letters or requests shows besides, and a mailbox of leaders."""
        if self.column_type == ColumnType.DISCLOSURE_REQUEST:
            of_types = (ColumnType.DISCLOSURE_GUIDE, ColumnType.DISCLOSURE_CATALOGUE)
            nodes = [node for one in of_types if (node := navigation.first_of_type(one)) is not None]
            return requests_taken((node.path, node.title) for node in nodes)
        is_mailbox = self.list_template == ListTemplate.MAILBOX
        if self.column_type != ColumnType.COMPLAINTS and not is_mailbox:
            return {}
        return {**letters_shown(mailbox=is_mailbox), "leaders": leaders_written_to() if is_mailbox else []}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        navigation = context["navigation"]
        path = site_path(self)
        page = self._list_as_catalogue(request, context) if self.is_catalogue else self._list(request, context)
        context.update(
            list_template=TEMPLATES[self.list_template],
            siblings=navigation.siblings(),
            children=[n.link() for n in navigation.nodes if n.tree_path[:-4] == self.path],
            paging=paging_of(page, path, context.get("narrowed_by", "")),
            **self._letters(navigation),
        )
        if page.number > 1:
            # each page of the list is a page of its own to search engines
            context["canonical_url"] += f"?page={page.number}"
        return context


def requested_page(paginator: Paginator[Any], request: HttpRequest) -> PaginatorPage[Any]:
    """Return the page of a list that ``?page=`` names. Raises Http404 where there is none."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 7) or not 1 <= int(number) <= paginator.num_pages:
        raise Http404
    return paginator.page(int(number))


def paging_of(page: PaginatorPage[Any], path: str, narrowed_by: str) -> dict[str, Any]:
    """Return the variables of ``lists/paging.html``. ``narrowed_by``: what its addresses end with, ``&theme=02``."""

    def address(number: int) -> str:
        if number == 1:
            return f"{path}?{narrowed_by[1:]}" if narrowed_by else path
        return f"{path}?page={number}{narrowed_by}"

    total = page.paginator.num_pages
    links = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        if isinstance(number, int):
            links.append({"number": number, "url": address(number), "current": number == page.number, "gap": False})
        else:
            links.append({"number": 0, "url": "", "current": False, "gap": True})
    return {
        "number": page.number,
        "total_pages": total,
        "total_items": page.paginator.count,
        "previous_url": address(page.number - 1) if page.number > 1 else "",
        "next_url": address(page.number + 1) if page.number < total else "",
        "links": links,
    }
