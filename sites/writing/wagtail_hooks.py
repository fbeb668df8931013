"""The places of 写稿 in the console: addresses, the line of a signature, the editor's own form of body and table."""

import json
from collections.abc import Iterator
from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.rich_text.converters.html_to_contentstate import BlockElementHandler
from wagtail.admin.rich_text.editors.draftail.features import BlockFeature
from wagtail.admin.widgets import Button

from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from sites.columns.listing import may_list
from sites.columns.pinning import may_pin

from . import forms_of_blocks
from .batch_views import MoveBatch, PlanBatch, SubmitBatch
from .calendar_views import CalendarView
from .copying import may_copy
from .placing import may_place
from .urls import urlpatterns

forms_of_blocks.register_all()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("insert_global_admin_js")
def shaping_of_pictures() -> SafeString:
    return format_html(
        '<script src="{}" data-address="{}" data-words="{}"></script>',
        static("writing/shaping.js"), reverse("writing_picture", args=[0]), json.dumps(_words_of_shaping()),
    )  # fmt: skip


@hooks.register("insert_global_admin_css")
def looks_of_pictures() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("writing/pictures.css"))


@hooks.register("register_admin_menu_item")
def calendar_item() -> RoleMenuItem:
    return item_for(CalendarView, "writing_calendar", name="editors-calendar", order=113)


@hooks.register("register_rich_text_features")
def closing_lines(features: Any) -> None:
    """Paragraphs below the text of an official document: what it encloses, signature and date, its note."""
    # Elements that no pasted text has much, or Draft.js would take every pasted paragraph for one.
    for name, label, description, element in (
        ("enclosures", _("附件说明"), _("“附件：”一行和它下面各件的名称"), "hgroup"),
        ("sign-off", _("落款"), _("落款或日期，靠右"), "address"),
        ("remark", _("附注"), _("例如“（此件公开发布）”"), "figcaption"),
    ):
        control = {"type": name, "label": label, "description": description, "element": element}
        features.register_editor_plugin("draftail", name, BlockFeature(control))
        features.register_converter_rule(
            "contentstate",
            name,
            {
                "from_database_format": {f'p[class="{name}"]': BlockElementHandler(name)},
                "to_database_format": {"block_map": {name: {"element": "p", "props": {"class": name}}}},
            },
        )


@hooks.register("register_page_header_buttons")
def place_button(page: Any, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """换栏目或类型, for drafts that may be placed elsewhere."""
    if may_place(user, page.specific):
        yield Button(
            _("换栏目或类型"), reverse("writing_place", args=[page.pk]), icon_name="arrow-right-full", priority=25
        )


@hooks.register("register_page_header_buttons")
def pin_button(page: Any, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """置顶, for what is public."""
    if may_pin(user, page):
        yield Button(_("置顶"), reverse("writing_pin", args=[page.pk]), icon_name="thumbtack", priority=26)


@hooks.register("register_page_header_buttons")
def copy_button(page: Any, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """复制为新稿, for what may be copied."""
    if may_copy(user, page.specific):
        yield Button(_("复制为新稿"), reverse("writing_copy", args=[page.pk]), icon_name="copy", priority=27)


@hooks.register("register_page_header_buttons")
def listing_button(page: Any, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """多栏目列出, for pages of content."""
    if may_list(user, page):
        yield Button(_("多栏目列出"), reverse("writing_listing", args=[page.pk]), icon_name="list-ul", priority=26)


# Behind Wagtail's own, so that ours stands under the name "move".
for _batch in (SubmitBatch, PlanBatch, MoveBatch):
    hooks.register("register_bulk_action", _batch, order=10)


def _words_of_shaping() -> dict[str, str]:
    return {
        "name": _("裁剪与旋转"),
        "keys": _("拖动选框或它的四角；方向键移动选框，按住 Shift 改变大小，也可以直接填数字。原图保留。"),
        "box": _("要留下的部分"),
        "left90": _("左转 90°"),
        "right90": _("右转 90°"),
        "ratio": _("比例"),
        "free": _("自由"),
        "own": _("原图比例"),
        "portrait": _("证件照 5:7"),
        "whole": _("恢复全图"),
        "left": _("左"),
        "top": _("上"),
        "width": _("宽"),
        "height": _("高"),
        "size": _("留下 {width} × {height} 像素"),
        "apply": _("按此使用"),
        "cancel": _("取消"),
        "working": _("正在处理……"),
        "lost": _("连接不上服务器，图片没有改动。恢复后请再点一次。"),
        "shaped": _("已换成改过的图片；原图还在图片库里。"),
        "back": _("换回原图"),
    }
