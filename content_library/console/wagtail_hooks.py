"""信息资源库 and 分类词表 in the console's menu and addresses."""

from django.urls import URLPattern
from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views.browsing import BrowseView
from .views.numbering import PatternView
from .views.statistics import StatisticsView
from .vocabularies.terms import VocabulariesView
from .vocabularies.urls import urlpatterns as vocabulary_patterns


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [*urlpatterns, *vocabulary_patterns]


@hooks.register("register_admin_menu_item")
def browse_item() -> RoleMenuItem:
    return item_for(BrowseView, "library_browse", name="library-browse", order=115)


@hooks.register("register_admin_menu_item")
def statistics_item() -> RoleMenuItem:
    return item_for(StatisticsView, "library_statistics", name="library-statistics", order=116)


@hooks.register("register_admin_menu_item")
def pattern_item() -> RoleMenuItem:
    return item_for(PatternView, "library_pattern", name="library-pattern", order=146)


@hooks.register("register_admin_menu_item")
def vocabularies_item() -> RoleMenuItem:
    """Return the menu item of the vocabularies: managed in the supervisor's console, read elsewhere."""
    return item_for(VocabulariesView, "vocabularies", name="vocabularies", order=145)
