"""Reports of errors of the demo's citizens: steps of ``load_letters`` that letters do not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.cases.error_reports.acts import report_of
from govplatform.cases.error_reports.intake import read_error, submit_error
from govplatform.cases.models import Case
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from sites.interaction.correcting import open_correction


def send_error(letter: Mapping[str, Any], tenants: Mapping[str, Tenant], *, nonce: str) -> None:
    """Report the page ``letter["page"]`` (its slug) of the site ``letter["to"]``. Raises Page.DoesNotExist."""
    of = tenants[letter["to"]]
    with tenant_context(of):
        address = public_url(of, site_path(Page.objects.get(slug=letter["page"], depth__gt=2)))
    submit_error(read_error(letter["error"], address, letter["text"]), tenants[letter["site"]], nonce=nonce)


def correct_page(case: Case, letter: Mapping[str, Any], editor: User) -> Page:
    """Correct the summary of the page and hand it in; its clearance answers the report. Returns the page."""
    page = open_correction(case, acting_user=editor, answer=letter.get("answer", ""))
    assert case.organisation is not None
    with tenant_context(case.organisation):
        newest = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
        newest.summary = letter["correction"]
        newest.save_revision(user=editor)
        corrected = Page.objects.get(pk=page.pk).specific
        submit_for_review(corrected, acting_user=editor)
    return corrected  # type: ignore[no-any-return]


def corrected_page(case: Case) -> Page:
    """Return the page of the current site that is corrected as the answer."""
    report = report_of(case)
    assert report is not None
    page: Page = Page.objects.get(pk=report.corrected_page).specific
    return page
