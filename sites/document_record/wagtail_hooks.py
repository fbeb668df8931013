"""The item of the menu, and the way from a page to its record."""

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from govplatform.review.gate.requirements import is_structural
from govplatform.tenancy.current import current_tenant

from .views import DocumentsView, DocumentView


@hooks.register("register_admin_urls")
def record_urls() -> list[Any]:
    return [
        path("documents-record/", DocumentsView.as_view(), name="documents"),
        path("documents-record/<slug:code>/<int:page_id>/", DocumentView.as_view(), name="document_record"),
    ]


@hooks.register("register_admin_menu_item")
def record_item() -> RoleMenuItem:
    return item_for(DocumentsView, "documents", name="history-of-documents", order=128)


@hooks.register("register_page_header_buttons")
def record_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if not is_structural(page) and page.pk:
        address = reverse("document_record", args=[current_tenant().code, page.pk])
        yield Button(_("文档经过"), address, icon_name="history", priority=60)
