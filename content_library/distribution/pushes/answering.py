"""The page of a site that fulfils a push, when the draft made for it was deleted."""

from content_library.models import Repost

from ..models import PushTarget


def answer_duties(resource_id: int, tenant_id: int, page_id: int) -> int:
    """Let a page, just made as a repost, fulfil the site's pushes of this resource whose drafts were deleted.

    Returns how many duties. Call in the transaction that makes the repost, behind the site's chain.
    """
    asked = PushTarget.objects.filter(
        tenant_id=tenant_id, push__resource_id=resource_id, state=PushTarget.State.DELIVERED
    )
    pages = {int(made) for made in asked.exclude(page_id=page_id).values_list("page_id", flat=True) if made}
    if not pages:
        return 0
    there = Repost.objects.filter(tenant_id=tenant_id, page_id__in=pages).values_list("page_id", flat=True)
    answered = asked.filter(page_id__in=pages - set(there))
    live_at = Repost.objects.filter(tenant_id=tenant_id, page_id=page_id).values_list("published_at", flat=True).first()
    if live_at is None:
        return answered.update(page_id=page_id, made_revision=None)
    return answered.update(page_id=page_id, made_revision=None, done_at=live_at, ended_at=live_at)
