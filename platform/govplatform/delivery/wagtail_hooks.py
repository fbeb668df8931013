"""The screens of static delivery in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import DeliveriesView


@hooks.register("register_admin_urls")
def delivery_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def deliveries_item() -> RoleMenuItem:
    return item_for(DeliveriesView, "deliveries", name="deliveries", order=136)
