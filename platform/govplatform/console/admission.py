"""Decides before every view of the console whether one of the person's roles opens its address at all.

The table of addresses and roles belongs to a layer above and is known here only by its name
(``settings.CONSOLE_ADDRESSES``). An address that it does not name is closed to everybody.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode
from wagtail.admin.auth import require_admin_access

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.screens.screen import closed, is_screen
from govplatform.accounts.views.signing_in import ENDED
from govplatform.tenancy.hosts import console_only

from .addresses import is_closed, not_found, searches_drafts

_Answer = Callable[[HttpRequest], HttpResponse]


class _AdmissionMiddleware:
    """Refuses what the sheet does not give to one of the person's roles on this site.

    A screen of ours answers 403 and says whose it is; whatever else is closed is not there (404). Whoever has no role
    here is told so on the sign-in page, whatever the address.
    """

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        anonymous = not request.user.is_authenticated
        response = self.get_response(request)
        if anonymous and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _say_that_session_ended(response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = cast(ResolverMatch, request.resolver_match)
        if match.view_name in open_names():
            return None
        if (refusal := answer_to_the_uninvited(request, match)) is not None:
            # Inside Wagtail's own check: it sets the person's language, and sends strangers to the sign-in page.
            return cast(HttpResponse, require_admin_access(refusal)(request))
        if searches_drafts(request.user, match):
            words = urlencode({"q": request.GET.get("q", "")})
            return redirect(f"{reverse('wagtailadmin_explore_root')}?{words}")
        return None


def answer_to_the_uninvited(request: HttpRequest, match: ResolverMatch) -> _Answer | None:
    """Return the view that answers a person who may not use the address ``match``; None for a person who may."""
    roles, opens_to = current_roles(request.user), roles_by_name().get(match.view_name, frozenset())
    if not roles:
        return not_found
    if not roles & opens_to:
        return partial(closed, roles=opens_to) if opens_to and is_screen(match.func) else not_found
    return not_found if is_closed(request, request.user, match) else None


def _say_that_session_ended(response: HttpResponse) -> None:
    target = response.headers.get("Location", "")
    if target.startswith(reverse("wagtailadmin_login")) and "?" in target:
        response.headers["Location"] = f"{target}&{ENDED}=1"


AdmissionMiddleware: Callable[..., Any] = console_only(_AdmissionMiddleware)


@cache
def _sheet() -> Any:
    return import_module(settings.CONSOLE_ADDRESSES)


def roles_by_name() -> Mapping[str, frozenset[str]]:
    """Name of a URL, with its namespaces -> codes of the roles that may use it."""
    return cast(Mapping[str, frozenset[str]], _sheet().ROLES_BY_NAME)


def open_names() -> frozenset[str]:
    """Names of the URLs for which nobody needs a role."""
    return cast(frozenset[str], _sheet().OPEN) | settings.CONSOLE_OPEN_BESIDES


def names_that_write_in_the_site() -> frozenset[str]:
    """Names of the URLs whose forms write in the schema of the site, and nowhere else."""
    return cast(frozenset[str], _sheet().WRITING_IN_THE_SITE)
