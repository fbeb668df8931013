"""The widgets and form fields of terms: a select that a script makes searchable, and text with suggestions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .queries import choices_for, is_selectable, terms_of


class TermSelect(forms.Select):
    """A ``<select>`` of the terms that are active when it is rendered; works without its script too."""

    template_name = "vocabularies/term_select.html"

    def __init__(self, vocabulary: str, attrs: dict[str, Any] | None = None, *, suggest_url: Any = "") -> None:
        super().__init__(attrs)
        self.vocabulary = vocabulary
        self.suggest_url = suggest_url

    class Media:
        js = ["vocabularies/term_select.js"]
        css = {"all": ["vocabularies/vocabularies.css"]}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        self.choices = choices_for(self.vocabulary, str(value or ""))
        context = super().get_context(name, value, attrs)
        context.update(vocabulary=self.vocabulary, suggest_url=self.suggest_url)
        return context


class TermInput(forms.TextInput):
    """A text input that offers the vocabulary's labels."""

    template_name = "vocabularies/term_input.html"

    def __init__(self, vocabulary: str, attrs: dict[str, Any] | None = None, *, suggest_url: Any = "") -> None:
        super().__init__(attrs)
        self.vocabulary = vocabulary
        self.suggest_url = suggest_url

    class Media:
        js = ["vocabularies/term_select.js"]
        css = {"all": ["vocabularies/vocabularies.css"]}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}-terms"
        context["widget"]["attrs"]["list"] = listed
        labels = [row.label for row in terms_of(self.vocabulary).values() if row.active]
        context.update(list_id=listed, labels=labels, vocabulary=self.vocabulary, suggest_url=self.suggest_url)
        return context


class TermField(forms.CharField):
    """A form field for a code of ``vocabulary``: an active one, or the one that the page has already (``held``)."""

    def __init__(self, vocabulary: str, *, held: str = "", suggest_url: Any = "", **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        self.held = held
        super().__init__(widget=TermSelect(vocabulary, suggest_url=suggest_url), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not is_selectable(self.vocabulary, value, self.held):
            raise forms.ValidationError(_("这个词条已停用或不存在，请从列表中另选一个。"), code="invalid_choice")
