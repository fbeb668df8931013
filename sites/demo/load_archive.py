"""The archive that a visitor of the demo can open: of a department's site, made and verified like any other."""

from pathlib import Path

from govplatform.archive.actions import folder_for, make_archive, request_archive, verify_kept
from govplatform.archive.models import Archive
from govplatform.archive.queries import readable_archives
from govplatform.tenancy.models import Tenant

SITE = "jiaoyu"


def load_archive() -> bool:
    """Make the archive unless it lies there already; say whether it was made. No site of that code: nothing is made."""
    tenant = Tenant.objects.prefetch_related("domains").filter(code=SITE, status=Tenant.Status.LIVE).first()
    if tenant is None or any(Path(one.folder).is_dir() for one in readable_archives().filter(tenant=tenant)):
        return False
    # What a killed load left behind is nobody's work any more.
    Archive.objects.filter(tenant=tenant, requested_by=None).exclude(state=Archive.State.DONE).delete()
    archive = request_archive(tenant, acting_user=None)
    make_archive(archive, folder_for(archive), acting_user=None)
    verify_kept(archive, acting_user=None)
    return True


def demo_archive() -> Archive | None:
    """The archive that the start page leads to."""
    return readable_archives().filter(tenant__code=SITE).first()
