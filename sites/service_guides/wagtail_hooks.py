"""The screens of guides to services in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import ServicesView


@hooks.register("register_admin_urls")
def service_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def services_item() -> RoleMenuItem:
    return item_for(ServicesView, "services", name="services", order=116)
