"""The screens of rule packs in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import RulePacksView


@hooks.register("register_admin_urls")
def rule_pack_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def rule_packs_item() -> RoleMenuItem:
    return item_for(RulePacksView, "rule_packs", name="rule-packs", order=135)
