"""What a person may change about the own account: look and language of the console, the password; and who tried it."""

from typing import Any, cast

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_otp import user_has_device
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    ChangePasswordPanel,
    LocaleSettingsPanel,
    ThemeSettingsPanel,
)
from wagtail.users.models import UserProfile

from govplatform.locks.holding import holding

from ..credentials.failed_sign_ins import failures_of
from ..credentials.second_factor import recovery_codes_left
from ..forms import OwnPasswordForm
from ..models import User
from .entrance import EntranceForm


class OwnPasswordPanel(ChangePasswordPanel):
    """Bound only when something was typed; names and addresses are the administrators' business."""

    title = _("修改密码")
    form_class = OwnPasswordForm

    def is_active(self) -> bool:
        return True

    def get_form(self) -> Any:
        form = super().get_form()
        # One of several things on the page, and not the first: Django's form takes the focus and scrolls there.
        form.fields["old_password"].widget.attrs.pop("autofocus", None)
        return form


class LookPanel(ThemeSettingsPanel):
    title = _("界面")


class LanguagePanel(LocaleSettingsPanel):
    title = _("语言")


class OwnAccountView(AccountView):
    """Two forms and the failed sign-ins of the last weeks, so that their owner sees what the auditor sees."""

    page_title = _("我的账号")
    template_name = "accounts/own_account.html"

    def get_panels(self) -> list[BaseSettingsPanel]:
        profile = UserProfile.get_for_user(self.request.user)
        return [
            panel(self.request, self.request.user, profile) for panel in (LookPanel, LanguagePanel, OwnPasswordPanel)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        return {
            **super().get_context_data(**kwargs),
            "failures": failures_of(user.get_username())[:20],
            "has_second_factor": user_has_device(user),
            "codes_left": recovery_codes_left(user),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        # Look and password are stored before the record is written.
        with holding():
            response: HttpResponse = super().post(request)
        return response

    def get_menu_items(self) -> list[Any]:
        return []


class NewPasswordView(EntranceForm[OwnPasswordForm]):
    """The first thing that a person does whose password somebody else has chosen."""

    form_class = OwnPasswordForm
    template_name = "console/new_password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Or the password alone would be enough to keep its owner out.
        user = request.user
        if user.is_authenticated and user_has_device(user) and getattr(user, "otp_device", None) is None:
            return redirect(f"{reverse('second_factor_check')}?next={request.path}")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        with holding():
            form.save()
            # The session goes on under the new password; others of the account have ended.
            update_session_auth_hash(self.request, form.user)
        return super().form_valid(form)
