"""What holds for every kind of structured page: all that is typed is scanned, covered by the digest, and masked."""

from typing import Any

import pytest
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page

from content_library.models import Resource
from govplatform.confidentiality.place_words import where_words
from govplatform.review.gate.digest import page_digest
from govplatform.review.queries import site_path
from sites.pages.content_page import content_models
from sites.pages.structured_page import StructuredPage
from tests import factories
from tests.structured.samples import SAMPLES, SHOWN, draft, live

MARK = "记号文字"


def typed_fields(model: Any) -> list[Any]:
    """Fields of ``model`` in which a person types text."""
    own = {field.name for field in Page._meta.get_fields()} - {"title", "slug", "seo_title", "search_description"}
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.name not in own
        and field.editable
        and not field.choices
        and field.name != "disclosure"
    ]


def test_every_kind_is_tried() -> None:
    assert set(SAMPLES) == {model for model in content_models() if issubclass(model, StructuredPage)}


@pytest.mark.parametrize("model", SAMPLES)
def test_all_that_is_typed_is_scanned_counted_and_masked(alpha, model, subtests):
    stored = draft(model)
    before = page_digest(stored)
    for field in typed_fields(model):
        with subtests.test(field.name):
            page = model.objects.get(pk=stored.pk)
            setattr(page, field.name, f"<p>{MARK}</p>" if isinstance(field, RichTextField) else MARK)
            assert page_digest(page) != before
            if field.name in ("subject_class", "slug"):
                # a code of the vocabulary, and an address
                continue
            found = [piece.where for piece in page.scan_pieces() if MARK in piece.text]
            assert found, "the scan never looks at it"
            assert all(where_words(where) != where for where in found), found
            page.mask_values({MARK: "●●●●"})
            assert MARK not in getattr(page, field.name)


@pytest.mark.parametrize("model", SAMPLES)
def test_nothing_needed_may_be_missing(alpha, model):
    page = draft(model, **{name: None if name in ("year", "starts_at") else "" for name in model.NEEDED})
    said = "".join(str(reason) for reason in page.reasons_against_submitting())
    for name in model.NEEDED:
        assert page.label_of(name) in said
    assert draft(model, slug="complete").reasons_against_submitting() == []


@pytest.mark.parametrize("model", SHOWN)
def test_the_library_keeps_all_of_it_under_its_kind(alpha, model):
    page = live(model)
    held = Resource.objects.select_related("current").get(tenant=alpha, page_id=page.pk)
    assert held.kind == model.library_kind
    for name in (*model.FACTS, *model.SECTIONS):
        value = page.said_of(name).replace("<p>", "").replace("</p>", "")
        assert value in held.current.text, name


@pytest.mark.parametrize("model", SHOWN)
def test_nobody_is_told_who_typed_it(alpha, citizen, model):
    page = live(model, author="打字的人")
    html = citizen("alpha").get(site_path(page)).content.decode()
    assert page.title in html
    assert "打字的人" not in html


def test_a_policy_does_not_name_its_editor(alpha, citizen):
    policy = factories.publish(factories.draft_policy(author="打字的人"))
    article = factories.live_article(author="写文章的人")
    assert "打字的人" not in citizen("alpha").get(site_path(policy)).content.decode()
    assert "写文章的人" in citizen("alpha").get(site_path(article)).content.decode()
