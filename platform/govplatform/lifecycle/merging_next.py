"""The next step of a site whose retirement has taken effect: its content goes into another one."""

from urllib.parse import urlencode

from django.urls import reverse

from govplatform.tenancy.models import Tenant

from .merge.actions import open_merge
from .models import SiteApplication


def merge_plan_address(application: SiteApplication) -> str:
    """Where the merge of a retirement is planned, or goes on where one was begun; '' for what leads to no merge now."""
    going = application.kind == SiteApplication.Kind.RETIRE and application.state == SiteApplication.State.APPROVED
    if not going or application.carried_out_at is None or application.ended_at is not None or application.into is None:
        return ""
    if application.tenant.status != Tenant.Status.RETIRING:
        return ""
    if (merge := open_merge(application.tenant)) is not None:
        return reverse("lifecycle_merge", args=[merge.pk])
    sites = {"source": application.tenant.code, "destination": application.into.code}
    return f"{reverse('lifecycle_merge_plan')}?{urlencode(sites)}"
