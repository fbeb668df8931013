"""The publishing gate in words (decision 5). The trigger in each schema has the last word."""

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.confidentiality.models import Disposition
from govplatform.refusals import Refused

from ..models import Clearance, Decision, Withdrawal
from .digest import digest_covers


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
    if not digest_covers(clearance.digest, page):
        raise Refused(
            _("“%(title)s”的内容、图片或附件与审查通过时不一致，不能发布。请重新送审。") % {"title": page.title}
        )


def require_withdrawal(page: Page) -> None:
    """Raise Refused unless ``page``, live in the database and about to be stored otherwise, may come down.

    A withdrawal with its reason, newer than the clearance; or the end of the time cleared with it.
    """
    stored = Page.objects.filter(pk=page.pk, live=True).first()
    if stored is None:
        return
    if page.expired and stored.expire_at is not None and stored.expire_at <= timezone.now():
        return
    granted = (
        Clearance.objects.filter(page_id=page.pk, revision_id=stored.live_revision_id)
        .order_by("-granted_at")
        .values_list("granted_at", flat=True)
        .first()
    )
    since = {"withdrawn_at__gte": granted} if granted else {}
    if not Withdrawal.objects.filter(page_id=page.pk, **since).exists():
        raise Refused(_("“%(title)s”已经发布，撤下须写明理由：请由审查人办理撤回。") % {"title": page.title})


def reasons_against_deleting(page: Page) -> list[str]:
    """What was public or was decided on stays on record; empty for a draft nobody has judged."""
    if is_structural(page):
        return []
    if page.live:
        return [_("“%(title)s”已经发布，不能删除；如需撤下，请由审查人办理撤回。") % {"title": page.title}]
    if page.first_published_at is not None or Decision.objects.filter(page_id=page.pk).exists():
        return [_("“%(title)s”发布过或有审查意见，须保留备查，不能删除。") % {"title": page.title}]
    if Disposition.objects.filter(page_id=page.pk).exists():
        return [_("“%(title)s”的扫描发现已有处理结论，须保留备查，不能删除。") % {"title": page.title}]
    return []


def reasons_against_moving(page: Page, parent_before: Page, parent_after: Page) -> list[str]:
    """The column is part of what was cleared: a live page stays where it is."""
    if parent_before.pk == parent_after.pk or not page.live or is_structural(page):
        return []
    return [_("“%(title)s”已经发布，所在栏目也经过审查，不能移到别的栏目。") % {"title": page.title}]
