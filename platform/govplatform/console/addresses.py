"""Which of Wagtail's addresses exist in the console at all, and which need the right to see drafts.

Whatever is not part of anybody's work answers 404, so that nothing is offered first and refused
afterwards, and no second registry of people, sites or workflows can be opened (traps T12, T14).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode
from wagtail.models import Page, get_page_models

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.screens.screen import is_screen
from govplatform.accounts.views.signing_in import ENDED
from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import ADD, VIEW_DRAFT, may_on_content, may_on_structure

#: Namespaces of Wagtail's admin that nobody needs.
CLOSED_NAMESPACES = frozenset(
    {
        "wagtailusers_users",
        "wagtailusers_groups",
        "wagtailsites",
        "wagtailadmin_workflows",
        "wagtailadmin_reports",
        "wagtailadmin_collections",
        "wagtailforms",
        "wagtailsearch_admin",
        "wagtailredirects",
        "wagtaillocales",
    }
)
#: Single addresses that nobody needs.
CLOSED_NAMES = frozenset(
    {
        "wagtailadmin_error_test",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_pages:set_privacy",
        "wagtailadmin_pages:lock",
        "wagtailadmin_pages:convert_alias",
        "wagtailadmin_pages:type_use",
        "wagtailadmin_pages:type_use_results",
        "wagtailadmin_pages:workflow_action",
        "wagtailadmin_pages:collect_workflow_action_data",
        "wagtailadmin_pages:confirm_workflow_cancellation",
        "wagtailadmin_pages:workflow_preview",
    }
)
#: Addresses that show titles or text of drafts, whatever Wagtail's own check says.
DRAFT_NAMES = frozenset(
    {
        "wagtailadmin_pages:usage",
        "wagtailadmin_pages:workflow_history",
        "wagtailadmin_pages:workflow_history_detail",
    }
)
#: Wagtail's search over all pages cannot be narrowed; the explorer searches what the person may see.
SEARCH_NAMES = frozenset({"wagtailadmin_pages:search", "wagtailadmin_pages:search_results"})
DRAFT_NAMESPACES = frozenset({"wagtailimages", "wagtaildocs", "wagtailimages_chooser", "wagtaildocs_chooser"})
_PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "parent_page_id", "destination_id")


def guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    """``view`` behind the tables above; a session that ended by itself is named on the sign-in page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user: Any = request.user
        if user.is_authenticated and _is_closed(request, user):
            return not_found(request)
        if user.is_authenticated and _searches_drafts(request, user):
            words = urlencode({"q": request.GET.get("q", "")})
            return redirect(f"{reverse('wagtailadmin_explore_root')}?{words}")
        response = view(request, *args, **kwargs)
        if not user.is_authenticated and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _say_that_session_ended(response)
        return response

    return answer


def _is_closed(request: HttpRequest, user: Any) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    spaces, name = set(match.namespaces), match.view_name
    if spaces & CLOSED_NAMESPACES or name in CLOSED_NAMES or request.path.startswith("/admin/test404"):
        return True
    if not _may_add(user, match):
        return True
    # Our screens ask for a role themselves; whoever has none here learns nothing, as anywhere else.
    if may_on_content(user, VIEW_DRAFT) or (is_screen(match.func) and current_roles(user)):
        return False
    return bool(spaces & DRAFT_NAMESPACES or name in DRAFT_NAMES) or any(map(_is_content, _named_pages(match)))


def _may_add(user: Any, match: ResolverMatch) -> bool:
    # Wagtail asks whether anything may be added below the parent, not what: editors write content,
    # the administrator makes columns, and neither does the other's work.
    names = (match.kwargs.get("content_type_app_name"), match.kwargs.get("content_type_model_name"))
    model = next((m for m in get_page_models() if (m._meta.app_label, m._meta.model_name) == names), None)
    if model is None:
        return True
    return may_on_structure(user) if getattr(model, "is_structural", False) else may_on_content(user, ADD)


def _named_pages(match: ResolverMatch) -> list[int]:
    # Some views name a page in a heading or a message before they ask what may be done with it.
    named = [match.kwargs[name] for name in _PAGE_ARGUMENTS if name in match.kwargs]
    return [int(number) for number in [*named, *match.args[:1]]]


def _is_content(page_id: int) -> bool:
    page = Page.objects.filter(pk=page_id).first()
    return page is not None and not is_structural(page)


def _searches_drafts(request: HttpRequest, user: Any) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in SEARCH_NAMES and not may_on_content(user, VIEW_DRAFT)


def _say_that_session_ended(response: HttpResponse) -> None:
    target = response.headers.get("Location", "")
    if target.startswith(reverse("wagtailadmin_login")) and "?" in target:
        response.headers["Location"] = f"{target}&{ENDED}=1"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "wagtailadmin/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "console/forbidden.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "console/broken.html", status=500)
