"""Jobs: making an archive that was asked for in the console, and verifying one."""

from django_tasks import task
from django_tenants.utils import schema_context

from govplatform.refusals import Busy, Refused

from .actions import folder_for, make_archive, refuse_archive, verify_kept
from .models import Archive


@task(queue_name="bulk")
def make_requested_archive(archive_id: int) -> None:
    """Make one archive. A refusal is its result. Run again after a kill it begins anew: nothing was left behind."""
    with schema_context("public"):
        archive = Archive.objects.select_related("tenant", "requested_by").filter(pk=archive_id).first()
        if archive is None or not archive.working:
            return
        try:
            make_archive(archive, folder_for(archive), acting_user=archive.requested_by)
        except Busy:
            raise
        except Refused as refusal:
            refuse_archive(archive, refusal.reasons)


@task(queue_name="bulk")
def verify_kept_archive(archive_id: int, user_id: int | None) -> None:
    """Verify one archive on behalf of the person who asked for it (None: the shell)."""
    from govplatform.accounts.models import User

    with schema_context("public"):
        archive = Archive.objects.filter(pk=archive_id, verdict=Archive.Verdict.RUNNING).first()
        if archive is not None:
            verify_kept(archive, acting_user=User.objects.filter(pk=user_id).first())
