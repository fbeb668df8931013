"""The search's screens in the console's menu and addresses."""

from django.urls import URLPattern
from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .console.statistics import SearchStatisticsView
from .console.synonyms import SynonymsView
from .console.urls import urlpatterns


@hooks.register("register_admin_urls")
def search_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def statistics_item() -> RoleMenuItem:
    return item_for(SearchStatisticsView, "search_statistics", name="search-statistics", order=150)


@hooks.register("register_admin_menu_item")
def synonyms_item() -> RoleMenuItem:
    return item_for(SynonymsView, "synonyms", name="synonyms", order=151)
