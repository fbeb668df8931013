"""What keeps the library's record of a repost in step with its page, and the page in step with its source."""

import logging
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.events import MirrorFellBehind
from content_library.distribution.provenance import (
    find_origin,
    reasons_against_a_second_page,
    words_for_withdrawn,
)
from content_library.distribution.reposting import follows_at_once, note_new_version, reasons_against_reposting
from content_library.models import Repost, Resource, ResourceVersion
from content_library.resources.showing import is_shown
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.locks.holding import holding
from govplatform.refusals import Busy, Refused
from govplatform.review.gate.status import APPROVED, EXPIRED, IN_REVIEW, page_status
from govplatform.review.gate.status import WITHDRAWN as PAGE_WITHDRAWN
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_schema, current_tenant, current_tenant_or_none
from govplatform.tenancy.models import Tenant

from .actions import follow_source, hold_resource
from .models import RepostPage

logger = logging.getLogger("sites.reposts")


def note_review(page: Page) -> None:
    """Write in the record of a repost how far its page is, after it was submitted or taken back from review."""
    if (repost := _repost(page.pk)) is not None:
        _note_state(repost, Page.objects.get(pk=page.pk), rejected=False)


def note_returned(page: Page) -> None:
    """Write in the record of a repost that a reviewer returned its page, until the page is submitted again."""
    if (repost := _repost(page.pk)) is not None:
        _note_state(repost, Page.objects.get(pk=page.pk), rejected=True)


def note_published(page: Page) -> None:
    """Write in the record of a repost that its page is live and which version it shows.

    The event ``MirrorFellBehind`` follows for a mirror that shows an older version than the newest. Raises Refused when
    the source was withdrawn during the review: then nothing is published.
    """
    repost = _repost(page.pk)
    source = repost.resource if repost is not None else find_origin(getattr(page, "copied_from", None))
    if source is None:
        return
    # Held until the publication commits: a recall waits for it, and then takes this page down as well.
    resource = hold_resource(source.pk)
    newest = resource.current.number
    if not is_shown(resource):
        raise Refused(words_for_withdrawn(page.title))
    if repost is None:
        return
    if reasons := reasons_against_a_second_page(resource, repost.tenant, page.pk):
        raise Refused(reasons)
    now = timezone.now()
    if isinstance(page, RepostPage):
        repost.version = page.version
        follows = repost.mode == Repost.Mode.MIRROR and follows_at_once(resource, repost.tenant)
        # A version that must not be reposted is shown by no mirror; what was cleared here before it was said stays.
        if follows and not reasons_against_reposting(resource):
            repost.version = max(page.version, newest)
        behind = repost.mode in (Repost.Mode.MIRROR, Repost.Mode.PINNED) and repost.version < newest
        repost.pending = newest if behind else None
        if behind and repost.mode == Repost.Mode.MIRROR:
            follow(MirrorFellBehind(repost=repost))
    repost.state = Repost.State.LIVE
    repost.path = site_path(page)
    repost.published_at = repost.published_at or page.first_published_at or now
    repost.save()


def note_down(page: Page) -> None:
    """Write in the record of a repost that its page is not public any more: withdrawn, taken down or expired."""
    if (repost := _repost(page.pk)) is not None:
        repost.state, repost.pending = Repost.State.WITHDRAWN, None
        repost.save()


def follow_return(tenant: Tenant) -> None:
    """A site is what it was before: reposts whose page is not public there are not any more."""
    live = Page.objects.filter(live=True).values_list("pk", flat=True)
    Repost.objects.filter(tenant=tenant, state=Repost.State.LIVE).exclude(page_id__in=list(live)).update(
        state=Repost.State.WITHDRAWN, pending=None, updated_at=timezone.now()
    )


def forget_deleted(page: Page) -> None:
    """Delete the record of a repost whose draft was deleted; a page that was public once cannot be deleted."""
    if (tenant := current_tenant_or_none()) is not None:
        Repost.objects.filter(tenant=tenant, page_id=page.pk, published_at__isnull=True).delete()


def note_correction(resource: Resource, version: ResourceVersion, previous: ResourceVersion | None) -> None:
    """Spread a correction: mirrors of a superior source show it with this commit, the others are told of it.

    ``previous``: the version corrected; None (a first version) does nothing.
    """
    if previous is None:
        return
    following, told = note_new_version(resource, version)
    if following or told:
        record_act(
            "library.spread_version",
            acting_user=None,
            obj=resource,
            detail={"version": version.number, "following": following, "told": len(told)},
        )


def mirrors_to_ask(resource: Resource, previous: ResourceVersion | None) -> dict[str, Any] | None:
    """Return the arguments of ``ask_mirrors``; None when the version is a first one or no mirror lies behind."""
    if previous is None or not _behind(resource.pk).exists():
        return None
    return {"resource_id": resource.pk}


def ask_mirrors(resource_id: int) -> int:
    """Announce ``MirrorFellBehind`` on each site whose mirror lies behind; return how many there are.

    The sites then review the newest version, for their mirrors do not follow by themselves.
    """
    waiting = list(_behind(resource_id).select_related("tenant").prefetch_related("tenant__domains"))
    with transaction.atomic():
        for repost in waiting:
            with tenant_context(repost.tenant):
                follow(MirrorFellBehind(repost=repost))
    return len(waiting)


def mirror_to_bring_up(repost: Repost) -> dict[str, Any]:
    """Return the arguments of ``bring_up_mirror``."""
    return {"repost_id": repost.pk}


def bring_up_mirror(repost_id: int) -> None:
    """Bring the newest version of a source to the reviewers of one mirror. Raise Busy when the site is occupied.

    A refusal is logged and not raised: the site's editors see that a newer version waits.
    """
    repost = Repost.objects.select_related("resource__current", "resource__tenant").filter(pk=repost_id).first()
    if repost is None:
        return
    try:
        with holding():
            follow_source(repost)
    except Busy:
        # Tried again, like any other failure.
        raise
    except Refused as refusal:
        logger.info("repost %s does not follow: %s", repost_id, refusal)


def keep_provenance(resource: Resource) -> None:
    """Write in a published copy's resource the id of the resource that it was made from (``origin``)."""
    if resource.tenant_id is None or resource.page_id is None:
        return
    copied = (
        Repost.objects.filter(tenant_id=resource.tenant_id, page_id=resource.page_id, mode=Repost.Mode.COPY)
        .values_list("resource__uuid", flat=True)
        .first()
    )
    # What the page says of itself is entered with it; copies from before pages said so have their record alone.
    if copied is not None and resource.origin != copied:
        resource.origin = copied
        Resource.objects.filter(pk=resource.pk).update(origin=copied)


def _behind(resource_id: int) -> "QuerySet[Repost]":
    behind = Repost.objects.filter(resource_id=resource_id, mode=Repost.Mode.MIRROR, pending__isnull=False)
    # A site whose content is gone reviews nothing.
    return behind.filter(tenant__dropped_at=None).order_by("pk")


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
        elif status in (PAGE_WITHDRAWN, EXPIRED):
            state = Repost.State.WITHDRAWN
    if state != repost.state:
        Repost.objects.filter(pk=repost.pk).update(state=state, updated_at=timezone.now())
