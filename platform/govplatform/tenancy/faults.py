"""Failures of jobs in sites: kept with each failure, forgotten with the next success, shown to operators."""

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.refusals import Refused

from .models import SiteFault, Tenant

logger = logging.getLogger("govplatform.tenancy")
#: What fails is tried again after 50 seconds, which is the next run of a job that runs every minute, then after twice
#: as long each time. Ten minutes at most: a site that was repaired publishes what is due ten minutes late at the worst,
#: and one that stays broken costs the others six attempts an hour.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=50), timedelta(minutes=10)
_LONGEST_ERROR = 500
#: PostgreSQL adds the row itself ("Failing row contains ...") to some messages: drafts have no business here.
_APPENDIXES = ("\nDETAIL:", "\nCONTEXT:", "\nHINT:", "\nLINE ")


def pause_after(attempts: int) -> timedelta:
    """How long to wait after ``attempts`` failures: FIRST_PAUSE, doubled each time, LONGEST_PAUSE at most."""
    return min(FIRST_PAUSE * 2 ** min(max(attempts, 1) - 1, 10), LONGEST_PAUSE)


def describe_error(error: BaseException) -> str:
    """``error`` in at most 500 characters: the reasons of a refusal, of any other error its type and message.

    What PostgreSQL appends to a message is left out: it may quote the row, and drafts must not be shown to operators.
    """
    if isinstance(error, Refused):
        return str(error)[:_LONGEST_ERROR]
    text = str(error)
    for appendix in _APPENDIXES:
        text = text.partition(appendix)[0]
    return f"{type(error).__name__}: {text.strip()}"[:_LONGEST_ERROR]


def faults_of(job: str, tenant: Tenant | None = None) -> dict[int, dict[str, SiteFault]]:
    """Tenant id -> subject -> open fault of ``job``, on all sites or only on ``tenant``; one statement."""
    found: dict[int, dict[str, SiteFault]] = {}
    rows = SiteFault.objects.filter(job=job)
    for fault in rows if tenant is None else rows.filter(tenant=tenant):
        found.setdefault(fault.tenant_id, {})[fault.subject] = fault
    return found


def note_fault(
    tenant: Tenant, job: str, error: BaseException, *, subject: str = "", title: str = "", again: bool = True
) -> None:
    """Keep a failure of ``job`` in the site and log it.

    ``subject``: what inside the site failed, as code (``page:12``), with its ``title`` in words; both '' for the whole
    site. ``again``: whether the job comes back by itself; the fault then says when. The log has a traceback the first
    time and one line afterwards. Never raises when the database cannot take it: the caller has other sites to serve.
    """
    told = describe_error(error)
    attempts = 1
    try:
        with schema_context("public"), transaction.atomic():
            attempts = _keep(tenant, job, subject, title, told, again)
    except DatabaseError:
        logger.exception("the failure of %s in site %s could not be kept", job, tenant.code)
    what = f"{job} {subject}".strip()
    if attempts == 1:
        # A refusal, Busy among them, says in its reasons all there is to say; a traceback would add nothing.
        cause = None if isinstance(error, Refused) else error
        logger.error("%s failed in site %s: %s", what, tenant.code, told, exc_info=cause)
    else:
        logger.warning("%s failed in site %s for the %s. time: %s", what, tenant.code, attempts, told)


def _keep(tenant: Tenant, job: str, subject: str, title: str, told: str, again: bool) -> int:
    now = timezone.now()
    # One statement: two processes that fail in the same site at the same moment wait for each other.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.tenancy_sitefault (tenant_id, job, subject, title, since, last_at, attempts, error)"
            " VALUES (%(tenant)s, %(job)s, %(subject)s, %(title)s, %(now)s, %(now)s, 1, %(error)s)"
            " ON CONFLICT (tenant_id, job, subject) DO UPDATE SET attempts = tenancy_sitefault.attempts + 1,"
            " title = excluded.title, last_at = excluded.last_at, error = excluded.error RETURNING id, attempts",
            {
                "tenant": tenant.pk, "job": job, "subject": subject, "title": title[:255], "now": now,
                "error": told.replace("\x00", ""),
            },
        )  # fmt: skip
        row_id, attempts = cursor.fetchone()
    SiteFault.objects.filter(pk=row_id).update(next_at=now + pause_after(attempts) if again else None)
    return int(attempts)


def forget_fault(fault: SiteFault) -> None:
    """Delete ``fault``: the job succeeded this time, or what failed is no longer there."""
    with schema_context("public"):
        SiteFault.objects.filter(pk=fault.pk).delete()
    logger.info("%s works again in site %s after %s attempts", fault.job, fault.tenant_id, fault.attempts)


def open_faults(tenant: Tenant | None = None) -> QuerySet[SiteFault]:
    """Everything that fails at the moment, on all sites or only on ``tenant``, the oldest first, each with its site."""
    found = SiteFault.objects.select_related("tenant").order_by("since", "pk")
    return found if tenant is None else found.filter(tenant=tenant)


def describe_fault(fault: SiteFault) -> dict[str, Any]:
    """The fault as the verb ``site_faults`` prints it, JSON-able; times are ISO 8601 in local time.

    ``next``: when it is tried again, None when only a person does that.
    """
    return {
        "site": fault.tenant.code,
        "job": fault.job,
        "subject": fault.subject,
        "title": fault.title,
        "since": timezone.localtime(fault.since).isoformat(timespec="seconds"),
        "attempts": fault.attempts,
        "error": fault.error,
        "next": timezone.localtime(fault.next_at).isoformat(timespec="seconds") if fault.next_at else None,
    }


def missing_schema(tenant: Tenant) -> Refused:
    """The refusal (to be raised) to work in a site whose schema is gone."""
    return Refused(_("站点的模式 %(schema)s 不存在。") % {"schema": tenant.schema_name})
