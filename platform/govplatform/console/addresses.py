"""Closes addresses of the console that name content, for people who may not read drafts; and the error pages.

Which addresses exist at all, and for whom, is decided in ``admission.py``. Here it is about the pages that an address
names, and about the answers for what is missing, forbidden, unreadable or broken.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models

from govplatform.accounts.screens.screen import is_screen
from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import ADD, VIEW_DRAFT, may_on_content, may_on_structure
from govplatform.row_numbers import row_number

#: Wagtail's search over all pages cannot be narrowed; the explorer searches what the person may see.
_SEARCH_NAMES = frozenset({"wagtailadmin_pages:search", "wagtailadmin_pages:search_results"})
_BULK = "wagtail_bulk_action"
UNREADABLE = _("网址或者表单中有无法保存的字符，或者内容过长、表单不完整。没有保存任何内容。")
_PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "parent_page_id", "destination_id")
_LONGEST_NUMBER = 18


def is_closed(request: HttpRequest, user: Any, match: ResolverMatch) -> bool:
    """Whether ``match`` names a page that ``user`` may not see or add, although the address itself is open to them."""
    if not _may_add(user, match):
        return True
    # Screens of our own check the right to the thing they show themselves.
    if may_on_content(user, VIEW_DRAFT) or is_screen(match.func):
        return False
    if match.view_name == _BULK and not _names_pages_one_by_one(request, match):
        return True
    numbers = list(_named_pages(request, match))
    # What we do not read as a number, Wagtail may: "+7", "７" and "0_7" are numbers to Python.
    return 0 in numbers or _any_is_content(numbers)


def searches_drafts(user: Any, match: ResolverMatch) -> bool:
    """Whether ``match`` is Wagtail's search over all pages and ``user`` may not see drafts, which it would show."""
    return match.view_name in _SEARCH_NAMES and not may_on_content(user, VIEW_DRAFT)


def _may_add(user: Any, match: ResolverMatch) -> bool:
    # Wagtail asks whether anything may be added below the parent, not what: editors write content,
    # the administrator makes columns, and neither does the other's work.
    names = (match.kwargs.get("content_type_app_name"), match.kwargs.get("content_type_model_name"))
    model = next((m for m in get_page_models() if (m._meta.app_label, m._meta.model_name) == names), None)
    if model is None:
        return True
    return may_on_structure(user) if getattr(model, "is_structural", False) else may_on_content(user, ADD)


def _names_pages_one_by_one(request: HttpRequest, match: ResolverMatch) -> bool:
    # "all" means every page of a listing, also those that the person does not see in it.
    about = (match.kwargs.get("app_label"), match.kwargs.get("model_name"))
    return about == ("wagtailcore", "page") and "all" not in request.GET.getlist("id")


def _named_pages(request: HttpRequest, match: ResolverMatch) -> Iterator[int]:
    # Some views name a page in a heading or a message before they ask what may be done with it.
    yield from (match.kwargs[name] for name in _PAGE_ARGUMENTS if name in match.kwargs)
    texts = [*match.args[:1], match.kwargs.get("object_id", "")]
    if match.view_name == _BULK:
        texts += request.GET.getlist("id")
    yield from (row_number(str(text)) for text in texts if text != "")


def _any_is_content(numbers: Iterable[int]) -> bool:
    named = {number for number in numbers if number < 10**_LONGEST_NUMBER}
    return bool(named) and not all(map(is_structural, Page.objects.filter(pk__in=named)))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for 404."""
    return render(request, "wagtailadmin/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for 400; as JSON where a script asked."""
    if request.headers.get("Accept", "").startswith("application/json"):
        told = {"success": False, "error_code": "bad_request", "error_message": str(UNREADABLE)}
        return JsonResponse(told, status=400)
    return render(request, "console/bad_request.html", {"reason": UNREADABLE}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for 403."""
    return render(request, "console/forbidden.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for 500."""
    return render(request, "console/broken.html", status=500)
