"""Every field that takes a file names its limit to the browser."""

from collections.abc import Iterator

import pytest
from django import forms
from django.conf import settings
from django.urls import get_resolver

from govplatform.upload_limits import ATTRIBUTE
from tests.database import ROOT

pytestmark = pytest.mark.unit
_OURS = ("govplatform.", "sites.", "content_library.", "search.", "themes.")


def _forms(base: type = forms.BaseForm) -> Iterator[type]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def test_every_form_of_ours_with_a_file_names_its_limit() -> None:
    assert get_resolver("govplatform.console.urls").url_patterns, "all forms are imported"
    fields = {
        f"{form.__module__}.{form.__qualname__}.{name}": field
        for form in _forms()
        if form.__module__.startswith(_OURS)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField)
    }
    assert len(fields) >= 5
    assert [name for name, field in fields.items() if ATTRIBUTE not in field.widget.attrs] == []


def test_no_field_is_made_without_it() -> None:
    """Fields that forms make while they run: each file that makes one asks for its limit."""
    makers = ("forms.FileField(", "WagtailImageField(", "WagtailDocumentField(")
    folders = ("platform", "sites", "content_library", "search")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.parent.name != "migrations"]
    making = [path for path in found if any(word in path.read_text() for word in makers)]
    lacking = [str(path) for path in making if "limit" not in path.read_text()]
    assert making and lacking == []


def test_the_front_server_takes_what_the_settings_say() -> None:
    conf = (ROOT / "deploy/nginx/govplatform/console.conf").read_text()
    assert f"client_max_body_size {settings.LARGEST_REQUEST // 1024 // 1024}m;" in conf
