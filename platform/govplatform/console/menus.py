"""The side menu by role: only what the person's work needs."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from govplatform.accounts.roles import AUDITOR, EDITOR, OPERATOR, REVIEWER_CODES, ROLES, SITE_ADMIN, SUPERVISOR
from govplatform.review.permissions import current_roles

#: Names of Wagtail's own items and the roles that keep them.
KEPT_ITEMS: dict[str, frozenset[str]] = {
    "explorer": frozenset({EDITOR.code, SITE_ADMIN.code}),
    "images": frozenset({EDITOR.code}),
    "documents": frozenset({EDITOR.code}),
}


class RoleMenuItem(MenuItem):
    """Shown to the holders of ``roles`` on the current site."""

    def __init__(self, label: Any, url: str, *, roles: frozenset[str], **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.roles = roles

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(current_roles(request.user) & self.roles)


def own_items() -> list[MenuItem]:
    return [
        RoleMenuItem(
            _("待办审查"),
            reverse("review_queue"),
            roles=REVIEWER_CODES,
            name="review-queue",
            icon_name="tasks",
            order=110,
        ),
        RoleMenuItem(
            _("已发布信息"),
            reverse("review_published"),
            roles=REVIEWER_CODES | {EDITOR.code},
            name="review-published",
            icon_name="globe",
            order=120,
        ),
        RoleMenuItem(
            _("词库"),
            reverse("dictionary"),
            roles=REVIEWER_CODES | {OPERATOR.code, SUPERVISOR.code},
            name="dictionary",
            icon_name="list-ul",
            order=125,
        ),
        RoleMenuItem(
            _("事后复核与撤回确认"),
            reverse("review_followups"),
            roles=REVIEWER_CODES | {SUPERVISOR.code},
            name="review-followups",
            icon_name="clipboard-list",
            order=125,
        ),
        RoleMenuItem(
            _("回溯扫描"),
            reverse("review_rescans"),
            roles=REVIEWER_CODES | {SUPERVISOR.code},
            name="review-rescans",
            icon_name="rotate",
            order=125,
        ),
        RoleMenuItem(
            _("紧急撤回"),
            reverse("review_withdraw_at_once"),
            roles=frozenset({SUPERVISOR.code}),
            name="review-withdraw-at-once",
            icon_name="warning",
            order=126,
        ),
        RoleMenuItem(
            _("审查单"),
            reverse("review_sheets"),
            roles=REVIEWER_CODES,
            name="review-sheets",
            icon_name="doc-full",
            order=125,
        ),
        RoleMenuItem(
            _("站点"),
            reverse("lifecycle_sites"),
            roles=frozenset({OPERATOR.code, SUPERVISOR.code}),
            name="sites-tree",
            icon_name="site",
            order=130,
        ),
        RoleMenuItem(
            _("后续事项"),
            reverse("consequences"),
            roles=frozenset({OPERATOR.code}),
            name="consequences",
            icon_name="tasks",
            order=135,
        ),
        RoleMenuItem(
            _("人员"),
            reverse("people"),
            roles=frozenset({SITE_ADMIN.code, OPERATOR.code}),
            name="people",
            icon_name="group",
            order=140,
        ),
        RoleMenuItem(
            _("审计记录"),
            reverse("audit_timeline"),
            roles=frozenset({AUDITOR.code}),
            name="audit",
            icon_name="history",
            order=150,
        ),
    ]


def menu_for(request: HttpRequest, offered: list[MenuItem]) -> list[MenuItem]:
    """Wagtail's ``offered`` items that the person's roles keep, and ours, in order."""
    roles = current_roles(request.user)
    kept = []
    for item in offered:
        if roles & KEPT_ITEMS.get(item.name, frozenset()) or isinstance(item, RoleMenuItem):
            kept.append(item)
        if item.name == "explorer":
            item.label = _("栏目与信息") if EDITOR.code in roles else _("栏目")
    own = [item for item in own_items() if item.is_shown(request)]
    return sorted([*kept, *own], key=lambda item: item.order)


def describe_roles(user: Any) -> list[str]:
    """Labels of the person's roles on the current site, for the head of the start page."""
    return [str(ROLES[code].label) for code in sorted(current_roles(user))]
