"""分类词表 in the console's menu and addresses: managed in the supervisor's console, read in every other."""

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from govplatform.accounts.roles import EDITOR, REVIEWER_CODES, SITE_ADMIN
from govplatform.console.menus import RoleMenuItem

from .permissions import MANAGERS
from .urls import urlpatterns


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("分类词表"),
        reverse("vocabularies"),
        roles=MANAGERS | {EDITOR.code, SITE_ADMIN.code} | REVIEWER_CODES,
        name="vocabularies",
        icon_name="list-ul",
        order=145,
    )
