"""The library's record of a repost keeps step with its page; corrections and withdrawals fan out."""

from typing import Any

from django.db.models.signals import post_delete
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState
from wagtail.signals import workflow_approved, workflow_cancelled, workflow_rejected, workflow_submitted

from content_library.distribution.reposting import follows_at_once, note_new_version
from content_library.models import Repost, Resource, ResourceVersion
from content_library.signals import version_entered
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.gate.status import APPROVED, IN_REVIEW, page_status
from govplatform.review.gate.status import WITHDRAWN as PAGE_WITHDRAWN
from govplatform.review.queries import site_path
from govplatform.review.signals import page_cleared, page_expired, page_withdrawn
from govplatform.tenancy.current import current_schema, current_tenant, current_tenant_or_none

from . import tasks
from .actions import hold_resource
from .models import RepostPage


def connect() -> None:
    for signal in (workflow_submitted, workflow_approved, workflow_rejected, workflow_cancelled):
        signal.connect(note_review, sender=WorkflowState, dispatch_uid=f"reposts-review-{id(signal)}")
    page_cleared.connect(note_published, dispatch_uid="reposts-published")
    page_withdrawn.connect(note_down, dispatch_uid="reposts-withdrawn")
    page_expired.connect(note_down, dispatch_uid="reposts-expired")
    post_delete.connect(forget_deleted, dispatch_uid="reposts-deleted")
    version_entered.connect(spread_version, dispatch_uid="reposts-version")
    version_entered.connect(keep_provenance, dispatch_uid="reposts-provenance")


def note_review(*, instance: WorkflowState, **_kwargs: Any) -> None:
    """Submitted, returned, taken back."""
    page = instance.content_object
    if isinstance(page, Page) and (repost := _repost(page.pk)) is not None:
        _note_state(
            repost, Page.objects.get(pk=page.pk), rejected=instance.status == WorkflowState.STATUS_NEEDS_CHANGES
        )


def note_published(*, page: Any, **_kwargs: Any) -> None:
    """Live: what was cleared is shown from now on. Raises Refused when the source was taken back meanwhile."""
    repost = _repost(page.pk)
    if repost is None:
        return
    # Held until the publication commits: a recall waits for it, and then takes this page down as well.
    resource = hold_resource(repost.resource_id)
    newest = resource.current.number
    if resource.is_withdrawn:
        raise Refused(_("“%(title)s”在审核期间被来源撤回，不能发布。请退回编辑删除。") % {"title": page.title})
    now = timezone.now()
    if isinstance(page, RepostPage):
        repost.version = page.version
        follows = repost.mode == Repost.Mode.MIRROR and follows_at_once(resource, repost.tenant)
        if follows:
            repost.version = max(page.version, newest)
        behind = repost.mode in (Repost.Mode.MIRROR, Repost.Mode.PINNED) and repost.version < newest
        repost.pending = newest if behind else None
        if behind and repost.mode == Repost.Mode.MIRROR:
            tasks.follow_in_site.enqueue(repost_id=repost.pk)
    repost.state = Repost.State.LIVE
    repost.path = site_path(page)
    repost.published_at = repost.published_at or page.first_published_at or now
    repost.save()


def note_down(*, page: Any, **_kwargs: Any) -> None:
    """Withdrawn here, taken down with the source, or expired."""
    if (repost := _repost(page.pk)) is not None:
        repost.state, repost.pending = Repost.State.WITHDRAWN, None
        repost.save()


def forget_deleted(*, sender: type, instance: Any, **_kwargs: Any) -> None:
    """A draft that was deleted leaves nothing; what was public cannot be deleted."""
    if issubclass(sender, Page) and (tenant := current_tenant_or_none()) is not None:
        Repost.objects.filter(tenant=tenant, page_id=instance.pk, published_at__isnull=True).delete()


def spread_version(*, resource: Resource, version: ResourceVersion, previous: Any, **_kwargs: Any) -> None:
    """A correction: superior mirrors show it with this commit, the others are told, and their reviewers asked."""
    if previous is None:
        return
    following, told = note_new_version(resource, version)
    if not following and not told:
        return
    record_act(
        "library.spread_version",
        acting_user=None,
        obj=resource,
        detail={"version": version.number, "following": following, "told": len(told)},
    )
    if told:
        tasks.spread_version.enqueue(resource_id=resource.pk)


def keep_provenance(*, resource: Resource, **_kwargs: Any) -> None:
    """A copy that is published names the resource that it was made from."""
    if resource.tenant_id is None or resource.page_id is None:
        return
    copied = (
        Repost.objects.filter(tenant_id=resource.tenant_id, page_id=resource.page_id, mode=Repost.Mode.COPY)
        .values_list("resource__uuid", flat=True)
        .first()
    )
    if copied is not None and resource.origin != copied:
        resource.origin = copied
        Resource.objects.filter(pk=resource.pk).update(origin=copied)


def _repost(page_id: int) -> Repost | None:
    if current_tenant_or_none() is None or current_schema() == "public":
        return None
    return Repost.objects.select_related("resource", "tenant").filter(tenant=current_tenant(), page_id=page_id).first()


def _note_state(repost: Repost, page: Page, *, rejected: bool) -> None:
    # A live page with a newer draft under review stays live: that is what citizens see.
    if page.live:
        state = Repost.State.LIVE
    else:
        status = page_status(page)
        state = {IN_REVIEW: Repost.State.IN_REVIEW, APPROVED: Repost.State.IN_REVIEW}.get(status, Repost.State.DRAFT)
        if rejected:
            state = Repost.State.REJECTED
        elif status == PAGE_WITHDRAWN:
            state = Repost.State.WITHDRAWN
    if state != repost.state:
        Repost.objects.filter(pk=repost.pk).update(state=state, updated_at=timezone.now())
