"""Signing in: password, then second factor, locked out after repeated failures."""

from typing import Any, cast

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django_otp import devices_for_user, user_has_device
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.views.account import LoginView

from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.tenancy.hosts import console_url

from ..failed_sign_ins import failures_of
from ..forms import SignInForm, TokenForm
from ..known_devices import remember_device
from ..models import User
from ..queries import places_of

#: Added to the address of the sign-in page when a session ended by itself.
ENDED = "ended"


class SignInView(LoginView):
    """Wagtail's sign-in page with our form; whoever has no role here is told where they have one."""

    template_name = "console/sign_in.html"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.request.user
        if user.is_authenticated and not user.has_perm("wagtailadmin.access_admin"):
            # Wagtail sends people without access here; showing the form again would only puzzle them.
            list(messages.get_messages(self.request))
            places = [{**place, "url": console_url(place["tenant"])} for place in places_of(user)]
            return render(self.request, "console/no_role.html", {"places": places}, status=403)
        response: HttpResponse = super().get(*args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["session_ended"] = ENDED in self.request.GET
        context["minutes"] = settings.SESSION_COOKIE_AGE // 60
        return context

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        failures = len(failures_of(user.get_username(), since=user.last_login)) if user.last_login else 0
        # The password is right: what signing in writes (account, failures, record) comes behind the chain.
        with holding():
            response: HttpResponse = super().form_valid(form)
        if failures:
            messages.warning(
                self.request,
                _("上次登录以后，有 %(n)s 次用您的用户名登录失败，详见“我的账号”。如果不是您本人所为，请告知运维人员。")
                % {"n": failures},
            )
        return response


class _TokenView(LoginRequiredMixin, FormView[TokenForm]):
    form_class = TokenForm
    login_url = reverse_lazy("wagtailadmin_login")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "devices": self.devices()}

    def devices(self) -> list[Any]:
        return list(devices_for_user(self.request.user))

    def form_valid(self, form: TokenForm) -> HttpResponse:
        otp_login(self.request, form.matched_device)
        response = super().form_valid(form)
        remember_device(response, cast(User, self.request.user), form.matched_device)
        return response

    def get_success_url(self) -> str:
        wanted = self.request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts={self.request.get_host()}):
            return wanted
        return "/admin/"


class SecondFactorCheckView(_TokenView):
    template_name = "console/second_factor_check.html"


class SecondFactorSetupView(_TokenView):
    """Shows the secret as a picture and as text; the first right code confirms it."""

    template_name = "console/second_factor_setup.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Or the password alone would be enough to put a second factor of one's own in its place.
        user = request.user
        if user.is_authenticated and user_has_device(user) and getattr(user, "otp_device", None) is None:
            return redirect("second_factor_check")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The device counts the attempt before the act is recorded.
        with holding():
            return super().post(request, *args, **kwargs)

    def devices(self) -> list[Any]:
        device, _created = TOTPDevice.objects.get_or_create(
            user=self.request.user, confirmed=False, defaults={"name": "TOTP"}
        )
        return [device]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = self.devices()[0]
        code = segno.make(device.config_url, error="m")
        from base64 import b32encode

        return super().get_context_data(
            qr_code=code.svg_data_uri(scale=5, border=2),
            secret=b32encode(device.bin_key).decode(),
            **kwargs,
        )

    def form_valid(self, form: TokenForm) -> HttpResponse:
        device = form.matched_device
        TOTPDevice.objects.filter(user=self.request.user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save()
        user = cast(User, self.request.user)
        record_act("account.second_factor", acting_user=user, obj=user)
        return super().form_valid(form)


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes shows after too many failures."""
    wait = getattr(request, "seconds_to_wait", 0)
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    answer = render(
        request,
        "console/locked_out.html",
        {"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes, "seconds": wait},
        status=429,
    )
    answer.headers["Retry-After"] = str(wait or minutes * 60)
    return answer
