"""信息 and 专题: articles, and topic pages that gather what belongs to one subject."""

import re
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from content_library.distribution.listing import listed, shows_kind, title_of
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.queries import site_path
from sites.pages.content_page import ContentPage
from sites.pages.related import matching, split_keywords
from sites.pages.rendering import picture_of

MOST_GATHERED = 10
# A link to a page as Wagtail stores it.
_PAGE_LINK = re.compile(r"""<a\b[^<>]*\blinktype="page"[^<>]*>""")
_LINK_ID = re.compile(r"""\bid="(\d+)\"""")
_NEWEST = ("-first_published_at", "-pk")
_HERO_SIZES = ((1200, 675), (600, 338))
#: What a topic gathers, in the order it is read.
_GATHERED_KINDS = (
    ("articles.Article", "article", _("最新动态")),
    ("policies.PolicyDocument", "policy", _("政策文件")),
    ("policies.Interpretation", "interpretation", _("政策解读")),
)


class Article(ContentPage):
    library_kind = "article"
    template = "articles/article.html"
    parent_page_types = ["columns.Column"]

    class Meta:
        verbose_name = _("信息")
        verbose_name_plural = _("信息")


class TopicPage(ContentPage):
    """A page that gathers what belongs to one subject: live pages that share a keyword, of one column if one is set."""

    gathered_from = models.ForeignKey(
        "columns.Column",
        verbose_name=_("取自栏目"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("列出这个栏目里主题词与本专题相同的信息。"),
    )
    library_kind = "topic"
    template = "articles/topic_page.html"
    parent_page_types = ["columns.Column"]
    content_panels = [*ContentPage.content_panels, FieldPanel("gathered_from")]

    class Meta:
        verbose_name = _("专题")
        verbose_name_plural = _("专题")

    def gathered(self) -> list[dict[str, Any]]:
        """Return ``[{"title", "url", "items"}]``: live pages that share a keyword with the topic, one entry per kind.

        An item is ``{"title", "url", "date"}``. A kind has at most ``MOST_GATHERED`` items, newest first, with the
        site's reposts among its own pages; kinds without any are left out, and so are pages that the body links to.
        """
        words = split_keywords(self.keywords)
        if not words:
            return []
        match = matching(words, titles=True)
        note_read(ReadOf.BELOW, self.path[: 2 * self.steplen])
        if self.gathered_from is not None:
            match &= models.Q(path__startswith=self.gathered_from.path)
        # what the text itself leads to is not listed a second time
        named = self.pages_in_body()
        sections = []
        for label, kind, title in _GATHERED_KINDS:
            found: list[Any] = []
            sources: list[tuple[Any, models.Q]] = [
                (apps.get_model(label), match),
                (apps.get_model("reposts.RepostPage"), match & shows_kind(kind)),
            ]
            for model, wanted in sources:
                pages = listed(model.objects.filter(wanted, live=True).exclude(pk__in=named))
                found += pages.order_by(*_NEWEST)[:MOST_GATHERED]
            # Own pages and reposts under one heading, as readers look for them.
            found.sort(key=lambda page: (page.first_published_at, page.pk), reverse=True)
            if items := [_line(page) for page in found[:MOST_GATHERED]]:
                sections.append({"title": title, "url": "", "items": items})
        return sections

    def pages_in_body(self) -> set[int]:
        """Return the ids of the pages that the rich text of the body links to."""
        texts = [str(block.value.source) for block in self.body if block.block_type == "rich_text"]
        links = [tag for text in texts for tag in _PAGE_LINK.findall(text)]
        return {int(found[1]) for tag in links if (found := _LINK_ID.search(tag))}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(lead=self.summary, picture=picture_of(self, _HERO_SIZES), sections=self.gathered())
        return context


def _line(page: Page) -> dict[str, Any]:
    return {"title": title_of(page), "url": site_path(page), "date": page.first_published_at}
