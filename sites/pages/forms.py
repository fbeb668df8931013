"""The form in which editors write a page."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm

from content_library.vocabularies.widgets import TermField, TermInput

from .completeness import UNTITLED
from .given_addresses import AddressStyle, follows_title, given_slug, style_of_site
from .known_values import known_values
from .left_as_typed import LeavesAsTyped
from .typed_dates import keep_as_typed


class ContentPageForm(LeavesAsTyped, WagtailAdminPageForm):
    """The form of a content page. Whoever types no address is given one (``given_addresses``)."""

    #: The times stand in the form itself; Wagtail's own dialogue for them belongs to publishers.
    show_schedule_publishing_toggle = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].label = _("网址别名")
            self.fields["slug"].help_text = _(
                "公众网址的最后一段，由小写字母、数字和连字符组成。不用填写：保存时按本站的网址方式自动生成，不会重复。"
            )

        if "title" in self.fields:
            self.fields["title"].required = False
        for name in getattr(self._meta.model, "NEEDED", ()):
            if name in self.fields:
                self.fields[name].label = _t("%(label)s（送审前必填）") % {"label": self.fields[name].label}
        self._offer_managed_terms()
        self._begin_with_known_names()
        keep_as_typed(self.fields)
        self.begin_with_left()
        if self.data.get("action-submit"):
            # What is missing speaks against the review, not against keeping what was written: the page says which.
            self.defer_required_fields()

    def _begin_with_known_names(self) -> None:
        """Fill in what most pages of this site and column say alike (``known_values``)."""
        if self.instance.pk is not None or self.parent_page is None:
            return
        for name, known in known_values(self.parent_page.specific).items():
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

    def clean(self) -> dict[str, Any]:
        if "slug" in self.fields and self.parent_page is not None and "slug" not in self.errors:
            self.cleaned_data["slug"] = self._address()
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def _address(self) -> str:
        """Return the address that was typed, else the stored one or, while it follows the title, a new one."""
        typed, title = self.cleaned_data.get("slug") or "", self.cleaned_data.get("title") or UNTITLED
        stored = str(self.instance.slug or "")
        if typed and typed != stored:
            return str(typed)
        before = str(self.instance.title or "")
        if stored and (title == before or not follows_title(self.instance, before)):
            return stored
        if stored and style_of_site() != AddressStyle.PINYIN:
            return stored
        return given_slug(title, self.parent_page, besides=self.instance)
