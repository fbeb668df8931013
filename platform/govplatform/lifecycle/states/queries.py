"""Reading the state of a site: since when, until when, its notices, its applications."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import EDITOR
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.rendering.state import shared
from govplatform.review.gate.status import IN_REVIEW, LABELS, RETURNED, WITHDRAWN
from govplatform.review.queries import site_path
from govplatform.review.screens.returned import last_return
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..applications.queries import describe_applications
from ..models import SiteApplication, SiteNotice
from ..notices.actions import notice_status
from ..notices.reviewers import reviewers_in_words

#: Settled applications that are shown besides the open ones.
_NEWEST = 20


@dataclass(frozen=True)
class Banner:
    """What stands on every page of a retiring site. ``url``: path of its migration notice, '' when that is not up."""

    title: str
    url: str
    into: str
    into_url: str
    into_id: int = 0


def banner_of(tenant: Tenant) -> Banner | None:
    """The banner of the current site; None unless it is retiring. Two statements, and none for any other site."""
    if tenant.status != Tenant.Status.RETIRING:
        return None
    banner = shared("banner", lambda: _read_banner(tenant))
    if banner.into_id:
        note_read(ReadOf.OTHER_SITE, banner.into_id)
    return banner


def _read_banner(tenant: Tenant) -> Banner:
    notice = _standing(tenant, SiteNotice.Kind.MIGRATION)
    if notice is None:
        return Banner("", "", "", "")
    page = Page.objects.filter(pk=notice.page_id, live=True).first()
    into = notice.application.into
    return Banner(
        page.title if page is not None else "",
        site_path(page) if page is not None else "",
        into.full_name if into else "",
        public_url(into) if into else "",
        into.pk if into else 0,
    )


def offline_page(tenant: Tenant) -> Page | None:
    """The cleared notice of the current site that says why it is offline; None when it is not up."""
    notice = _standing(tenant, SiteNotice.Kind.OFFLINE)
    return Page.objects.filter(pk=notice.page_id, live=True).first() if notice is not None else None


def domain_page(tenant: Tenant) -> Page | None:
    """The cleared notice of the current site that tells its new host; None when its term is over."""
    notice = _standing(tenant, SiteNotice.Kind.DOMAIN)
    return Page.objects.filter(pk=notice.page_id, live=True).first() if notice is not None else None


def migration_page(tenant: Tenant) -> Page | None:
    """The cleared notice of the current site that tells where its content goes; None when it is not up.

    It is kept up on the site's own host for its term, also when everything else is elsewhere already.
    """
    notice = _standing(tenant, SiteNotice.Kind.MIGRATION)
    return Page.objects.filter(pk=notice.page_id, live=True).first() if notice is not None else None


def site_status(tenant: Tenant) -> dict[str, Any]:
    """The site as the verb ``site_status`` prints it, JSON-able."""
    newest = list(
        SiteApplication.objects.filter(tenant=tenant)
        .select_related("tenant", "into", "filed_by")
        .order_by("-pk")[:_NEWEST]
    )
    notices = SiteNotice.objects.filter(application__in=newest).select_related("site", "application__tenant")
    return {
        "code": tenant.code,
        "status": tenant.status,
        "since": (tenant.status_since or tenant.created_at).isoformat(),
        "until": tenant.offline_until.isoformat() if tenant.offline_until else None,
        "notices": describe_notices(notices.prefetch_related("site__domains").order_by("pk")),
        "applications": describe_applications(newest),
    }


def describe_notices(notices: Iterable[SiteNotice]) -> list[dict[str, Any]]:
    """``[{"site", "kind", "page", "status", "url", "until"}]``; ``url`` is None until the notice is live."""
    return [
        {
            "site": notice.site.code,
            "kind": notice.kind,
            "page": notice.page_id,
            "status": (status := notice_status(notice)),
            "url": _url(notice) if status == "live" else None,
            "until": notice.until.isoformat() if notice.until else None,
        }
        for notice in notices
    ]


def shown_notices(notices: Iterable[SiteNotice]) -> list[dict[str, Any]]:
    """``describe_notices`` with its codes in words: ``words``, ``site_name``, ``status_words``.

    ``people``: who clears one that is under review or mends one that was returned, else ''; ``returned``: why it was.
    """
    rows = list(notices)
    return [
        {
            **told,
            "words": notice.get_kind_display(),
            "site_name": notice.site.full_name,
            "people": _people(notice, told["status"]),
            "returned": _return_in_words(notice) if told["status"] == RETURNED else "",
            "status_words": LABELS[WITHDRAWN] if notice.down_at else LABELS[told["status"]],
        }
        for notice, told in zip(rows, describe_notices(rows), strict=True)
    ]


def _people(notice: SiteNotice, status: str) -> str:
    if status == IN_REVIEW:
        return reviewers_in_words(notice.site)
    if status != RETURNED:
        return ""
    people = "、".join(person.signed_name for person in holders_of(notice.site, EDITOR.code))
    words = {"people": people or _("还没有人担任")}
    return _("由该站的编辑修改后重新送审：%(people)s") % words


def _return_in_words(notice: SiteNotice) -> str:
    with tenant_context(notice.site):
        page = Page.objects.filter(pk=notice.page_id).first()
        decision = last_return(page) if page is not None else None
        if decision is None:
            return ""
        told = {"step": decision.get_step_display(), "who": decision.reviewer_name, "opinion": decision.opinion}
        return _("退回意见（%(step)s %(who)s）：%(opinion)s") % told


def _url(notice: SiteNotice) -> str:
    with tenant_context(notice.site):
        return public_url(notice.site, site_path(Page.objects.get(pk=notice.page_id)))


def _standing(tenant: Tenant, kind: str) -> SiteNotice | None:
    """The newest notice of this kind that the current site carries of itself."""
    assert current_tenant().pk == tenant.pk
    up = SiteNotice.objects.filter(site_id=tenant.pk, kind=kind, down_at=None, live_at__isnull=False)
    own = up.filter(application__tenant_id=tenant.pk).select_related("application__into")
    return own.prefetch_related("application__into__domains").order_by("-pk").first()
