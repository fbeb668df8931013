"""The screens of cases in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import CasesView


@hooks.register("register_admin_urls")
def case_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def cases_item() -> RoleMenuItem:
    return item_for(CasesView, "cases", name="cases", order=115)
