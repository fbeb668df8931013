"""The acts that change resources: publication, withdrawal, entering what was live before the library."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.events.sheet import Followed, follow
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural, valid_clearance
from govplatform.review.models import Clearance, Withdrawal
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from ..models import Change, Resource, ResourceVersion
from .entering import (
    Prepared,
    fill_from,
    new_resource_id,
    note_change,
    prepare,
    save_changed,
    status_of,
    write_terms,
    write_version,
)
from .events import ResourceRestored, ResourceWithdrawn, VersionEntered
from .library_page import as_library_page
from .showing import copies_of

Progress = Callable[[int, int, str], None]


def enter_page(page: Any, clearance: Clearance) -> ResourceVersion | None:
    """Put the page that was just published into the library. Call in the publishing transaction.

    First publication: a Resource with version 1. Later: a new version when anything differs; the
    same content again after a withdrawal restores the resource. Returns the current version, None for pages that the
    library does not keep (their ``library_record`` is None, as that of reposts is).
    Raises Refused when a file is not what was cleared.
    """
    record = as_library_page(page).library_record()
    if record is None:
        return None
    tenant, prepared = current_tenant(), prepare(record)
    resource = (
        locking(Resource.objects.all())
        .select_related("current")
        .defer("terms", "folded", "current__html", "current__text", "current__link_marks")
        .filter(tenant=tenant, page_id=page.pk)
        .first()
    )
    if resource is None:
        return _enter_new(page, tenant, prepared, clearance)
    return _enter_again(page, resource, prepared, clearance)


def _enter_new(page: Any, tenant: Tenant, prepared: Prepared, clearance: Clearance) -> ResourceVersion:
    resource_id = new_resource_id()
    version = _write(resource_id, 1, prepared, clearance)
    resource = Resource(
        pk=resource_id,
        tenant=tenant,
        page_id=page.pk,
        number=page.index_number,
        level=tenant.level,
        published_at=page.first_published_at,
        status=status_of(str(prepared.metadata.get("validity", "")), 1),
    )
    fill_from(resource, version, prepared)
    resource.updated_at = page.last_published_at
    resource.interprets = _uuid_of(tenant, prepared.record.interprets_page)
    write_terms(resource, str(prepared.metadata.get("document_number", "")))
    resource.save(force_insert=True)
    if resource.kind == Resource.Kind.POLICY:
        # An interpretation may have been published before the document it explains.
        earlier = locking(Resource.objects.filter(tenant=tenant, interprets_page=page.pk))
        Resource.objects.filter(pk__in=list(earlier.values_list("pk", flat=True))).update(interprets=resource.uuid)
    note_change(resource, Change.Act.ENTERED, 1)
    follow(VersionEntered(resource=resource, version=version, previous=None))
    return version


def _enter_again(page: Any, resource: Resource, prepared: Prepared, clearance: Clearance) -> ResourceVersion:
    previous, was_withdrawn = resource.current, resource.is_withdrawn
    version = previous
    if previous.digest != prepared.digest:
        version = _write(resource.pk, previous.number + 1, prepared, clearance)
        fill_from(resource, version, prepared)
        resource.interprets = _uuid_of(resource.tenant, prepared.record.interprets_page)
    resource.number = resource.number or page.index_number
    resource.updated_at = page.last_published_at
    resource.status = status_of(str(prepared.metadata.get("validity", "")), version.number)
    resource.status_reason = ""
    if version is previous and not was_withdrawn:
        resource.save(update_fields=["number", "updated_at", "status", "status_reason"])
        return version
    act = Change.Act.RESTORED if version is previous else Change.Act.CORRECTED
    save_changed(resource, act)
    if was_withdrawn:
        _tell_of_copies(resource, Change.Act.RESTORED)
    if version is previous:
        follow(ResourceRestored(resource=resource))
    else:
        follow(VersionEntered(resource=resource, version=version, previous=previous))
    return version


def _write(resource_id: int, number: int, prepared: Prepared, clearance: Clearance) -> ResourceVersion:
    return write_version(
        resource_id,
        number,
        prepared,
        revision_id=clearance.revision_id,
        clearance_id=clearance.pk,
        cleared_at=clearance.granted_at,
    )


def _uuid_of(tenant: Tenant | None, page_id: int | None) -> Any:
    if tenant is None or page_id is None:
        return None
    return Resource.objects.filter(tenant=tenant, page_id=page_id).values_list("uuid", flat=True).first()


def withdraw_resource(resource: Resource, *, reason: str, recalled_by: User | None = None) -> Followed | None:
    """Withdraw a resource, so that from the commit on it may be shown nowhere any more.

    Returns what followed; None when it was withdrawn already. The act itself (who, and why) is recorded by the caller:
    a withdrawal of the page, a recall (``recalled_by``: whose).
    """
    resource = locking(Resource.objects.select_related("current")).get(pk=resource.pk)
    if resource.is_withdrawn:
        return None
    resource.status = Resource.Status.WITHDRAWN
    resource.status_reason = reason
    save_changed(resource, Change.Act.WITHDRAWN, reason=reason)
    _tell_of_copies(resource, Change.Act.WITHDRAWN, reason=reason)
    return follow(ResourceWithdrawn(resource=resource, reason=reason, recalled_by=recalled_by))


def _tell_of_copies(resource: Resource, act: str, *, reason: str = "") -> None:
    """Who asks what changed since learns of what was copied from ``resource`` at once: it goes and comes with it."""
    copies = copies_of(resource).exclude(status=Resource.Status.WITHDRAWN).select_related("current")
    for copy in copies.only("pk", "status", "current__number"):
        note_change(copy, act, copy.current.number, reason)


def withdraw_with_page(page: Page, withdrawal: Withdrawal) -> Followed | None:
    """Withdraw the resource of a page that was withdrawn, for the same reason. Returns what followed, or None."""
    return _withdraw_page(page, withdrawal.reason)


def withdraw_expired(page: Page) -> Followed | None:
    """Withdraw the resource of a page whose time of publication is over. Returns what followed, or None."""
    return _withdraw_page(page, _("公开期限已到"))


def _withdraw_page(page: Page, reason: str) -> Followed | None:
    resource = Resource.objects.filter(tenant=current_tenant(), page_id=page.pk).first()
    return None if resource is None else withdraw_resource(resource, reason=reason)


@dataclass
class LivePagesReport:
    """The result of ``enter_live_pages``.

    ``entered``: new resources; ``present``: in the library already; ``failed``: ``{"page", "title", "problem"}``.
    """

    entered: int = 0
    present: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)


def enter_live_pages(
    tenant: Tenant, *, acting_user: User | None = None, progress: Progress | None = None
) -> LivePagesReport:
    """Enter what a site published before it had a library. May be run again, and while the site works.

    Each page is a transaction of its own: one that fails is named, the rest go on.
    """
    report = LivePagesReport()
    with tenant_context(tenant):
        live = Page.objects.filter(live=True, depth__gt=2).order_by("first_published_at", "pk")
        page_ids = list(live.values_list("pk", flat=True))
        present = set(Resource.objects.filter(tenant=tenant).values_list("page_id", flat=True))
        for done, page_id in enumerate(page_ids, 1):
            if page_id in present:
                report.present += 1
            else:
                _enter_live_page(page_id, tenant, report)
            if progress:
                progress(done, len(page_ids), tenant.code)
        if report.entered:
            with transaction.atomic():
                record_act("library.backfill", acting_user=acting_user, obj=tenant, detail={"entered": report.entered})
    return report


def _enter_live_page(page_id: int, tenant: Tenant, report: LivePagesReport) -> None:
    title = ""
    try:
        with holding(pages=[page_id]) as held:
            page = held.page(page_id).specific
            title = page.title
            if not page.live or is_structural(page):
                return
            if Resource.objects.filter(tenant=tenant, page_id=page_id).exists():
                report.present += 1
                return
            clearance = valid_clearance(page)
            if clearance is None:
                raise Refused(_("没有有效的审查通过"))
            if enter_page(page, clearance) is not None:
                report.entered += 1
    except (Refused, DatabaseError) as problem:
        report.failed.append({"page": page_id, "title": title, "problem": str(problem)})
