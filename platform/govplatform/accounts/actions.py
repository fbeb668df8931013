"""Accounts and roles: create, grant, revoke, deactivate."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.models import Tenant

from .acting import acting
from .models import Membership, RoleOffer, User
from .names import reasons_against_full_name, reasons_against_username
from .permissions import (
    forget_roles,
    reasons_against_closing_accounts,
    reasons_against_grant,
    reasons_against_managing,
    reasons_against_opening_accounts,
)
from .roles import ROLES


def create_user(
    username: str,
    *,
    full_name: str,
    password: str | None,
    email: str = "",
    must_change: bool = False,
    acting_user: User | None,
) -> User:
    """A new account, without any role. Raises Refused naming what is wrong with each field.

    ``password`` None: the account begins when its owner opens a one-time link (credentials/sign_in_links.py). Only
    the shell, which sets the platform up, names one; ``must_change`` has the owner choose another at the first
    sign-in.
    """
    # As it will be stored: a name in full width is the same name.
    username = User.normalize_username(username)
    user = User(username=username, full_name=full_name.strip(), email=email)
    reasons = [*reasons_against_full_name(user.full_name), *reasons_against_username(username)]
    if User.objects.filter(username__iexact=username).exists():
        reasons.append(_("用户名“%(name)s”已经有人使用，请换一个。") % {"name": username})
    try:
        user.full_clean(exclude=["password"], validate_unique=False)
    except ValidationError as error:
        reasons += [_("%(field)s：%(why)s") % {"field": f, "why": "".join(m)} for f, m in error.message_dict.items()]
    if password is not None:
        if acting_user is not None:
            reasons.append(_("密码只由本人设定：请开设不带密码的账号，把一次性链接交给本人。"))
        reasons += reasons_against_password(password, user)
    # Accounts are the platform's, whatever becomes of the site on which somebody looks after them.
    with acting(acting_user, frozen_too=True):
        if reasons := [*reasons_against_opening_accounts(acting_user), *reasons]:
            raise Refused(reasons)
        user.set_password(password)
        user.password_must_change = must_change and password is not None
        user.opened_on = current_tenant_or_none() if acting_user is not None else None
        user.save()
        record_act("account.create", acting_user=acting_user, obj=user)
    return user


def reasons_against_password(password: str, user: User) -> list[str]:
    """Why ``password`` is none for ``user``: the installation's rules, each as a sentence."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [_("密码：%(why)s") % {"why": message} for message in error.messages]
    return []


def grant_role(user: User, role: str, *, tenant: Tenant, acting_user: None) -> Membership:
    """Give ``user`` the role on ``tenant`` from the shell, at once: whoever holds the shell holds the machine.

    People offer roles (offers/) and are refused here. Granting what is held already changes nothing. Raises Refused
    where separation of duties or the site's kind stands against it; the database refuses the same (migration
    accounts.0002).
    """
    if acting_user is not None:
        raise Refused(_("角色不直接授予：请邀请本人任职，由本人接受；审核和管理的任职还须第二人确认。"))
    with acting(None, tenant.schema_name, on=tenant):
        lock_person(user)
        held = Membership.objects.filter(user=user, tenant=tenant, role=role).first()
        if reasons := reasons_against_grant(user, role, tenant, None):
            raise Refused(reasons)
        # What waits for an answer is answered: it must not bring back, later, what has been taken away by then.
        RoleOffer.objects.filter(person=user, tenant=tenant, role=role, state=RoleOffer.State.WAITING).update(
            state=RoleOffer.State.DONE, ended_at=timezone.now()
        )
        return held or make_member(user, role, tenant, acting_user=None)


def lock_person(user: User) -> User:
    """The account as it is now: everybody who changes this person's roles or credentials, on whichever site, queues
    here. Call it inside the act's transaction.
    """
    return locking(User.objects.all()).get(pk=user.pk)


def make_member(
    user: User, role: str, tenant: Tenant, *, acting_user: User | None, detail: dict[str, Any] | None = None
) -> Membership:
    """Write the membership and its row of the record; ``acting_user``: who gave it. Part of an act that has asked."""
    membership = Membership.objects.create(user=user, tenant=tenant, role=role, granted_by=acting_user)
    record_act(
        "role.grant",
        acting_user=acting_user,
        obj=user,
        detail={"role": role, "site": tenant.code, **(detail or {})},
        chain=tenant.schema_name,
    )
    forget_roles(user)
    return membership


def revoke_role(user: User, role: str, *, tenant: Tenant, acting_user: User | None) -> None:
    """Take the role away. Raises Refused when it is not held."""
    if role not in ROLES:
        raise Refused(_("没有“%(role)s”这个角色。") % {"role": role})
    with acting(acting_user, tenant.schema_name, on=tenant):
        reasons = reasons_against_managing(acting_user, tenant)
        if reasons:
            raise Refused(reasons)
        deleted, _rows = Membership.objects.filter(user=user, tenant=tenant, role=role).delete()
        if not deleted:
            raise Refused(
                _("%(user)s 在“%(site)s”没有“%(role)s”角色。")
                % {"user": user, "site": tenant.full_name, "role": ROLES[role].label}
            )
        record_act(
            "role.revoke",
            acting_user=acting_user,
            obj=user,
            detail={"role": role, "site": tenant.code},
            chain=tenant.schema_name,
        )
    forget_roles(user)


def set_password(user: User, password: str, *, acting_user: User) -> None:
    """A new password of one's own.

    Nobody chooses one for somebody else: a reset gives a one-time link (credentials/resets.py).
    """
    reasons = reasons_against_password(password, user)
    if user.check_password(password):
        reasons.append(_("新密码不能与原密码相同，请换一个。"))
    # Accounts are the platform's, whatever becomes of the site on which somebody looks after them.
    with acting(acting_user, frozen_too=True):
        if acting_user.pk != user.pk:
            reasons.insert(0, _("密码只由本人设定。本人忘记密码的，请平台运维人员重设，由本人用一次性链接另选。"))
        if reasons:
            raise Refused(reasons)
        keep_password(user, password)
        record_act("account.password", acting_user=acting_user, obj=user)


def keep_password(user: User, password: str) -> None:
    """Store the password that the owner has chosen; a link to choose one is void from now on. Part of an act."""
    user.set_password(password)
    user.password_must_change = False
    user.link_made_at = None
    user.save(update_fields=["password", "password_must_change", "link_made_at"])


def deactivate_user(user: User, *, reason: str, acting_user: User | None) -> None:
    """Close an account for good reasons; accounts are never deleted (trap T4)."""
    if not reason.strip():
        raise Refused(_("停用账号须写明理由。"))
    if acting_user is not None and acting_user.pk == user.pk:
        raise Refused(_("不能停用自己的账号，请由其他管理员办理。"))
    # Accounts are the platform's, whatever becomes of the site on which somebody looks after them.
    with acting(acting_user, frozen_too=True):
        if reasons := reasons_against_closing_accounts(acting_user):
            raise Refused(reasons)
        user.is_active = False
        user.save(update_fields=["is_active"])
        record_act("account.deactivate", acting_user=acting_user, obj=user, detail={"reason": reason})
