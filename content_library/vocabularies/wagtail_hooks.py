"""分类词表 in the console's menu and addresses: managed in the supervisor's console, read in every other."""

from django.urls import URLPattern
from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views.terms import VocabulariesView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return item_for(VocabulariesView, "vocabularies", name="vocabularies", order=145)
