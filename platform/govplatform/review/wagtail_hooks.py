"""The review in Wagtail's admin: its addresses, and the panels of editors and reviewers."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from govplatform.tenancy.current import current_tenant

from .frame.kinds import frame_kinds
from .frame.urls import urlpatterns as frame_patterns
from .frame.views import FramePanel, FrameScreen, FrameTextsView
from .gate.requirements import reasons_against_moving
from .models import FrameProposal, Submission, Withdrawal
from .permissions import CONFIRM_WITHDRAWAL, SUBMIT, WITHDRAW, may_on_content, may_supervise
from .rescans.urls import urlpatterns as rescan_patterns
from .rescans.views import RescansView, rescan_panels
from .screens.followup_views import FollowUpsView, WithdrawAtOnceView
from .screens.panels import (
    ApprovedPanel,
    CameBackPanel,
    CameDownPanel,
    DraftsPanel,
    FollowUpPanel,
    QueuePanel,
    UnderReviewPanel,
)
from .screens.queue_views import QueueView
from .screens.urls import urlpatterns
from .screens.views import PublishedView
from .sheets.urls import urlpatterns as sheet_patterns
from .sheets.views import SheetsView


@hooks.register("register_admin_urls")
def review_urls() -> list[Any]:
    # Addresses with fixed words come before those with a page number.
    return [*rescan_patterns, *sheet_patterns, *frame_patterns, *urlpatterns]


@hooks.register("before_move_page")
def say_why_not_moved(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse a move, with its reasons, before the screen that asks whether one is sure.

    The signal refuses what comes by any other way.
    """
    parent = page.get_parent()
    reasons = reasons_against_moving(page, parent, destination)
    for reason in reasons:
        messages.error(request, reason)
    return redirect("wagtailadmin_explore", parent.pk) if reasons else None


@hooks.register("construct_homepage_panels")
def review_panels(request: HttpRequest, panels: list[Component]) -> None:
    if may_on_content(request.user, WITHDRAW):
        panels += [QueuePanel(), FollowUpPanel()]
    elif current_tenant().is_console and may_supervise(request.user, CONFIRM_WITHDRAWAL):
        panels.append(FollowUpPanel())
    if may_on_content(request.user, SUBMIT):
        panels += [CameBackPanel(), UnderReviewPanel(), ApprovedPanel(), CameDownPanel(), DraftsPanel()]
    if current_roles(request.user) & FrameScreen.opening_roles():
        panels.append(FramePanel())
    panels += rescan_panels(request.user)  # type: ignore[arg-type]


@hooks.register("register_admin_menu_item")
def queue_item() -> RoleMenuItem:
    return item_for(QueueView, "review_queue", name="review-queue", order=110)


@hooks.register("register_admin_menu_item")
def published_item() -> RoleMenuItem:
    return item_for(PublishedView, "review_published", name="review-published", order=120)


@hooks.register("register_admin_menu_item")
def followups_item() -> RoleMenuItem:
    return item_for(FollowUpsView, "review_followups", name="review-followups", order=125, icon="clipboard-list")


@hooks.register("register_admin_menu_item")
def frame_item() -> RoleMenuItem:
    return item_for(FrameTextsView, "frame_texts", name="frame-texts", order=124)


@hooks.register("construct_explorer_page_queryset", order=10)
def say_what_waits(parent_page: Page, pages: Any, request: HttpRequest) -> Any:
    """Mark the columns for which words wait, and what states are made of, with the listing's own statement.

    ``status_string`` says it.
    """
    waits = FrameProposal.objects.filter(
        state=FrameProposal.State.WAITING, object_id=OuterRef("pk"), kind__in=_page_kinds()
    )
    handed_in = Submission.objects.filter(page_id=OuterRef("pk")).order_by("-pk").values("emergency")
    return pages.annotate(
        frame_waits=Exists(waits),
        known_withdrawn=Exists(Withdrawal.objects.filter(page_id=OuterRef("pk"))),
        known_urgent=Subquery(handed_in[:1]),
    )


def _page_kinds() -> list[str]:
    return [kind.code for kind in frame_kinds() if issubclass(kind.model_class(), Page)]


@hooks.register("register_admin_menu_item")
def rescans_item() -> RoleMenuItem:
    return item_for(RescansView, "review_rescans", name="review-rescans", order=125, icon="rotate")


@hooks.register("register_admin_menu_item")
def sheets_item() -> RoleMenuItem:
    return item_for(SheetsView, "review_sheets", name="review-sheets", order=125)


@hooks.register("register_admin_menu_item")
def withdraw_at_once_item() -> RoleMenuItem:
    return item_for(WithdrawAtOnceView, "review_withdraw_at_once", name="review-withdraw-at-once", order=126)
