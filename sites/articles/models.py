"""信息 and 专题: the two plain kinds of content."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from govplatform.review.queries import site_path
from sites.content_page import ContentPage
from sites.rendering import picture_of


class Article(ContentPage):
    template = "articles/article.html"
    parent_page_types = ["columns.Column"]

    class Meta:
        verbose_name = _("信息")
        verbose_name_plural = _("信息")


class TopicPage(ContentPage):
    """A page that gathers what belongs to one subject, by columns and a word or two."""

    gathered_from = models.ForeignKey(
        "columns.Column",
        verbose_name=_("取自栏目"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("列出这个栏目里主题词与本专题相同的信息。"),
    )
    template = "articles/topic_page.html"
    parent_page_types = ["columns.Column"]
    content_panels = [*ContentPage.content_panels, FieldPanel("gathered_from")]

    class Meta:
        verbose_name = _("专题")
        verbose_name_plural = _("专题")

    def gathered(self) -> list[Article]:
        """Live articles that share a keyword with the topic, newest first, at most twenty."""
        words = self.keywords.split()
        if not words:
            return []
        match = models.Q()
        for word in words:
            match |= models.Q(keywords__contains=word) | models.Q(title__contains=word)
        found = Article.objects.live().filter(match)
        if self.gathered_from is not None:
            found = found.filter(path__startswith=self.gathered_from.path)
        return list(found.order_by("-first_published_at")[:20])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        items = [_line(article) for article in self.gathered()]
        context.update(
            lead=self.summary,
            picture=picture_of(self, "fill-1200x500"),
            sections=[{"title": _("相关信息"), "items": items, "url": ""}] if items else [],
        )
        return context


def _line(page: Page) -> dict[str, Any]:
    return {"title": page.title, "url": site_path(page), "date": page.first_published_at}
