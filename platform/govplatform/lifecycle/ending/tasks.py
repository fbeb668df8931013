"""Jobs of dumps, drops and restorings, in the worker that has the owner's login (decision 004)."""

import logging
from contextlib import suppress
from pathlib import Path

from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.refusals import Busy, Refused
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.working_schemas import left_schemas, site_schema_of

from ..backups.returning import carry_out_preview, return_site
from ..dumping.building import drop_schema
from ..dumping.taking import one_at_a_time
from ..models import SiteDump
from .actions import drop_site, dump_site
from .restoring import Wish, restore_site
from .work import kept_reasons

Kind = SiteDump.Kind
logger = logging.getLogger("govplatform.lifecycle")


@app.periodic(cron="23 * * * *")
@app.task(name="govplatform.remove_left_schemas", queue="owner", queueing_lock="remove_left_schemas")
def remove_left_schemas(timestamp: int) -> None:
    """Drop, every hour, the schemas that a killed dump or restoring has left; no site has them."""
    with schema_context("public"), as_owner():
        for name in left_schemas():
            # Somebody may have begun there since: theirs is the next one to look at it.
            with suppress(Busy), one_at_a_time(site_schema_of(name)):
                drop_schema(name)
                logger.warning("the schema %s, left by a process that was killed, was dropped", name)


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
            elif work.tenant is None:
                return
            elif work.kind == Kind.RETURN:
                return_site(work.tenant, Path(work.path), reason=work.reason, acting_user=work.requested_by, work=work)
            elif work.kind == Kind.PREVIEW:
                carry_out_preview(work.tenant, Path(work.path), acting_user=work.requested_by, work=work)
            else:
                act = drop_site if work.kind == Kind.DROP else dump_site
                act(work.tenant, acting_user=work.requested_by, work=work)
