"""The model field for the code of a managed term."""

from functools import partialmethod
from typing import Any

from django.db import models
from django.urls import reverse_lazy
from wagtail.admin.compare import FieldComparison, TextDiff, register_comparison_class

from .queries import term_label
from .widgets import TermField


class TermCodeField(models.CharField[str, str]):
    """A ``CharField`` whose form offers the active terms and whose ``get_<name>_display`` is the managed label.

    To migrations it is a plain CharField: which codes there are is no matter of the schema.
    """

    def __init__(self, *args: Any, vocabulary: str = "", **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self) -> "TermCodeField":
        _name, _path, args, kwargs = self.deconstruct()
        return type(self)(*args, vocabulary=self.vocabulary, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if f"get_{name}_display" not in cls.__dict__:
            setattr(cls, f"get_{name}_display", partialmethod(_display, field=self))

    def formfield(self, **kwargs: Any) -> Any:
        return TermField(
            self.vocabulary,
            suggest_url=reverse_lazy("vocabularies_suggest"),
            label=kwargs.get("label", self.verbose_name),
            required=not self.blank,
            help_text=self.help_text,
            max_length=self.max_length,
        )


class TermComparison(FieldComparison):
    """The comparison of two versions of a page by the words of their terms."""

    def htmldiff(self) -> Any:
        before, after = (term_label(self.field.vocabulary, value) for value in (self.val_a, self.val_b))
        if before == after:
            return TextDiff([("equal", after)]).to_html()
        return TextDiff([("deletion", before), ("addition", after)]).to_html()


register_comparison_class(TermCodeField, comparison_class=TermComparison)


def _display(self: Any, field: TermCodeField) -> str:
    return term_label(field.vocabulary, getattr(self, field.attname))
