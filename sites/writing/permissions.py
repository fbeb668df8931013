"""Who writes: the editors of a site, and nobody else."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.permissions import EDIT, may_on_content, reasons_against_writing_at


def require_writer(user: User, *pages: Page) -> None:
    """Raise Refused unless ``user`` may write content of the current site, and where ``pages`` are, of each of them.

    ``pages``: pages of content, or columns in which something is to be written.
    """
    if not may_on_content(user, EDIT):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能写稿。") % {"user": user})
    if reasons := reasons_against_writing_at(user, *pages):
        raise Refused(reasons)
