"""The screens of interviews in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import InterviewsView


@hooks.register("register_admin_urls")
def interview_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def interviews_item() -> RoleMenuItem:
    return item_for(InterviewsView, "interviews", name="interviews", order=117)
