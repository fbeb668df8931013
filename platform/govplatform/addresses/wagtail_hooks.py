"""The ledger's screens in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import LedgerView


@hooks.register("register_admin_urls")
def ledger_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def ledger_item() -> RoleMenuItem:
    return item_for(LedgerView, "ledger", name="address-ledger", order=135)
