"""What the way of an article from draft to live asks of the database."""

from wagtail.models import Page

from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from tests import factories
from tests.statements import Statements

#: Half are Wagtail's own: it asks whether what it writes is the only one of its kind, and reads again what it is given.
#: What is at hand is not looked up (deploy/decisions/059-what-is-not-done-twice.md). Eleven are the ledger's: each
#: address is in it, an old one of a site from outside too, from the moment on in which it is public.
MOST = 311


def walk(page: Page) -> None:
    submit_for_review(page, acting_user=factories.user("alpha_editor"))
    scan_now(page, acting_user=factories.user("alpha_editor"))
    for reviewer in ("alpha_content", "alpha_secret"):
        due = Page.objects.get(pk=page.pk)
        decide_from_the_shell(due, acting_user=factories.user(reviewer), approve=True, opinion="同意")


def test_a_plain_article_goes_live_without_more_statements_than_today(alpha):
    walk(factories.draft_article())  # what a process keeps is kept
    with Statements() as captured:
        page = factories.draft_article()
        walk(page)
    assert Page.objects.get(pk=page.pk).live
    assert len(captured) <= MOST, len(captured)
