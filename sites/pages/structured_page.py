"""Structured pages: what every site must have, in fields of its own, and shown as such (领导之窗, 机构职能)."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from govplatform.refusals import PlacedReason

from .content_page import ContentPage
from .sections import SectionedPage

#: The place in a list that a page has whose editor said none.
LAST_IN_LIST = 100


class StructuredPage(SectionedPage):
    """Abstract base of structured pages: rows of facts, then sections, then what else is said, in the body.

    Wagtail gives every class a template of its own name: a kind that has none names ``structured/page.html``.

    ``FACTS``: names of the plain fields that are shown as rows; ``NEEDED``: fields that may not be empty in review.
    """

    FACTS: ClassVar[tuple[str, ...]] = ()
    NEEDED: ClassVar[tuple[str, ...]] = ()
    shows_author = False
    parent_page_types = ["columns.Column"]
    metadata_panels = [
        MultiFieldPanel([FieldPanel("source"), FieldPanel("keywords")], heading=_("来源与主题词")),
        *ContentPage.metadata_panels[1:2],
    ]
    promote_panels = [*metadata_panels, ContentPage.schedule_panel, ContentPage.address_panel]

    class Meta:
        abstract = True

    def facts(self) -> list[dict[str, str]]:
        """Return ``[{"label", "value"}]`` of the facts that are said."""
        return [{"label": self.label_of(name), "value": value} for name in self.FACTS if (value := self.said_of(name))]

    def said_of(self, name: str) -> str:
        """Return what the field says, in words where it holds the code of a choice; '' when it says nothing."""
        in_words = getattr(self, f"get_{name}_display", None)
        return str((in_words() if in_words else getattr(self, name)) or "")

    def has_content(self) -> bool:
        return super().has_content() or bool(self.facts())

    def reasons_against_submitting(self) -> list[str]:
        own = [
            PlacedReason(_t("“%(label)s”不能为空。") % {"label": self.label_of(name)}, name)
            for name in self.NEEDED
            if not str(getattr(self, name) or "").strip()
        ]
        said = super().reasons_against_submitting()
        if own:
            # What is missing has a field of its own; the body is there for what has none.
            said = [reason for reason in said if getattr(reason, "at", "") != "body"]
        return list(dict.fromkeys([*said, *own]))

    def library_sections(self) -> list[tuple[str, str]]:
        facts = self.facts()
        html = render_to_string("structured/library_facts.html", {"facts": facts}) if facts else ""
        return [("", html), *super().library_sections()]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["facts"] = self.facts()
        return context


def list_order() -> models.PositiveSmallIntegerField[int, int]:
    """Return the field by which the pages of a list stand in the order that their people decide."""
    return models.PositiveSmallIntegerField(
        _("排序"), default=LAST_IN_LIST, help_text=_("数字小的排在前面；相同的按建立的先后。")
    )
