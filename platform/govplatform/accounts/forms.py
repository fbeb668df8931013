"""Forms of the sign-in, of the own account and of people's roles."""

import math
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin.forms.auth import LoginForm

from govplatform.tenancy.models import Tenant

from .actions import set_password
from .credentials.sign_in_links import begin_account
from .models import RoleOffer
from .offers.rules import offers_to
from .roles import ROLES


class SignInForm(LoginForm):
    username = forms.CharField(
        label=_("用户名"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    error_messages = MappingProxyType(
        {
            "invalid_login": _("用户名或密码不正确。注意区分大小写；连续输错多次账号会暂时锁定。"),
            "inactive": _("这个账号已停用，请联系站点管理员。"),
        }
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The label says it; Wagtail's placeholder is put together as for English.
        del self.fields["username"].widget.attrs["placeholder"]
        if self.is_bound and self.data.get("username"):
            # After a wrong password the name stands there already.
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True


class TokenForm(forms.Form):
    token = forms.CharField(
        label=_("动态口令或恢复码"),
        min_length=6,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )
    matched_device: Any = None

    def __init__(self, *args: Any, devices: list[Any], **kwargs: Any) -> None:
        self.devices = devices
        super().__init__(*args, **kwargs)

    def clean_token(self) -> str:
        token = "".join(self.cleaned_data["token"].split()).lower()
        # A recovery code is no wrong code of the phone, nor the other way round.
        wanted = TOTPDevice if token.isdecimal() else StaticDevice
        wait = 0
        for device in self.devices:
            if not isinstance(device, wanted):
                continue
            allowed, why = device.verify_is_allowed()
            if allowed and device.verify_token(token):
                self.matched_device = device
                return token
            if not allowed and "locked_until" in (why or {}):
                wait = max(wait, math.ceil((why["locked_until"] - timezone.now()).total_seconds()))
        if wait > 0:
            raise forms.ValidationError(
                _("刚才的口令不正确，为防止猜测，请等 %(n)s 秒后再输入；等待期间输入的一律不算。"), params={"n": wait}
            )
        if wanted is StaticDevice and any(isinstance(device, StaticDevice) for device in self.devices):
            raise forms.ValidationError(_("恢复码不正确，或已经用过。动态口令是验证器上显示的 6 位数字。"))
        raise forms.ValidationError(_("动态口令不正确或已过期，请输入验证器上当前显示的 6 位数字。"))


class OwnPasswordForm(PasswordChangeForm):
    """Django's own form (old password, new one twice, the rules), stored through our action."""

    def clean_new_password1(self) -> str:
        password = str(self.cleaned_data["new_password1"])
        if self.user.check_password(password):
            raise forms.ValidationError(_("新密码不能与原密码相同，请换一个。"))
        return password

    def save(self, commit: bool = True) -> Any:
        set_password(self.user, self.cleaned_data["new_password1"], acting_user=self.user)
        return self.user


def role_choices(tenant: Tenant) -> list[tuple[str, Any]]:
    """Roles that may be held on ``tenant`` at all."""
    return [(r.code, r.label) for r in ROLES.values() if tenant.is_console or not r.console_only]


class NewPersonForm(forms.Form):
    """A new account with its first role."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        help_text=_("用于登录，建议用姓名拼音；不能与已有的重复。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    full_name = forms.CharField(label=_("姓名"), max_length=60, help_text=_("与签名一致的真实姓名。"))
    role = forms.ChoiceField(label=_("角色"))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(tenant)  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """An account that exists already is invited to a role on this site."""

    username = forms.CharField(
        label=_("用户名"), max_length=150, help_text=_("已在平台上有账号的人，请向本人问明用户名。")
    )
    role = forms.ChoiceField(label=_("角色"))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(tenant)  # type: ignore[attr-defined]


class BeginForm(SetPasswordForm):
    """The owner's first password, or the next after a reset, and the offered roles that are accepted with it."""

    accept = forms.ModelMultipleChoiceField(
        label=_("接受的任职"),
        queryset=RoleOffer.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不认识的任职请不要勾选，登录后可以谢绝。"),
    )

    def __init__(self, user: Any, *args: Any, token: str, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.token = token
        # The link is half of what proves an owner with a phone: those answer after signing in.
        offers = offers_to(user).filter(accepted_at=None)
        if user is not None and user_has_device(user):
            offers = offers.none()
        accept: Any = self.fields["accept"]
        accept.queryset = offers
        accept.initial = [offer.pk for offer in offers]
        accept.label_from_instance = lambda offer: f"{offer.tenant.full_name}　{ROLES[offer.role].label}"
        if not accept.initial:
            del self.fields["accept"]

    def save(self, commit: bool = True) -> Any:
        begin_account(
            self.user,
            self.token,
            password=self.cleaned_data["new_password1"],
            accept=self.cleaned_data.get("accept", ()),
            acting_user=self.user,
        )
        return self.user


class GrantForm(forms.Form):
    """One more role that is offered to a person; an operator also chooses the site."""

    site = forms.ModelChoiceField(
        label=_("站点"), queryset=Tenant.objects.none(), required=True, empty_label=_("请选择")
    )
    role = forms.ChoiceField(label=_("角色"))

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        several = len(sites) > 1
        only = None if several else sites[0]
        if only is not None:
            self.fields["site"].initial = only.pk
            self.fields["site"].widget = forms.HiddenInput()
        self.fields["role"].choices = (  # type: ignore[attr-defined]
            [(r.code, r.label) for r in ROLES.values()] if only is None else role_choices(only)
        )
