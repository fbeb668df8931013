"""What a person may change about the own account: the look of the console and the password."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    ChangePasswordPanel,
    ThemeSettingsPanel,
)
from wagtail.users.models import UserProfile

from govplatform.locks.holding import holding

from ..forms import OwnPasswordForm


class OwnPasswordPanel(ChangePasswordPanel):
    """Bound only when something was typed; names and addresses are the administrators' business."""

    title = _("修改密码")
    form_class = OwnPasswordForm

    def is_active(self) -> bool:
        return True


class LookPanel(ThemeSettingsPanel):
    title = _("界面")


class OwnAccountView(AccountView):
    page_title = _("我的账号")

    def get_panels(self) -> list[BaseSettingsPanel]:
        profile = UserProfile.get_for_user(self.request.user)
        return [panel(self.request, self.request.user, profile) for panel in (LookPanel, OwnPasswordPanel)]

    def post(self, request: HttpRequest) -> HttpResponse:
        # Look and password are stored before the record is written.
        with holding():
            response: HttpResponse = super().post(request)
        return response

    def get_menu_items(self) -> list[Any]:
        return []
