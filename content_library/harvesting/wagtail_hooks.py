"""外部采集 in the menu and addresses of the supervisor's console."""

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from govplatform.console.menus import RoleMenuItem

from .permissions import MANAGERS
from .urls import urlpatterns


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("外部采集"), reverse("harvesting"), roles=MANAGERS, name="harvesting", icon_name="download", order=147
    )
