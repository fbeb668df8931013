"""The form in which editors write a page."""

from typing import Any

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm

from content_library.vocabularies.widgets import TermField, TermInput
from govplatform.tenancy.current import current_tenant

from .completeness import UNTITLED


class ContentPageForm(WagtailAdminPageForm):
    """The form of a content page. An empty address is made of the day, as a Chinese title gives no readable one."""

    #: The times stand in the form itself; Wagtail's own dialogue for them belongs to publishers.
    show_schedule_publishing_toggle = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].label = _("网址别名")
            self.fields["slug"].help_text = _(
                "公众网址的最后一段，由小写字母、数字和连字符组成；不填则按日期自动生成。"
            )

        if "title" in self.fields:
            self.fields["title"].required = False
        self._offer_managed_terms()
        self._begin_with_known_names()
        if self.data.get("action-submit"):
            # What is missing speaks against the review, not against keeping what was written: the page says which.
            self.defer_required_fields()

    def _begin_with_known_names(self) -> None:
        """Name the source, and of a document the issuing body, as most pages of this site and column do.

        The column's responsible unit comes before the site's organiser, and that before its full name.
        """
        if self.instance.pk is not None or self.parent_page is None:
            return
        tenant = current_tenant()
        organiser = tenant.organiser or tenant.full_name
        unit = getattr(self.parent_page.specific, "responsible_unit", "")
        for name, known in (("source", unit or organiser), ("issued_by", organiser)):
            if name in self.fields and not self.initial.get(name):
                self.initial[name] = known

    def _offer_managed_terms(self) -> None:
        """Offer the active terms of the vocabularies, and the term that the page has already, active or not."""
        for name, field in self.fields.items():
            if isinstance(field, TermField):
                field.held = str(getattr(self.instance, name) or "")
        if "audience" in self.fields:
            self.fields["audience"].widget = TermInput("audience", suggest_url=reverse_lazy("vocabularies_suggest"))

    def clean_title(self) -> str:
        return self.cleaned_data.get("title") or UNTITLED

    def clean_slug(self) -> str:
        return self.cleaned_data.get("slug") or fresh_slug()


def fresh_slug() -> str:
    """Return a new last part of an address like ``20260302-k3f9ab``: the local day and six random characters."""
    tail = get_random_string(6, "abcdefghjkmnpqrstuvwxyz23456789")
    return f"{timezone.localdate():%Y%m%d}-{tail}"
