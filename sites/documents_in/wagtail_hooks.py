"""文档导入 in the console's menu and addresses."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from govplatform.review.permissions import ADD, may_on_content

from .urls import urlpatterns


class EditorsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_on_content(request.user, ADD)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> Any:
    return EditorsMenuItem(
        _("文档导入"), reverse_lazy("documents_in_upload"), name="documents-in", icon_name="upload", order=150
    )
