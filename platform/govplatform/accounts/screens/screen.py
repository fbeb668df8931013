"""The base of every console screen: who may open it, what it is about, the way back, refusals, filters, pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from govplatform.paging import BoundedPaginator
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from ..models import User
from ..permissions import current_roles
from ..roles import ROLES

PER_PAGE = 50


class Admission(View):
    """Lets in whoever holds one of ``roles`` on the current site.

    One rule for all screens. The right is asked first, and without it the answer is 403 with the reason, whatever
    the address names: nobody learns from it what exists. Whoever has the right gets 404 for what there is not and
    for what is not theirs to see.
    """

    roles: frozenset[str] = frozenset()
    tenant: Tenant

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.tenant = current_tenant()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may_open():
            return self.closed()
        if (elsewhere := self.find(**kwargs)) is not None:
            return elsewhere
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        """Codes of the roles that open the screen; the menu shows its item to the same people."""
        return cls.roles

    def may_open(self) -> bool:
        """Whether the reader may open the screen here at all."""
        return bool(current_roles(self.request.user) & self.opening_roles())

    def find(self, **named: Any) -> HttpResponseBase | None:
        """Look up what the address names and keep it on the view. Raises Http404; a response goes out instead."""
        return None

    def closed(self) -> HttpResponse:
        """403: whose screen it is and who can help."""
        return closed(self.request, self.opening_roles())

    def user(self) -> User:
        """The signed-in person."""
        return self.request.user  # type: ignore[return-value]

    def tell(self, refusal: Refused) -> None:
        """Say the reasons on the next screen."""
        for reason in refusal.reasons:
            messages.error(self.request, reason)


class Screen(Admission, WagtailAdminTemplateMixin, TemplateView):
    """A page of the console in Wagtail's frame. ``reasons`` in its context stand above it as a refusal."""

    header_icon = "tasks"
    _show_breadcrumbs = True

    def crumbs(self) -> list[tuple[str, str]]:
        """``[(address, label)]`` between the start page and this screen."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        # A new list: Wagtail's own is one for all screens of the process.
        between = [{"url": address, "label": label} for address, label in self.crumbs()]
        return [*super().get_breadcrumbs_items(), *between, {"url": "", "label": self.get_page_title()}]

    def refuse(self, refusal: Refused, *, status: int = 200, **context: Any) -> HttpResponse:
        """The same screen with the reasons above it; what was typed stays."""
        return self.render_to_response(self.get_context_data(reasons=refusal.reasons, **context), status=status)

    def asked(self, *names: str) -> dict[str, str]:
        """The filters of a list as the address has them: without blanks around, without NUL, empty when absent."""
        return {name: self.request.GET.get(name, "").replace("\x00", "").strip() for name in names}

    def page_of(self, rows: Any, per_page: int = PER_PAGE) -> Page[Any]:
        """The page of ``rows`` that ``?page=`` asks for; the nearest there is. Of a queryset no more is counted than
        ``paging.COUNTED_UP_TO`` rows.
        """
        paginator = BoundedPaginator if isinstance(rows, QuerySet) else Paginator
        return paginator(rows, per_page).get_page(self.request.GET.get("page"))

    def other_filters(self) -> str:
        """The query of the address without its page, for the links of ``screens/pages.html``."""
        query = self.request.GET.copy()
        query.pop("page", None)
        return query.urlencode()


def closed(request: HttpRequest, roles: frozenset[str], *, reason: str = "") -> HttpResponse:
    """403 in the console's frame, naming the roles that the screen belongs to."""
    labels = "、".join(str(role.label) for code, role in ROLES.items() if code in roles)
    if not reason:
        reason = _("这一页由%(roles)s使用，你在本站没有这样的角色。") % {"roles": labels} if labels else ""
    return render(
        request,
        "screens/closed.html",
        {"header_title": _("不能打开这一页"), "header_icon": "warning", "reason": reason},
        status=403,
    )


def is_screen(view: Any) -> bool:
    """Whether ``view``, as the URL conf has it, asks for the reader's role by itself."""
    return issubclass(getattr(view, "view_class", object), Admission) or hasattr(view, "opened_like")


def opens_like(screen: type[Admission]) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Put a function view behind the door of ``screen``: same people, same 403."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            door = screen()
            door.setup(request, *args, **kwargs)
            return view(request, *args, **kwargs) if door.may_open() else door.closed()

        checked.opened_like = screen  # type: ignore[attr-defined]
        return checked

    return decorate
