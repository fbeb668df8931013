"""The permission to repost: editors of the receiving site have it, and nobody else."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, GovPagePermissionTester, may_on_content
from govplatform.tenancy.current import current_tenant


def may_repost(user: Any) -> bool:
    """Say whether ``user`` may repost into the current site."""
    return may_on_content(user, ADD)


def require_editor(user: User) -> None:
    """Raise Refused unless ``user`` is an editor of the current site."""
    if not may_repost(user):
        raise Refused(
            _("%(user)s 在“%(site)s”没有编辑角色，不能转载到该站。")
            % {"user": user, "site": current_tenant().full_name}
        )


class RepostPermissionTester(GovPagePermissionTester):
    """The permissions on a repost page, which cannot be copied in the console.

    The library has no record of a copied page, so the resource is to be reposted once more instead.
    """

    def __init__(self, user: Any, page: Any) -> None:
        super().__init__(user or AnonymousUser(), page)

    def can_copy(self) -> bool:
        return False
