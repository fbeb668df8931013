"""Metadata and files of a version as people read them."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ResourceVersion
from ..schema.definition import OTHER_FIELDS, metadata_fields
from ..vocabularies.words import value_in_words


def metadata_rows(version: ResourceVersion) -> list[tuple[str, str]]:
    """Return ``(label, value in words)`` of every field that has a value, in the order of the schema."""
    return [(label, value) for _code, label, value in _rows(version.metadata)]


def metadata_words(version: ResourceVersion) -> dict[str, tuple[str, str]]:
    """Return ``{code: (label, value in words)}`` of every field that has a value."""
    return {code: (label, value) for code, label, value in _rows(version.metadata)}


def _rows(values: dict[str, Any]) -> list[tuple[str, str, str]]:
    labels = {code: str(field.label) for code, field in metadata_fields().items()}
    labels |= {code: title for code, (title, _schema) in OTHER_FIELDS.items()}
    known = [code for code in labels if code in values]
    return [(code, labels[code], _in_words(code, values[code])) for code in known]


def _in_words(code: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if code == "published_at":
        return timezone.localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
    if code == "issued_on":
        return date.fromisoformat(value).isoformat()
    return str(value_in_words(code, value))
