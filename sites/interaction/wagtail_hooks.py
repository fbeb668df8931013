"""The screens of cases in the admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from govplatform.accounts.models import User
from govplatform.accounts.permissions import current_roles
from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from govplatform.cases.permissions import may_oversee
from govplatform.tenancy.current import current_tenant

from .panels import CasesPanel, OverduePanel
from .passing_views import PassDeskView
from .question_views import QuestionBaseView
from .retention_views import RetentionView
from .urls import urlpatterns
from .views import CasesView


@hooks.register("register_admin_urls")
def case_urls() -> list[Any]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def cases_item() -> RoleMenuItem:
    return item_for(CasesView, "cases", name="cases", order=115)


@hooks.register("register_admin_menu_item")
def question_base_item() -> RoleMenuItem:
    return item_for(QuestionBaseView, "question_base", name="question-base", order=117)


@hooks.register("register_admin_menu_item")
def retention_item() -> RoleMenuItem:
    return item_for(RetentionView, "retention", name="retention", order=185)


@hooks.register("register_admin_menu_item")
def pass_desk_item() -> RoleMenuItem:
    return item_for(PassDeskView, "pass_desk", name="pass-desk", order=186)


@hooks.register("construct_homepage_panels")
def cases_panel(request: HttpRequest, panels: list[Any]) -> None:
    if not current_tenant().is_console and current_roles(request.user) & CasesPanel.roles:
        panels.append(CasesPanel())
    if current_tenant().is_console and isinstance(request.user, User) and may_oversee(request.user):
        panels.append(OverduePanel())
