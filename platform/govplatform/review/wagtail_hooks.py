"""The review in Wagtail's admin: its addresses, and the panels of editors and reviewers."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.tenancy.current import current_tenant

from .permissions import CONFIRM_WITHDRAWAL, SUBMIT, WITHDRAW, may_on_content, may_supervise
from .rescans.urls import urlpatterns as rescan_patterns
from .screens.urls import urlpatterns


@hooks.register("register_admin_urls")
def review_urls() -> list[Any]:
    # Before the page numbers: “rescans” is a word of its own.
    return [*rescan_patterns, *urlpatterns]


@hooks.register("construct_homepage_panels")
def review_panels(request: HttpRequest, panels: list[Component]) -> None:
    from .rescans.views import rescan_panels
    from .screens.panels import CameBackPanel, DraftsPanel, FollowUpPanel, QueuePanel, UnderReviewPanel

    if may_on_content(request.user, WITHDRAW):
        panels += [QueuePanel(), FollowUpPanel()]
    elif current_tenant().is_console and may_supervise(request.user, CONFIRM_WITHDRAWAL):
        panels.append(FollowUpPanel())
    if may_on_content(request.user, SUBMIT):
        panels += [CameBackPanel(), UnderReviewPanel(), DraftsPanel()]
    panels += rescan_panels(request.user)  # type: ignore[arg-type]
