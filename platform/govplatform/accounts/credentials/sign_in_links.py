"""One-time links: the way on which the owner of an account, and nobody else, chooses its password.

The token is Django's for forgotten passwords: signed, bound to the password and the last sign-in, good for
``settings.PASSWORD_RESET_TIMEOUT`` seconds. Ours is bound to the moment of its making as well, so that a new link, or
a password chosen with it, makes every earlier one void; an account without a link has none that opens.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_otp import user_has_device

from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant

from ..acting import acting
from ..actions import create_user, keep_password, lock_person, reasons_against_password
from ..models import RoleOffer, User
from ..offers.actions import offer_role, take_acceptance
from ..permissions import has_role, holds_takes_two, is_platform_operator
from ..roles import SITE_ADMIN, TAKES_TWO_CODES


class _LinkTokens(PasswordResetTokenGenerator):
    key_salt = "govplatform.accounts.sign-in-links"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        made = user.link_made_at.isoformat() if user.link_made_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{made}"

    def check_token(self, user: Any, token: str | None) -> bool:
        if user is None or not user.is_active or user.link_made_at is None:
            return False
        return super().check_token(user, token)


LINK_TOKENS = _LinkTokens()


def has_begun(user: User) -> bool:
    """Tell whether the owner has ever chosen a password or signed in."""
    return user.has_usable_password() or user.last_login is not None


def make_link(user: User, *, on: Tenant) -> str:
    """Return a new link for ``user`` in the console of ``on``, the only time that it is shown; earlier ones are void.

    Part of an act that has asked and holds the account (``lock_person``).
    """
    user.link_made_at = timezone.now()
    user.save(update_fields=["link_made_at"])
    name = urlsafe_base64_encode(force_bytes(user.pk))
    return console_url(on, reverse("start", args=[name, LINK_TOKENS.make_token(user)]))


def issue_link(user: User, *, on: Tenant, acting_user: User | None) -> str:
    """A new first link for an account that has not begun, where the old one was lost or too late.

    The administrators of the site on which it was opened may, operators, and the shell. Raises Refused.
    """
    with acting(acting_user, on=on, frozen_too=True):
        user = lock_person(user)
        if reasons := reasons_against_link(user, acting_user):
            raise Refused(reasons)
        link = make_link(user, on=on)
        record_act("account.link", acting_user=acting_user, obj=user)
    return link


def open_account(username: str, *, full_name: str, role: str, tenant: Tenant, acting_user: User) -> tuple[User, str]:
    """Open an account and offer it its first role on ``tenant``. Returns it and its first link; all or nothing.

    Raises Refused as ``create_user`` and ``offer_role`` do.
    """
    with acting(acting_user, tenant.schema_name, on=tenant):
        user = create_user(username, full_name=full_name, password=None, acting_user=acting_user)
        offer_role(user, role, tenant=tenant, acting_user=acting_user)
        return user, make_link(lock_person(user), on=tenant)


def reasons_against_link(user: User, acting_user: User | None) -> list[str]:
    """Why ``acting_user`` may not give out a new first link of ``user``."""
    # The user name alone: whoever invites somebody asks as well, and learns nothing more of the person.
    reasons, name = [], {"user": user.username}
    if not (acting_user is None or is_platform_operator(acting_user) or _opened_here(user, acting_user)):
        reasons.append(_("只有开设账号的站点的管理员或平台运维人员可以重新签发一次性链接。"))
    if acting_user is not None and acting_user.pk == user.pk:
        reasons.append(_("不能给自己签发一次性链接。"))
    if not user.is_active:
        reasons.append(_("账号 %(user)s 已停用。") % name)
    if has_begun(user):
        reasons.append(_("%(user)s 已经开始使用账号。忘记密码的，请由平台运维人员重设密码。") % name)
    elif acting_user is not None and link_takes_two(user):
        reasons.append(
            _("%(user)s 的审核或管理任职已经确认，链接不由一人签发：请平台运维人员申请重设密码，由第二人确认。") % name
        )
    return reasons


def link_takes_two(user: User) -> bool:
    """Whether a new link of an account that has not begun is a matter for two, as a reset (resets.py): who opens it
    would approve something, because the role is held already, or confirmed for whoever has the earlier link.
    """
    if holds_takes_two(user):
        return True
    return RoleOffer.objects.open().filter(person=user, role__in=TAKES_TWO_CODES, confirmed_by__isnull=False).exists()


def _opened_here(user: User, acting_user: User) -> bool:
    return user.opened_on is not None and has_role(acting_user, SITE_ADMIN.code, user.opened_on)


def begin_account(user: User, token: str, *, password: str, accept: Iterable[RoleOffer], acting_user: User) -> None:
    """Choose the password with a one-time link, and accept the offers among ``accept`` that are this person's.

    ``acting_user`` is the owner: the link proves it, but for an account with a second factor it proves half, so that
    offers are answered after signing in. A link is good once: two who hold it queue, and the second is refused.
    Raises Refused naming what is wrong with the password or the link.
    """
    offers = list(accept)
    with acting(acting_user, *[offer.tenant.schema_name for offer in offers], PLATFORM_CHAIN):
        user = lock_person(user)
        if acting_user.pk != user.pk or not LINK_TOKENS.check_token(user, token):
            raise Refused(_("这个链接已经失效：用过一次、过了期限，或者另发了新的。请向给你链接的人再要一个。"))
        reasons = reasons_against_password(password, user)
        if offers and user_has_device(user):
            reasons.append(_("账号绑定了动态口令：任职邀请请在登录后答复。"))
        if reasons:
            raise Refused(reasons)
        keep_password(user, password)
        record_act("account.begin", acting_user=user, obj=user, chain=PLATFORM_CHAIN)
        for offer in offers:
            take_acceptance(offer, user)


def site_of_link() -> Tenant:
    """The site whose console the links of this request or verb lead to: the current one, else the platform's."""
    return current_tenant_or_none() or console_tenant()
