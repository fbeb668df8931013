"""文档导入 in the console's menu and addresses."""

from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from govplatform.accounts.roles import EDITOR
from govplatform.console.menus import RoleMenuItem

from .urls import urlpatterns


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    # Wagtail marks an item as current when its name begins like the current one's: not "documents-…".
    return RoleMenuItem(
        _("文档导入"),
        reverse("documents_in_upload"),
        roles=frozenset({EDITOR.code}),
        name="import-documents",
        icon_name="upload",
        order=115,
    )
