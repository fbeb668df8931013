"""The places of 外来网站接收 in the consoles: menu items and addresses."""

from django.urls import URLPattern
from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .overview import ArrivalsOfSitesView
from .urls import urlpatterns
from .views import ArrivalsView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return item_for(ArrivalsView, "arrivals", name="arrivals", order=116)


@hooks.register("register_admin_menu_item")
def menu_item_of_all_sites() -> RoleMenuItem:
    return item_for(ArrivalsOfSitesView, "arrivals_of_sites", name="foreign-arrivals", order=133)
