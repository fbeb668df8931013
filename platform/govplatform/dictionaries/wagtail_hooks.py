"""The dictionary's screens in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import WordsView


@hooks.register("register_admin_urls")
def dictionary_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def dictionary_item() -> RoleMenuItem:
    return item_for(WordsView, "dictionary", name="dictionary", order=125)
