"""Forms of the sign-in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm


class SignInForm(LoginForm):
    username = forms.CharField(
        label=_("用户名"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    error_messages = {
        "invalid_login": _("用户名或密码不正确。注意区分大小写；连续输错多次账号会暂时锁定。"),
        "inactive": _("这个账号已停用，请联系站点管理员。"),
    }


class TokenForm(forms.Form):
    token = forms.CharField(
        label=_("动态口令"),
        min_length=6,
        max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )
    matched_device: Any = None

    def __init__(self, *args: Any, devices: list[Any], **kwargs: Any) -> None:
        self.devices = devices
        super().__init__(*args, **kwargs)

    def clean_token(self) -> str:
        token = self.cleaned_data["token"]
        for device in self.devices:
            allowed, _why = device.verify_is_allowed()
            if allowed and device.verify_token(token):
                self.matched_device = device
                return str(token)
        raise forms.ValidationError(_("动态口令不正确或已过期，请输入验证器上当前显示的 6 位数字。"))
