"""The places of 写稿 in the console: addresses, the line of a signature, the editor's own form of body and table."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.rich_text.converters.html_to_contentstate import BlockElementHandler
from wagtail.admin.rich_text.editors.draftail.features import BlockFeature
from wagtail.admin.widgets import Button

from . import forms_of_blocks
from .placing import may_place
from .urls import urlpatterns

forms_of_blocks.register_all()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_rich_text_features")
def sign_off(features: Any) -> None:
    """A paragraph of signature or date, which stands to the right."""
    control = {
        "type": "sign-off",
        "label": _("落款"),
        "description": _("落款或日期，靠右"),
        # Of its own, or Draft.js would take every pasted paragraph for one.
        "element": "address",
    }
    features.register_editor_plugin("draftail", "sign-off", BlockFeature(control))
    features.register_converter_rule(
        "contentstate",
        "sign-off",
        {
            "from_database_format": {'p[class="sign-off"]': BlockElementHandler("sign-off")},
            "to_database_format": {"block_map": {"sign-off": {"element": "p", "props": {"class": "sign-off"}}}},
        },
    )


@hooks.register("register_page_header_buttons")
def place_button(page: Any, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """换栏目或类型, for drafts that may be placed elsewhere."""
    if may_place(user, page.specific):
        yield Button(
            _("换栏目或类型"), reverse("writing_place", args=[page.pk]), icon_name="arrow-right-full", priority=25
        )
