"""Applications of a site, filed and decided as people do it."""

import io
from typing import Any

from govplatform.lifecycle.applications.actions import decide_application, file_application
from govplatform.lifecycle.applications.papers import GivenPaper
from govplatform.lifecycle.applications.request import Asked
from govplatform.lifecycle.merge.actions import request_merge
from govplatform.lifecycle.merge.running import run_merge
from govplatform.lifecycle.models import Merge, SiteApplication, SiteNotice
from govplatform.lifecycle.notices.actions import put_up_notices
from govplatform.lifecycle.states.actions import carry_out, retirement_of
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered


def paper(kind: str, text: str = "同意。", name: str = "") -> GivenPaper:
    return GivenPaper(kind, name or f"{kind}.txt", io.BytesIO(text.encode()))


def file(kind: str, site: str = "beta", who: str = "", papers: Any = (), **asked: Any) -> SiteApplication:
    wanted = Asked(kind=kind, reason=asked.pop("reason", "按程序办理。"), **asked)
    return file_application(get_tenant(site), wanted, acting_user=factories.user(who or f"{site}_admin"), papers=papers)


def approve(application: SiteApplication, who: str = "supervisor", **more: Any) -> SiteApplication:
    return decide_application(
        application, acting_user=factories.user(who), approve=more.pop("approve", True), opinion="同意。", **more
    )


def approve_to_the_end(application: SiteApplication) -> SiteApplication:
    while application.is_open:
        application = approve(application)
    # What the act does after its commit, which the transaction of a test does not have.
    put_up_notices(application.pk)
    carry_out(application.pk)
    return SiteApplication.objects.get(pk=application.pk)


def clear_notices(application: SiteApplication) -> list[SiteNotice]:
    """The reviewers of each site clear its notice; then the application goes on."""
    from django_tenants.utils import tenant_context
    from wagtail.models import Page

    for notice in SiteNotice.objects.filter(application=application, page_id__isnull=False, live_at=None):
        with tenant_context(notice.site):
            for reviewer in ("content", "secret"):
                factories.approve(Page.objects.get(pk=notice.page_id).specific, f"{notice.site.code}_{reviewer}")
    carry_out(application.pk)
    return list(SiteNotice.objects.filter(application=application).order_by("pk"))


def retiring(site: str = "beta", **asked: Any) -> SiteApplication:
    """An approved retirement of a county portal whose migration notice is up."""
    application = file(
        "retire",
        site,
        ground="division-change",
        papers=[paper("approval"), paper("division-change")],
        **asked,
    )
    application = approve_to_the_end(application)
    clear_notices(application)
    return SiteApplication.objects.get(pk=application.pk)


def merge_asked_for() -> Merge:
    """beta into alpha, begun by the operator and not run yet."""
    if retirement_of(get_tenant("beta")) is None:
        retiring("beta")
    return request_merge(get_tenant("beta"), get_tenant("alpha"), acting_user=factories.user("operator"), queued=False)


def merge_carried_out() -> Merge:
    """The same as it stands when it was carried out, proven and announced; there was little in it."""
    merge = run_merge(merge_asked_for().pk)
    assert (merge.state, merge.faults) == (Merge.State.MOVED, []), (merge.state, merge.reasons, merge.faults)
    clear_notices(merge.application)
    return Merge.objects.get(pk=merge.pk)


@layered
def retiring_beta() -> int:
    """``retiring()`` written once for the tests that begin with it: its application."""
    return retiring("beta").pk


@layered
def asked_merge() -> int:
    """``merge_asked_for()`` written once."""
    return merge_asked_for().pk


@layered
def carried_merge() -> int:
    """``merge_carried_out()`` written once."""
    return merge_carried_out().pk
