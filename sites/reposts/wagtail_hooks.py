"""The places of 转载 in the console: menu item, addresses, a panel of the start page, a button on each column."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.models import Page

from content_library.models import Repost
from govplatform.accounts.screens.menu import RoleMenuItem, item_for
from sites.columns.models import Column

from .permissions import may_repost
from .queries import waiting_for_editors
from .urls import urlpatterns
from .views import ChooseView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")
def menu_item() -> RoleMenuItem:
    return item_for(ChooseView, "reposts_choose", name="repost", order=116, label=_("转载"))


def _button(page: Page, user: Any) -> Iterator[Button]:
    if page.specific_class is Column and may_repost(user):
        yield Button(
            _("转载到本栏目"),
            f"{reverse('reposts_choose')}?column={page.pk}",
            icon_name="redirect",
            priority=60,
        )


@hooks.register("register_page_header_buttons")
def header_button(page: Page, user: Any, next_url: str | None = None, **_kwargs: Any) -> Iterator[Button]:
    yield from _button(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Page, user: Any, next_url: str | None = None, **_kwargs: Any) -> Iterator[Button]:
    yield from _button(page, user)


@hooks.register("construct_explorer_page_queryset", order=20)
def say_what_is_reposted(parent_page: Page, pages: Any, request: HttpRequest) -> Any:
    """Mark what the library knows as reposted or copied here, so that only those are asked for their source."""
    known = Repost.objects.filter(tenant=request.tenant, page_id=OuterRef("pk"))  # type: ignore[attr-defined]
    return pages.annotate(known_repost=Exists(known))


class MovedOnPanel(Component):
    """The panel 转载的信息有了新版本: reposts of the site whose source has a newer version."""

    name = "reposts-moved-on"
    order = 112
    template_name = "reposts/moved_on_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        reposts = waiting_for_editors(15)
        pages = Page.objects.in_bulk([repost.page_id for repost in reposts])
        return {"rows": [(repost, pages[repost.page_id]) for repost in reposts if repost.page_id in pages]}


@hooks.register("construct_homepage_panels")
def reposts_panel(request: HttpRequest, panels: list[Component]) -> None:
    if may_repost(request.user) and not request.tenant.is_console:  # type: ignore[attr-defined]
        panels.append(MovedOnPanel())
