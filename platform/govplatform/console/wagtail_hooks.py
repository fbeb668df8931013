"""Wagtail's admin reduced to what each role needs; the screens themselves are in their own apps."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import AUDITOR, SUPERVISOR
from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from . import audit_views, identity_views
from .audit_panel import AuditPanel
from .menus import menu_for
from .page_actions import arrange_page_actions
from .visibility import VisiblePagesAPIViewSet, visible_pages


@hooks.register("insert_global_admin_css")
def console_style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("console/console.css"))


@hooks.register("insert_global_admin_js")
def names_of_fields() -> SafeString:
    return format_html('<script src="{}"></script>', static("console/labels.js"))


@hooks.register("insert_global_admin_js")
def nothing_typed_is_lost() -> SafeString:
    state, signin = reverse("session_state"), reverse("wagtailadmin_login")
    return format_html(
        '<script src="{}"></script><script src="{}" data-state="{}" data-signin="{}" data-words="{}"></script>',
        static("console/kept_store.js"), static("console/kept_texts.js"), state, signin, json.dumps(_words_of_texts()),
    )  # fmt: skip


@hooks.register("insert_global_admin_js")
def no_file_too_large() -> SafeString:
    words = {
        "large": _("“{name}”有 {size} MB，最大 {most} MB，没有上传。请压缩或拆分后重新选择。"),
        "empty": _("“{name}”是空的，没有上传。"),
    }
    script = '<script src="{}" data-most="{}" data-words="{}"></script>'
    return format_html(script, static("console/upload_limits.js"), settings.LARGEST_REQUEST, json.dumps(words))


@hooks.register("insert_editor_js")
def ways_to_fields() -> SafeString:
    lacks = _("，待补 {n} 处")
    plain = ("console/early_edits.js", "console/last_words.js", "console/one_line.js", "console/returned.js")
    return format_html(
        '<script src="{}" data-lacks="{}"></script>{}',
        static("console/jumps.js"),
        lacks,
        format_html_join("", '<script src="{}"></script>', ((static(name),) for name in plain)),
    )


@hooks.register("register_admin_urls")
def audit_urls() -> list[Any]:
    return [
        path("audit/", audit_views.TimelineView.as_view(), name="audit_timeline"),
        path("audit/export/", audit_views.ExportView.as_view(), name="audit_export"),
        path("identity-acts/", identity_views.IdentityActsView.as_view(), name="identity_acts"),
    ]


@hooks.register("construct_main_menu", order=1000)
def menu_by_role(request: HttpRequest, items: list[Any]) -> None:
    items[:] = menu_for(request, items)


@hooks.register("construct_homepage_summary_items", order=1000)
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("construct_homepage_panels", order=-100)
def empty_start_page(request: HttpRequest, panels: list[Component]) -> None:
    # Wagtail's own panels speak of pages and moderation in general; ours come after this.
    panels.clear()
    if AUDITOR.code in current_roles(request.user):
        panels.append(AuditPanel())
    if request.tenant.is_console and SUPERVISOR.code in current_roles(request.user):  # type: ignore[attr-defined]
        panels.append(identity_views.IdentityPanel())


@hooks.register("construct_explorer_page_queryset")
def only_visible_pages(parent_page: Any, pages: Any, request: HttpRequest) -> Any:
    return visible_pages(pages, request.user)


@hooks.register("construct_page_chooser_queryset")
def only_visible_choices(pages: Any, request: HttpRequest) -> Any:
    return visible_pages(pages, request.user)


@hooks.register("construct_admin_api")
def only_visible_in_api(router: Any) -> None:
    router.register_endpoint("pages", VisiblePagesAPIViewSet)


@hooks.register("construct_page_action_menu", order=1000)
def only_our_actions(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    arrange_page_actions(items, request, context)


@hooks.register("register_admin_menu_item")
def audit_item() -> RoleMenuItem:
    return item_for(audit_views.TimelineView, "audit_timeline", name="audit", order=150)


@hooks.register("register_admin_menu_item")
def identity_item() -> RoleMenuItem:
    return item_for(identity_views.IdentityActsView, "identity_acts", name="identity-acts", order=152)


def _words_of_texts() -> dict[str, str]:
    return {
        "lost": _("连接不上服务器，没有保存。恢复后自动继续。"),
        "ended": _("登录已经结束，没有保存。"),
        "half": _("登录还差一步：请在登录的窗口输入动态口令。"),
        "other": _("这个浏览器里现在登录的是另一个人。原来写的内容没有保存，也不再显示；请由原来的人重新登录。"),
        "kept": _("你写的内容留在这台电脑上，只有你登录后才看得到。"),
        "open": _("你写的内容还在这个窗口里，请不要关闭它。"),
        "signIn": _("在新窗口登录"),
        "check": _("我已登录"),
        "back": _("已经恢复，可以接着做。"),
        "backSaving": _("已经恢复，正在保存。"),
        "backAgain": _("已经恢复，内容都在，请再点一次按钮。"),
        "offer": _("这里有你 {when} 写的、没有存上的内容。"),
        "restore": _("恢复"),
        "drop": _("不要了"),
        "close": _("关闭"),
    }
