"""Pages whose text stands in rich text fields of their own, each a section with the field's name above it."""

from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail.rich_text import expand_db_html

from .content_page import ContentPage
from .rendering import rendered_rich_text
from .text import PageText, read_rich_text


class SectionedPage(ContentPage):
    """Abstract base of pages with sections. ``SECTIONS``: names of the fields, in the order in which they are read."""

    SECTIONS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def scanned_text(self) -> PageText:
        text = PageText()
        for name in self.SECTIONS:
            read_rich_text(text, getattr(self, name))
        body = super().scanned_text()
        body.body = [*text.body, *body.body]
        body.links, body.hidden = [*text.links, *body.links], [*text.hidden, *body.hidden]
        return body

    def has_content(self) -> bool:
        return super().has_content() or any(getattr(self, name) for name in self.SECTIONS)

    def library_sections(self) -> list[tuple[str, str]]:
        said = {name: value for name in self.SECTIONS if (value := getattr(self, name))}
        return [(self.label_of(name), str(expand_db_html(value))) for name, value in said.items()]

    def label_of(self, name: str) -> str:
        """Return what the field is called."""
        return str(self._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["sections"] = [
            {"title": self.label_of(name), "body": rendered_rich_text(self, value)}
            for name in self.SECTIONS
            if (value := getattr(self, name))
        ]
        return context
