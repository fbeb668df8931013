"""What a person may change about the own account: look and language of the console, the password; and who tried it."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    ChangePasswordPanel,
    LocaleSettingsPanel,
    ThemeSettingsPanel,
)
from wagtail.users.models import UserProfile

from govplatform.locks.holding import holding

from ..failed_sign_ins import failures_of
from ..forms import OwnPasswordForm
from ..models import User


class OwnPasswordPanel(ChangePasswordPanel):
    """Bound only when something was typed; names and addresses are the administrators' business."""

    title = _("修改密码")
    form_class = OwnPasswordForm

    def is_active(self) -> bool:
        return True


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
        return {**super().get_context_data(**kwargs), "failures": failures_of(user.get_username())[:20]}

    def post(self, request: HttpRequest) -> HttpResponse:
        # Look and password are stored before the record is written.
        with holding():
            response: HttpResponse = super().post(request)
        return response

    def get_menu_items(self) -> list[Any]:
        return []
