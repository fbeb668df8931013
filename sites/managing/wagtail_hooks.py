"""The places of 网站设置 in the console: addresses, the item of the menu."""

from django.urls import URLPattern
from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import SettingsView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def settings_item() -> RoleMenuItem:
    return item_for(SettingsView, "site_settings", name="site-settings", order=128)
