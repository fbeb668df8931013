"""Second factor, lock-out and what a browser remembers of its people, on console hosts only."""

from collections.abc import Callable
from typing import Any

from axes.middleware import AxesMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_otp.middleware import OTPMiddleware

from govplatform.tenancy.hosts import console_only

from .credentials.people_of_browser import remember_person
from .kept_texts import note_arrival

_OPEN_TO_HALF_SIGNED_IN = (
    "/admin/login/", "/admin/logout/", "/admin/second-factor/", "/admin/new-password/", "/admin/start/", "/static/",
    "/admin/jsi18n/",
    # The icons of these pages themselves.
    "/admin/sprite",
)  # fmt: skip


class _SecondFactor(OTPMiddleware):
    """Whoever has a second factor must have used it in this session; where the installation demands one, whoever has
    none sets it up first. A password that somebody else chose is changed before anything else."""

    def __call__(self, request: HttpRequest) -> Any:
        self._install_lazy_accessors(request)
        user = request.user
        if (
            user.is_authenticated
            and not request.path.startswith(_OPEN_TO_HALF_SIGNED_IN)
            and getattr(user, "otp_device", None) is None
        ):
            from .credentials.second_factor import has_second_factor

            if has_second_factor(user):
                return HttpResponseRedirect(f"{reverse('second_factor_check')}?next={request.path}")
            if settings.SECOND_FACTOR_REQUIRED:
                return HttpResponseRedirect(reverse("second_factor_setup"))
        if user.is_authenticated and user.password_must_change and not request.path.startswith(_OPEN_TO_HALF_SIGNED_IN):
            return HttpResponseRedirect(f"{reverse('new_password')}?next={request.path}")
        return self.get_response(request)


class _PeopleOfBrowser:
    """Writes down in the browser who is signed in, who signed out by hand, and which kept texts have arrived."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before: Any = request.user.pk
        response = self.get_response(request)
        left = before is not None and not request.user.is_authenticated and request.method == "POST"
        remember_person(request, response, leaving=before if left else None)
        note_arrival(request, response)
        return response


PeopleOfBrowserMiddleware: Callable[..., Any] = console_only(_PeopleOfBrowser)
SecondFactorMiddleware: Callable[..., Any] = console_only(_SecondFactor)
LockoutMiddleware: Callable[..., Any] = console_only(AxesMiddleware)
