"""Accounts and roles: create, grant, revoke, deactivate."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .acting import acting
from .models import Membership, User
from .permissions import (
    forget_roles,
    is_platform_operator,
    reasons_against_closing_accounts,
    reasons_against_grant,
    reasons_against_managing,
    reasons_against_opening_accounts,
)
from .roles import ROLES


def create_user(username: str, *, full_name: str, password: str, email: str = "", acting_user: User | None) -> User:
    """A new account, without any role. Raises Refused naming what is wrong with each field."""
    user = User(username=username, full_name=full_name.strip(), email=email)
    reasons = []
    if not user.full_name:
        reasons.append(_("姓名不能为空。"))
    if User.objects.filter(username__iexact=username).exists():
        reasons.append(_("用户名“%(name)s”已经有人使用，请换一个。") % {"name": username})
    try:
        user.full_clean(exclude=["password"], validate_unique=False)
    except ValidationError as error:
        reasons += [_("%(field)s：%(why)s") % {"field": f, "why": "".join(m)} for f, m in error.message_dict.items()]
    try:
        validate_password(password, user)
    except ValidationError as error:
        reasons += [_("密码：%(why)s") % {"why": message} for message in error.messages]
    with acting(acting_user):
        if reasons := [*reasons_against_opening_accounts(acting_user), *reasons]:
            raise Refused(reasons)
        user.set_password(password)
        # Whoever opens an account in the console knows its password; the shell is for setting the platform up.
        user.password_must_change = acting_user is not None
        user.save()
        record_act("account.create", acting_user=acting_user, obj=user)
    return user


def grant_role(user: User, role: str, *, tenant: Tenant, acting_user: User | None) -> Membership:
    """Give ``user`` the role on ``tenant``. Granting what is held already changes nothing.

    Raises Refused where separation of duties, the site's kind or the acting person's own rights
    stand against it; the database refuses the same (migration accounts.0002).
    """
    with acting(acting_user, tenant.schema_name, on=tenant):
        # Everybody who changes this person's roles, on whichever site, queues here.
        locking(User.objects.all()).get(pk=user.pk)
        held = Membership.objects.filter(user=user, tenant=tenant, role=role).first()
        reasons = [
            *reasons_against_managing(acting_user, tenant),
            *reasons_against_grant(user, role, tenant, acting_user),
        ]
        if reasons:
            raise Refused(reasons)
        if held:
            return held
        membership = Membership.objects.create(user=user, tenant=tenant, role=role, granted_by=acting_user)
        record_act(
            "role.grant",
            acting_user=acting_user,
            obj=user,
            detail={"role": role, "site": tenant.code},
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
    """A new password: one's own, or by an operator for somebody who has forgotten theirs.

    A site administrator may not: whoever knows a reviewer's password could approve in their name.
    """
    reasons = []
    try:
        validate_password(password, user)
    except ValidationError as error:
        reasons += [_("密码：%(why)s") % {"why": message} for message in error.messages]
    if user.check_password(password):
        reasons.append(_("新密码不能与原密码相同，请换一个。"))
    with acting(acting_user):
        if acting_user.pk != user.pk and not is_platform_operator(acting_user):
            reasons.insert(0, _("只有平台运维人员可以为他人重设密码。"))
        if reasons:
            raise Refused(reasons)
        user.set_password(password)
        user.password_must_change = acting_user.pk != user.pk
        user.save(update_fields=["password", "password_must_change"])
        record_act("account.password", acting_user=acting_user, obj=user)


def deactivate_user(user: User, *, reason: str, acting_user: User | None) -> None:
    """Close an account for good reasons; accounts are never deleted (trap T4)."""
    if not reason.strip():
        raise Refused(_("停用账号须写明理由。"))
    if acting_user is not None and acting_user.pk == user.pk:
        raise Refused(_("不能停用自己的账号，请由其他管理员办理。"))
    with acting(acting_user):
        if reasons := reasons_against_closing_accounts(acting_user):
            raise Refused(reasons)
        user.is_active = False
        user.save(update_fields=["is_active"])
        record_act("account.deactivate", acting_user=acting_user, obj=user, detail={"reason": reason})
