"""The places of 文档导入 in the console: menu items, addresses, the menu of a column and the drop on its page."""

import json
from collections.abc import Iterator
from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from sites.columns.models import Column

from .extraction.limits import ExtractionLimits
from .models import MOST_FILES
from .permissions import may_import_into
from .urls import urlpatterns
from .views import LeftView, UploadView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return item_for(UploadView, "documents_in_upload", name="import-documents", order=115)


@hooks.register("register_admin_menu_item")
def left_item() -> RoleMenuItem:
    return item_for(LeftView, "documents_in_left", name="left-imports", order=800)


@hooks.register("register_page_header_buttons")
def header_button(page: Page, user: Any, *_more: Any, view_name: str = "", **_named: Any) -> Iterator[Button]:
    """导入文稿, in the menu of a column's page; on the list of what it holds, the script takes what is dropped."""
    if page.specific_class is Column and may_import_into(page.specific, user):
        drop = {"data-import-column": page.pk, "data-import-title": page.title} if view_name == "index" else {}
        yield _button(page, attrs={**drop, "title": _("也可以把文件直接拖到栏目的列表页")})


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Page, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """The same in the menu of a column where it stands in a list."""
    if page.specific_class is Column and may_import_into(page.specific, user):
        yield _button(page)


@hooks.register("insert_global_admin_css")
def look_of_a_drop() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("documents_in/column_drop.css"))


@hooks.register("insert_global_admin_js")
def files_dropped_on_a_column() -> SafeString:
    ours = '<script src="{}" data-begin="{}" data-most="{}" data-bytes="{}" data-session="{}" data-words="{}"></script>'
    return format_html(
        '<script src="{}"></script>' + ours,
        static("documents_in/sending.js"),
        static("documents_in/column_drop.js"),
        reverse("documents_in_begin"),
        MOST_FILES,
        ExtractionLimits.file_bytes,
        reverse("session_state"),
        json.dumps(_words()),
    )


def _button(page: Page, **more: Any) -> Button:
    address = f"{reverse('documents_in_upload')}?column={page.pk}"
    return Button(_("导入文稿"), address, icon_name="upload", priority=58, **more)


def _words() -> dict[str, str]:
    return {
        "drop": _("松开鼠标，导入到“{column}”"),
        "title": _("导入到“{column}”"),
        "many": _("一次最多 {most} 个文件，请分几次导入。"),
        "large": _("有 {size} MB，超过 {most} MB，没有上传"),
        "waiting": _("等待上传"),
        "sending": _("已上传 {percent}%"),
        "sent": _("已上传"),
        "lost": _("没有传上去：连接断了，或者文件读不出来"),
        "signin": _("没有传上去：登录已失效。请在新窗口登录，再点“重试”"),
        "fault": _("没有传上去：服务器没有处理成。请点“重试”，仍然不行时请联系平台运维人员"),
        "again": _("重试没有传上去的"),
        "go": _("查看识别结果"),
        "close": _("关闭"),
        "stop": _("停止上传"),
        "leave": _("文件还在上传。"),
    }
