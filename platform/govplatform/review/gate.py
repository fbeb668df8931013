"""The publishing gate in words (decision 5). The trigger in each schema has the last word."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.refusals import Refused

from .digest import page_digest
from .models import Clearance


def is_structural(page: Page) -> bool:
    """Home pages and columns are the frame of the site; they carry no content of their own."""
    return bool(getattr(page.specific_class, "is_structural", False)) or page.depth == 1


def valid_clearance(page: Page) -> Clearance | None:
    """The clearance for the revision that is (or is about to be) live."""
    return Clearance.objects.filter(
        page_id=page.pk, revision_id=page.live_revision_id, status=Clearance.Status.VALID
    ).first()


def require_clearance(page: Page) -> None:
    """Raise Refused unless ``page``, about to be stored live, is exactly what was cleared."""
    if page.pk is None or page.live_revision_id is None:
        raise Refused(_("“%(title)s”还没有经过审核：先送内容审核和保密审查，通过后自动发布。") % {"title": page.title})
    clearance = valid_clearance(page)
    if clearance is None:
        raise Refused(_("“%(title)s”的这一版本没有有效的审查通过，不能发布。请送审。") % {"title": page.title})
    if page_digest(page) != clearance.digest:
        raise Refused(
            _("“%(title)s”的内容、图片或附件与审查通过时不一致，不能发布。请重新送审。") % {"title": page.title}
        )
