"""The screens of solicitations and surveys in the admin."""

from typing import Any

from wagtail import hooks

from govplatform.accounts.screens.menu import RoleMenuItem, item_for

from .urls import urlpatterns
from .views import SurveysView


@hooks.register("register_admin_urls")
def survey_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def surveys_item() -> RoleMenuItem:
    return item_for(SurveysView, "surveys", name="surveys", order=117)
