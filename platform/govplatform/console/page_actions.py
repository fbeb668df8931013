"""The items of the action menu in the page editor."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PageLockedMenuItem,
    PublishMenuItem,
    SaveDraftMenuItem,
    SubmitForModerationMenuItem,
)

from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import SUBMIT, may_on_content
from govplatform.tenancy.freezing import words_of


class HandInItem(SubmitForModerationMenuItem):
    """送审: saves the page and submits it; the review begins anew at its first step. It stands beside 保存草稿."""

    label = _("送审")
    icon_name = "check"
    template_name = "console/hand_in_item.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        context["label"] = self.label
        return context


class DraftAndHandInItem(ActionMenuItem):
    """保存草稿 and 送审 beside each other, both in sight: what an editor does with a page."""

    name = "draft-and-hand-in"

    def __init__(self, draft: ActionMenuItem, hand_in: ActionMenuItem) -> None:
        super().__init__(order=draft.order)
        self.both = (draft, hand_in)

    def render_html(self, parent_context: Any) -> SafeString:
        return format_html_join("", "{}", ((item.render_html(parent_context),) for item in self.both))


class SaveFrameItem(PublishMenuItem):
    """保存: stores a column or the home page; its words wait for a second person, so nothing is published by it."""

    label = _("保存")
    template_name = "console/save_frame_item.html"
    icon_name = "check"


class TakeBackItem(ActionMenuItem):
    """撤回送审: takes a page out of its review, so that it can be edited again."""

    label = _("撤回送审")
    name = "take-back"
    icon_name = "rotate"

    def is_shown(self, context: Any) -> bool:
        return True

    def get_url(self, context: Any) -> str:
        return reverse("review_take_back", args=[context["page"].pk])


class ReviewStateItem(ActionMenuItem):
    """查看审查情况: leads to the state of the page's review."""

    label = _("查看审查情况")
    name = "review-state"
    icon_name = "tasks"

    def is_shown(self, context: Any) -> bool:
        return True

    def get_url(self, context: Any) -> str:
        return reverse("review_page", args=[context["page"].pk])


class EmergencyItem(ActionMenuItem):
    """紧急送审: starts an emergency review of the version that is saved."""

    label = _("紧急送审已保存的版本")
    name = "emergency"
    icon_name = "warning"

    def is_shown(self, context: Any) -> bool:
        return True

    def get_url(self, context: Any) -> str:
        return reverse("review_emergency", args=[context["page"].pk])


class OnlyReadItem(ActionMenuItem):
    """只读: stands for all actions on a frozen site, where each of them could only be refused."""

    name = "only-read"
    label = _("只读")
    icon_name = "lock"
    template_name = "console/only_read_item.html"

    def is_shown(self, context: Any) -> bool:
        return True

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        context["words"] = words_of(context["request"].tenant)
        return context


def arrange_page_actions(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Change ``items`` to the actions that our rules have: save for columns, save and submit for content.

    On a frozen site there are none. A page under review has taking it back and looking at its review instead.
    """
    page = context.get("page")
    tenant: Any = request.tenant  # type: ignore[attr-defined]
    if tenant.frozen:
        items[:] = [OnlyReadItem()]
        return
    if page is not None and is_structural(page):
        items[:] = [SaveFrameItem(order=item.order) for item in items if isinstance(item, PublishMenuItem)]
        return
    kept: list[Any] = []
    for item in items:
        if isinstance(item, SaveDraftMenuItem | PageLockedMenuItem):
            kept.append(item)
        elif isinstance(item, SubmitForModerationMenuItem):
            kept.append(HandInItem(order=item.order))
    if page is not None and page.pk and page.workflow_in_progress and may_on_content(request.user, SUBMIT):
        kept = [TakeBackItem(order=0), ReviewStateItem(order=10)]
    elif page is not None and page.pk:
        if may_on_content(request.user, SUBMIT):
            kept.append(EmergencyItem(order=95))
        if page.current_workflow_state is not None:
            kept.append(ReviewStateItem(order=90))
    items[:] = _side_by_side(kept)


def _side_by_side(items: list[Any]) -> list[Any]:
    draft = next((item for item in items if isinstance(item, SaveDraftMenuItem)), None)
    hand_in = next((item for item in items if isinstance(item, HandInItem)), None)
    if draft is None or hand_in is None:
        return items
    return [DraftAndHandInItem(draft, hand_in), *(item for item in items if item not in (draft, hand_in))]
