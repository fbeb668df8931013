"""Jobs: asking for the yearly archives, making one that was asked for, and verifying one."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.accounts.models import User
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.faults import describe_error

from .actions import (
    folder_for,
    make_archive,
    refuse_archive,
    request_archive,
    request_verification,
    verify_kept,
)
from .models import Archive
from .reader.texts import keep_texts, texts_file
from .yearly import sites_due

logger = logging.getLogger("govplatform.archive")


@app.periodic(cron="17 2 * * *")
@app.task(name="govplatform.request_yearly_archives", queueing_lock="request_yearly_archives")
def request_yearly_archives(timestamp: int) -> None:
    """Ask, every night, for archives of sites that live on and whose time has come; in nobody's name."""
    with schema_context("public"):
        for tenant in sites_due(timezone.now()):
            try:
                with transaction.atomic():
                    archive = request_archive(tenant, acting_user=None)
                    make_requested_archive.enqueue(archive.pk)
            except Busy:
                raise
            except Refused as refusal:
                # The next night looks again.
                logger.warning("no yearly archive of %s: %s", tenant.code, "；".join(refusal.reasons))


@task(queue_name="bulk")
def make_requested_archive(archive_id: int) -> None:
    """Make one archive. A refusal is its result. Run again after a kill it begins anew, or does what follows."""
    with schema_context("public"):
        archive = Archive.objects.select_related("tenant", "requested_by").filter(pk=archive_id).first()
        if archive is None:
            return
        if not archive.working:
            _follow(archive)
            return
        try:
            make_archive(archive, folder_for(archive), acting_user=archive.requested_by)
            _follow(archive)
        except Busy:
            raise
        except Refused as refusal:
            refuse_archive(archive, refusal.reasons)
        except Exception as error:
            refuse_archive(
                archive, [_("归档意外中断（%(error)s），没有留下任何文件。") % {"error": describe_error(error)}]
            )
            raise


def _follow(archive: Archive) -> None:
    """Queue what a finished archive still waits for; a run that was killed may not have come to it."""
    if archive.state != Archive.State.DONE:
        return
    if not texts_file(archive).is_file():
        keep_texts_of_archive.enqueue(archive.pk)
    if archive.requested_by is None and archive.verdict == Archive.Verdict.NONE:
        # Nobody waits for it, so nobody would ask whether it is whole.
        with transaction.atomic():
            request_verification(archive, acting_user=None)
            verify_kept_archive.enqueue(archive.pk, None)


@task(queue_name="bulk")
def verify_kept_archive(archive_id: int, user_id: int | None) -> None:
    """Verify one archive on behalf of the person who asked for it (None: the shell)."""
    with schema_context("public"):
        archive = Archive.objects.filter(pk=archive_id, verdict=Archive.Verdict.RUNNING).first()
        if archive is not None:
            try:
                verify_kept(archive, acting_user=User.objects.filter(pk=user_id).first() if user_id else None)
            except Busy:
                raise
            except Exception:
                # It stands among the failed jobs; the archive itself can be asked about again.
                Archive.objects.filter(pk=archive_id).update(verdict=Archive.Verdict.NONE)
                raise
            if not texts_file(archive).is_file():
                # Made by a verb, or before words were kept.
                keep_texts_of_archive.enqueue(archive.pk)


@task(queue_name="bulk")
def keep_texts_of_archive(archive_id: int) -> None:
    """Keep the words of the pages of a finished archive, so that the reader can search them."""
    with schema_context("public"):
        archive = Archive.objects.filter(pk=archive_id, state=Archive.State.DONE).first()
        if archive is not None:
            keep_texts(archive)
