"""The permission to import documents: editors of the site have it, and nobody else."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, may_on_content


def require_editor(user: User) -> None:
    """Raise Refused unless ``user`` may add content on the current site."""
    if not may_on_content(user, ADD):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能导入文档。") % {"user": user})
