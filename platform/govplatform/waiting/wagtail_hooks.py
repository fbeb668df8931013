"""The item of the menu, with the bell that counts."""

from typing import Any

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .views import CountView, WaitingView


@hooks.register("register_admin_urls")
def waiting_urls() -> list[Any]:
    return [
        path("waiting/", WaitingView.as_view(), name="waiting"),
        path("waiting/count/", CountView.as_view(), name="waiting_count"),
    ]


@hooks.register("register_admin_menu_item")
def waiting_item() -> RoleMenuItem:
    return item_for(WaitingView, "waiting", name="waiting", order=90)


@hooks.register("insert_global_admin_js")
def bell() -> SafeString:
    return format_html(
        '<script src="{}" data-count="{}" data-list="{}" defer></script>',
        static("waiting/bell.js"), reverse("waiting_count"), reverse("waiting"),
    )  # fmt: skip
