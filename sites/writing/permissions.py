"""Who writes: the editors of a site, and nobody else."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.permissions import EDIT, may_on_content


def require_writer(user: User) -> None:
    """Raise Refused unless ``user`` may write content of the current site."""
    if not may_on_content(user, EDIT):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能写稿。") % {"user": user})
