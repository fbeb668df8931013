"""The job that dumps, drops or restores a site, in the worker that has the owner's login (decision 004)."""

from contextlib import suppress
from pathlib import Path

from django_tasks import task
from django_tenants.utils import schema_context

from govplatform.refusals import Refused

from ..models import SiteDump
from .actions import drop_site, dump_site
from .restoring import Wish, restore_site
from .work import kept_reasons

Kind = SiteDump.Kind


@task(queue_name="owner")
def keep_site_job(work_id: int) -> None:
    """Do what one SiteDump asks for. A refusal is its result. Run again after a kill it goes on or begins anew."""
    with schema_context("public"):
        work = SiteDump.objects.select_related("tenant", "requested_by").filter(pk=work_id).first()
        if work is None or not work.working:
            return
        # What is refused stands in the row, where the person who asked reads it.
        with suppress(Refused), kept_reasons(work):
            if work.kind == Kind.RESTORE:
                restore_site(Path(work.path), Wish(code=work.code), acting_user=work.requested_by, work=work)
            elif work.tenant is not None:
                act = drop_site if work.kind == Kind.DROP else dump_site
                act(work.tenant, acting_user=work.requested_by, work=work)
