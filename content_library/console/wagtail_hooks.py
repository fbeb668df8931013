"""信息资源库 in the console's menu and addresses."""

from django.urls import URLPattern
from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views.browsing import BrowseView
from .views.numbering import PatternView
from .views.statistics import StatisticsView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def browse_item() -> RoleMenuItem:
    return item_for(BrowseView, "library_browse", name="library-browse", order=115)


@hooks.register("register_admin_menu_item")
def statistics_item() -> RoleMenuItem:
    return item_for(StatisticsView, "library_statistics", name="library-statistics", order=116)


@hooks.register("register_admin_menu_item")
def pattern_item() -> RoleMenuItem:
    return item_for(PatternView, "library_pattern", name="library-pattern", order=146)
