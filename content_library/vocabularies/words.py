"""Metadata as people read it: the words of the vocabularies in the place of codes."""

from collections.abc import Mapping
from typing import Any

from ..metadata import InterpretationForm, Validity
from .queries import term_label

#: Field of the unified metadata -> the vocabulary that its codes are of.
VOCABULARY_OF: dict[str, str] = {
    "subject_class": "subject",
    "document_kind": "kind",
    "audience": "audience",
    "disclosure": "disclosure",
}
#: Fields whose codes the platform's own code reads; their words are fixed and in no vocabulary.
_FIXED: dict[str, Mapping[str, Any]] = {
    "validity": dict(Validity.choices),
    "interpretation_form": dict(InterpretationForm.choices),
}


def value_in_words(field: str, value: Any) -> Any:
    """Return the value of a metadata field as people read it; what is no code stays as it is."""
    if not isinstance(value, str) or not value:
        return value
    if vocabulary := VOCABULARY_OF.get(field):
        return term_label(vocabulary, value)
    return str(_FIXED.get(field, {}).get(value, value))


def values_in_words(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return all values by ``value_in_words``, ``{field: value}``."""
    return {field: value_in_words(field, value) for field, value in values.items()}
