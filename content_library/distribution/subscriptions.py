"""Subscriptions: new resources of a class come as drafts, and nobody has to do anything about them."""

import logging
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from content_library.distribution.reposting import reasons_against_reposting, reposter
from content_library.models import Repost, Resource, ResourceVersion
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.models import Tenant

from .models import Subscription
from .permissions import reasons_against_subscribing
from .pushes.answering import answer_duties
from .pushes.columns import mappings_of
from .pushes.delivery import draft_in_site

logger = logging.getLogger("content_library.distribution")


class Undelivered(Exception):
    """Sites that asked for a resource and could not be given their draft this time; named in the message."""


def subscribe(
    *, acting_user: User, subject_class: str = "", kind: str = "", source: Tenant | None = None, level: str = ""
) -> Subscription:
    """Subscribe the current site to what comes from now on. Raises Refused with the reasons."""
    tenant = current_tenant()
    reasons = []
    if not (subject_class or kind or source or level):
        reasons.append(_("请至少指定一个条件：主题分类、类型、来源站点或来源层级。"))
    if kind and kind not in Resource.Kind.values:
        reasons.append(
            _("没有“%(kind)s”这种类型。可用：%(known)s。") % {"kind": kind, "known": "、".join(Resource.Kind.values)}
        )
    if level and level not in Tenant.Level.values:
        reasons.append(
            _("没有“%(level)s”这个层级。可用：%(known)s。") % {"level": level, "known": "、".join(Tenant.Level.values)}
        )
    if source is not None and source.pk == tenant.pk:
        reasons.append(_("不能订阅本站自己的信息。"))
    asked = {"subject_class": subject_class, "kind": kind, "source": source, "level": level}
    with acting(acting_user):
        if Subscription.objects.filter(tenant=tenant, ended_at__isnull=True, **asked).exists():
            reasons.append(_("本站已经有条件相同的订阅。"))
        if reasons := [*reasons_against_subscribing(acting_user, tenant), *reasons]:
            raise Refused(reasons)
        subscription = Subscription.objects.create(tenant=tenant, made_by=acting_user, **asked)
        record_act("subscription.make", acting_user=acting_user, obj=subscription, detail=_describe(subscription))
    return subscription


def end_subscription(subscription: Subscription, *, acting_user: User) -> None:
    """End a subscription; drafts that came stay. Raises Refused."""
    with acting(acting_user, on=subscription.tenant):
        subscription = locking(Subscription.objects).get(pk=subscription.pk)
        reasons = reasons_against_subscribing(acting_user, subscription.tenant)
        if subscription.ended_at is not None:
            reasons.append(_("这一订阅已经取消。"))
        if reasons:
            raise Refused(reasons)
        subscription.ended_at = timezone.now()
        subscription.save(update_fields=["ended_at"])
        record_act("subscription.end", acting_user=acting_user, obj=subscription, detail=_describe(subscription))


def subscriptions_for(resource: Resource) -> list[Subscription]:
    """Return the subscriptions that the resource fits: one per site, the oldest, only of sites that run."""
    found = _fitting(resource).select_related("tenant", "made_by").prefetch_related("tenant__domains").order_by("pk")
    by_tenant: dict[int, Subscription] = {}
    for subscription in found:
        by_tenant.setdefault(subscription.tenant_id, subscription)
    return list(by_tenant.values())


def _fitting(resource: Resource) -> "QuerySet[Subscription]":
    code = resource.subject_class
    above = ["", *{code[:length] for length in range(1, len(code) + 1)}]
    return (
        Subscription.objects.filter(
            ended_at__isnull=True,
            tenant__status=Tenant.Status.LIVE,
            subject_class__in=above,
            kind__in=("", resource.kind),
            level__in=("", resource.level or "-"),
        )
        .filter(Q(source__isnull=True) | Q(source_id=resource.tenant_id))
        .exclude(tenant_id__in=[pk for pk in (resource.tenant_id, resource.holder_id) if pk])
    )


def subscribers_to_serve(resource: Resource, previous: ResourceVersion | None) -> dict[str, Any] | None:
    """Return the arguments of ``deliver_to_subscribers`` for a new version, or None when nobody is served.

    Served is a first version (``previous`` None) that is nobody's copy, when a site asked for it.
    """
    if previous is not None or resource.origin is not None or not _fitting(resource).exists():
        return None
    return {"resource_id": resource.pk}


def deliver_to_subscribers(resource_id: int) -> int:
    """Make a draft on each site that asked and does not have it yet. Returns how many. May be called again.

    Raises Undelivered, after every other site has its draft, for those that failed.
    """
    with schema_context("public"):
        resource = Resource.objects.select_related("current", "tenant").filter(pk=resource_id).first()
        if resource is None or resource.origin is not None or reasons_against_reposting(resource):
            return 0
        wanted = subscriptions_for(resource)
        mappings = mappings_of([subscription.tenant for subscription in wanted])
    made, failed = 0, []
    for subscription in wanted:
        tenant = subscription.tenant
        try:
            with tenant_context(tenant), holding():
                if Repost.objects.filter(resource=resource, tenant=tenant).exists():
                    continue
                draft = draft_in_site(
                    resource, tenant, mappings.get(tenant.pk, []), push=0, made_by=subscription.made_by, submit=False
                )
                answer_duties(resource.pk, tenant.pk, draft.page_id)
                reposter().prepare_pushed_draft(draft.page_id)
                made += 1
        except Busy:
            # Another process held the site for longer than this one waits.
            failed.append(f"{tenant.code} (Busy)")
        except Refused as refusal:
            logger.info("subscription %s: %s", subscription.pk, refusal)
        except Exception as problem:
            # Whatever failed, the other sites that asked get their drafts.
            logger.exception("subscription %s failed", subscription.pk)
            recover_connection()
            failed.append(f"{tenant.code} ({type(problem).__name__})")
    if failed:
        raise Undelivered(", ".join(failed))
    return made


def _describe(subscription: Subscription) -> dict[str, object]:
    return {
        "subject_class": subscription.subject_class,
        "kind": subscription.kind,
        "site": subscription.source.code if subscription.source else "",
        "level": subscription.level,
    }
