"""How large an uploaded file may be: said by the field of the form, asked in the browser before anything is sent
(``console/upload_limits.js``), and asked again by the server. Each number stands in one place.
"""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Field = TypeVar("Field", bound=forms.Field)
#: The attribute of an upload field that names its limit in bytes.
ATTRIBUTE = "data-most-bytes"
MEBIBYTE = 1024 * 1024


class NotTooLarge:
    """Refuses a file of more than ``most`` bytes, naming both sizes."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, file: Any) -> None:
        if (file.size or 0) > self.most:
            told = {"name": file.name, "size": f"{file.size / MEBIBYTE:.1f}", "most": f"{self.most / MEBIBYTE:g}"}
            raise ValidationError(_("“%(name)s”有 %(size)s MB，最大 %(most)s MB。") % told, code="too_large")


def limit_in_browser(field: Field, most: int) -> Field:
    """Have the browser refuse larger files for ``field``; whoever takes the file asks again. Returns the field."""
    field.widget.attrs[ATTRIBUTE] = most
    return field


def limited(field: Field, most: int) -> Field:
    """Have browser and form refuse files of more than ``most`` bytes. Returns the field."""
    field.validators.append(NotTooLarge(most))
    return limit_in_browser(field, most)
