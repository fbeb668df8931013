"""The admission to the screens of the review, and the page that a screen is about."""

from typing import Any

from django.http import Http404
from wagtail.models import Page

from govplatform.accounts.roles import SUPERVISOR
from govplatform.accounts.screens.screen import Admission, Screen

from ..gate.requirements import is_structural
from ..permissions import VIEW_DRAFT, roles_for


class ReviewAdmission(Admission):
    """The admission to a screen of the review.

    ``act``: what the person must be allowed to do with content of this site; empty: supervisors alone.
    ``supervised``: supervisors open the screen as well, in the console tenant.
    """

    act = VIEW_DRAFT
    supervised = False

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return (roles_for(cls.act) if cls.act else frozenset()) | ({SUPERVISOR.code} if cls.supervised else frozenset())


class ReviewScreen(ReviewAdmission, Screen):
    """A screen of the review."""


class PageScreen(ReviewScreen):
    """A screen about one content page of this site, which the address names as ``page_id``."""

    page: Any

    def find(self, **named: Any) -> None:
        self.page = content_page(named["page_id"])


def content_page(page_id: int) -> Any:
    """Return the specific content page of this site. Raises Http404 for anything else."""
    page = Page.objects.filter(pk=page_id, depth__gt=2).first()
    if page is None or is_structural(page):
        raise Http404
    return page.specific
