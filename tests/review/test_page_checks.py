"""A page type that does not offer what the review and the library ask of it stops the start, by name."""

import pytest
from django.core.checks import run_checks

from content_library.resources.library_page import LibraryPage
from govplatform.review.page_checks import content_page_types, faults_of_type
from govplatform.review.pages import ReviewedPageMixin
from govplatform.review.reviewed_page import ReviewedPage
from sites.articles.models import Article
from sites.reposts.models import RepostPage

pytestmark = pytest.mark.unit


class Lacking(ReviewedPageMixin):
    """A page type of somebody who has only read the mixin."""

    class Meta:
        abstract = True


class Whole:
    """Everything, with parameters of its own that need not be given."""

    SCANNED_FIELDS = ()
    digest_defaults = {}
    never_shown = False

    def reasons_against_submitting(self, strict=True):
        return []

    def reasons_left(self):
        return []

    def reasons_against_approving(self):
        return []

    def scan_pieces(self):
        return []

    def scan_facts(self):
        return {}

    def scan_files(self):
        return []

    def mask_values(self, values):
        return None

    def words_for_lost_source(self):
        return ""

    def verb_facts(self):
        return {}

    def library_record(self):
        return None


class Crooked(Whole):
    """Everything is there, and two things cannot be called as they are."""

    scan_facts = {"title": ""}

    def mask_values(self, texts):
        return None


class Thin(Whole):
    def mask_values(self):
        return None

    def library_record(self, clearance):
        return None


def test_every_page_type_of_the_platform_offers_all_of_it():
    types = content_page_types()
    assert {Article, RepostPage} <= set(types)
    for protocol in (ReviewedPage, LibraryPage):
        assert [fault for model in types for fault in faults_of_type(model, protocol)] == []


def test_what_is_missing_is_named():
    missing = ["reasons_against_submitting()", "reasons_left()", "scan_pieces()", "scan_facts()", "mask_values()"]
    assert faults_of_type(Lacking, ReviewedPage) == [f"{name} is missing" for name in missing]
    assert faults_of_type(Lacking, LibraryPage) == ["library_record() is missing"]
    assert "SCANNED_FIELDS is missing" in faults_of_type(object, ReviewedPage)


@pytest.mark.parametrize(
    ("model", "protocol", "faults"),
    [
        (Whole, ReviewedPage, []),
        (Whole, LibraryPage, []),
        (Crooked, ReviewedPage, ["scan_facts is no method", "mask_values() is to take (self, values)"]),
        (Thin, ReviewedPage, ["mask_values() is to take (self, values) and takes (self)"]),
        (Thin, LibraryPage, ["library_record() is to take (self) and takes (self, clearance)"]),
    ],
)
def test_what_cannot_be_called_as_it_is_asked_for_is_named(model, protocol, faults):
    found = faults_of_type(model, protocol)
    assert len(found) == len(faults)
    assert all(one.startswith(fault) for one, fault in zip(found, faults, strict=True))


def test_the_check_of_the_start_names_class_and_method(monkeypatch):
    monkeypatch.setattr("govplatform.review.page_checks.get_page_models", lambda: [Article, Lacking])
    found = {message.id: message for message in run_checks() if message.id in ("review.E001", "content_library.E001")}
    assert f"{Lacking.__module__}.Lacking.library_record() is missing" == found["content_library.E001"].msg
    assert f"{Lacking.__module__}.Lacking.mask_values() is missing" == found["review.E001"].msg
    assert "govplatform.review.reviewed_page.ReviewedPage" in found["review.E001"].hint
