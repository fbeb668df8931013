"""The sheet of the frame names every text of its models, and everything that public templates show of them."""

import re
from pathlib import Path

import pytest
from django.db import models
from wagtail.models import Page, get_page_models

from govplatform.review.frame.kinds import FrameKind, frame_kinds, kind_of
from govplatform.tenancy.models import Tenant
from tests.database import ROOT

_TEXT = (models.CharField, models.TextField, models.JSONField)


def texts_of_model(model: type[models.Model]) -> set[str]:
    """Fields into which somebody may write what they like: text without a list of choices."""
    return {field.name for field in model._meta.concrete_fields if isinstance(field, _TEXT) and not field.choices}


def undecided(kind: FrameKind) -> set[str]:
    return texts_of_model(kind.model_class()) - {*kind.texts, *kind.unseen}


def test_every_text_of_a_frame_model_is_decided_about(subtests):
    for kind in frame_kinds():
        with subtests.test(kind.model):
            assert undecided(kind) == set()
            assert {*kind.texts, *kind.unseen} <= {field.name for field in kind.model_class()._meta.concrete_fields}


def test_a_new_text_field_is_noticed(monkeypatch):
    kind = next(kind for kind in frame_kinds() if kind.code == "columns.column")
    monkeypatch.setattr(type(kind), "texts", ("title", "slug", "keywords"))
    assert undecided(kind) == {"description"}


def test_every_page_type_of_the_frame_is_on_the_sheet():
    structural = [model for model in get_page_models() if getattr(model, "is_structural", False)]
    assert len(structural) > 1
    assert [model for model in structural if kind_of(model) is None] == []


def public_templates() -> list[Path]:
    folders = [*ROOT.glob("themes/*/templates"), *ROOT.glob("sites/*/templates")]
    return [path for folder in folders for path in folder.rglob("*.html")]


@pytest.mark.parametrize("name", ["seo_title", "search_description"])
def test_no_public_template_shows_what_the_sheet_calls_unseen(name):
    assert name in {field.name for field in Page._meta.fields}
    assert [path for path in public_templates() if name in path.read_text(encoding="utf-8")] == []


def test_what_public_templates_show_of_a_site_is_on_the_sheet():
    record = kind_of(Tenant)
    shown = set()
    for path in public_templates():
        shown |= set(re.findall(r"\btenant\.(?:parent\.)?([a-z_]+)", path.read_text(encoding="utf-8")))
    assert "full_name" in shown
    # Chosen among what the code has; the pictures of the head are cleared with the home page.
    assert shown & texts_of_model(Tenant) - {"code", "theme", "colours", "masthead"} <= set(record.texts)
