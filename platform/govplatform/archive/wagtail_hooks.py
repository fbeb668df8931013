"""The screens of archives in the console tenant's admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import ArchivesView


@hooks.register("register_admin_urls")
def archive_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def archives_item() -> RoleMenuItem:
    return item_for(ArchivesView, "archives", name="site-archives", order=134)
