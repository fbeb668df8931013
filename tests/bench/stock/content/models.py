"""The platform's page types as one would write them on a first day with Wagtail."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

BODY = [
    ("heading", blocks.StructBlock([("level", blocks.CharBlock()), ("text", blocks.CharBlock())])),
    ("rich_text", blocks.RichTextBlock()),
    (
        "table",
        blocks.StructBlock(
            [("caption", blocks.CharBlock()), ("rows", blocks.ListBlock(blocks.ListBlock(blocks.CharBlock())))],
            template="content/table.html",
        ),
    ),
    ("image", ImageChooserBlock()),
    ("attachment", DocumentChooserBlock()),
    ("quotation", blocks.BlockQuoteBlock()),
]


class HomePage(Page):
    pass


class Column(Page):
    column_type = models.CharField(max_length=20)
    description = models.CharField(max_length=300, blank=True)
    keywords = models.CharField(max_length=200, blank=True)


class ContentPage(Page):
    summary = models.TextField(blank=True)
    source = models.CharField(max_length=100)
    author = models.CharField(max_length=60, blank=True)
    keywords = models.CharField(max_length=200, blank=True)
    subject_class = models.CharField(max_length=4, blank=True)
    audience = models.CharField(max_length=100, blank=True)
    index_number = models.CharField(max_length=40, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(BODY, blank=True)

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        siblings = self.get_siblings(inclusive=False).live()
        at = self.first_published_at
        context["columns"] = self.get_site().root_page.get_children().live().in_menu()
        context["ancestors"] = self.get_ancestors().filter(depth__gt=1)
        context["previous"] = siblings.filter(first_published_at__lt=at).order_by("-first_published_at").first()
        context["next"] = siblings.filter(first_published_at__gt=at).order_by("first_published_at").first()
        return context


class Article(ContentPage):
    template = "content/article.html"


class TopicPage(ContentPage):
    template = "content/article.html"


class PolicyDocument(ContentPage):
    document_number = models.CharField(max_length=60, blank=True)
    issued_by = models.CharField(max_length=120)
    issued_on = models.DateField(null=True, blank=True)
    template = "content/article.html"


class Interpretation(ContentPage):
    policy = models.ForeignKey(PolicyDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    background = RichTextField(blank=True)
    aims = RichTextField(blank=True)
    main_content = RichTextField(blank=True)
    problems_solved = RichTextField(blank=True)
    template = "content/article.html"
