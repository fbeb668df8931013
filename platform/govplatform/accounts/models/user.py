"""账号: one per person for the whole platform; what they may do is decided per site."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, full_name: str, password: str | None = None, **fields: Any) -> "User":
        """A new account without any role. The password is not validated here (see actions)."""
        user = self.model(username=self.model.normalize_username(username), full_name=full_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Deactivated, never deleted: the record names people for good (trap T4)."""

    username = models.CharField(
        _("用户名"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("这个用户名已经有人使用。")},
    )
    full_name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    # Wagtail filters on the column in many places; the constraint below keeps it false (T12).
    is_superuser = models.BooleanField(_("超级用户"), default=False)
    #: Somebody else chose the password: its owner chooses another before anything else.
    password_must_change = models.BooleanField(_("须修改密码"), default=False)
    #: Where the account was opened: whose administrators may give out a new first link. None: the shell.
    opened_on = models.ForeignKey(
        Tenant, verbose_name=_("开设账号的站点"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    #: When the one-time link was made with which the owner chooses a password; a later one makes it void.
    link_made_at = models.DateTimeField(_("一次性链接签发时间"), null=True, editable=False)
    sessions_ended_at = models.DateTimeField(_("会话结束时间"), null=True, editable=False)
    date_joined = models.DateTimeField(_("创建时间"), default=timezone.now)
    # Both go through models of the site's schema, so Wagtail's own permission queries are
    # answered there (decision 005).
    groups = models.ManyToManyField(  # type: ignore[assignment]
        "auth.Group",
        through="site_roles.UserGroup",
        verbose_name=_("角色"),
        related_name="user_set",
        related_query_name="user",
    )
    user_permissions = models.ManyToManyField(  # type: ignore[assignment]
        "auth.Permission",
        through="site_roles.UserPermission",
        verbose_name=_("权限"),
        related_name="user_set",
        related_query_name="user",
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        constraints = [models.CheckConstraint(condition=models.Q(is_superuser=False), name="nobody_is_superuser")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def signed_name(self) -> str:
        """The name as the record keeps it: with the sign-in name, which belongs to nobody else."""
        return f"{self.full_name}（{self.username}）"

    def get_session_auth_hash(self) -> str:
        """Changes with the password, and when all sessions were ended at once."""
        return self._of_these_sessions(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for made in super().get_session_auth_fallback_hash():  # type: ignore[misc]
            yield self._of_these_sessions(made)

    def _of_these_sessions(self, made: str) -> str:
        if self.sessions_ended_at is None:
            return made
        return salted_hmac("govplatform.accounts.sessions", f"{made}{self.sessions_ended_at.isoformat()}").hexdigest()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def first_name(self) -> str:
        """Wagtail's templates ask for it; Chinese names are not taken apart."""
        return self.full_name

    @property
    def last_name(self) -> str:
        return ""

    @property
    def is_staff(self) -> bool:
        """Django's own admin is not part of the platform."""
        return False
