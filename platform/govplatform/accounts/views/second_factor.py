"""The second factor in the console: asked for, bound, recovery codes."""

from base64 import b32encode
from typing import Any, cast

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_otp import devices_for_user, user_has_device
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.locks.holding import holding

from ..credentials.known_devices import remember_device
from ..credentials.second_factor import bind_device, renew_recovery_codes
from ..forms import TokenForm
from ..models import User
from .entrance import EntranceForm


class _TokenView(EntranceForm[TokenForm]):
    form_class = TokenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "devices": self.devices()}

    def devices(self) -> list[Any]:
        return list(devices_for_user(self.request.user))


class SecondFactorCheckView(_TokenView):
    template_name = "console/second_factor_check.html"

    def form_valid(self, form: TokenForm) -> HttpResponse:
        otp_login(self.request, form.matched_device)
        response = super().form_valid(form)
        remember_device(response, cast(User, self.request.user), form.matched_device)
        return response


class SecondFactorSetupView(_TokenView):
    """Shows the secret as a picture and as text; the first right code confirms it and brings the recovery codes."""

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

    def get_form(self, form_class: Any = None) -> TokenForm:
        form = super().get_form(form_class)
        form.fields["token"].label = _t("动态口令")
        return form

    def devices(self) -> list[Any]:
        device, _created = TOTPDevice.objects.get_or_create(
            user=self.request.user, confirmed=False, defaults={"name": "TOTP"}
        )
        return [device]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = self.devices()[0]
        code = segno.make(device.config_url, error="m")
        return super().get_context_data(
            qr_code=code.svg_data_uri(scale=5, border=2),
            secret=b32encode(device.bin_key).decode(),
            may_leave=not settings.SECOND_FACTOR_REQUIRED or user_has_device(self.request.user),
            go_back=self.get_success_url(),
            **kwargs,
        )

    def form_valid(self, form: TokenForm) -> HttpResponse:
        user, device = cast(User, self.request.user), form.matched_device
        codes = bind_device(user, device)
        otp_login(self.request, device)
        response = _show_codes(self.request, codes, go_on=self.get_success_url())
        remember_device(response, user, device)
        return response


@require_POST
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New codes in the place of the old ones, for whoever has given a code in this session."""
    user = cast(User, request.user)
    if getattr(user, "otp_device", None) is None:
        return redirect("second_factor_check")
    return _show_codes(request, renew_recovery_codes(user), go_on="/admin/account/")


@never_cache
def _show_codes(request: HttpRequest, codes: list[str], *, go_on: str) -> HttpResponse:
    return render(request, "console/recovery_codes.html", {"codes": codes, "go_on": go_on})
