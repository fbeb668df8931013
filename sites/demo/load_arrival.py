"""The arrival that a visitor of the demo finds: the crawl of an old site, uploaded and read, nothing imported yet."""

from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.accounts.roles import EDITOR
from govplatform.tenancy.models import Tenant
from sites.arrivals.actions import upload_crawl
from sites.arrivals.models import Arrival
from sites.arrivals.running import work_on
from sites.demo.loading import default_picture_folder
from sites.demo.old_site import old_site, write_crawl


def crawl_file() -> Path:
    """Where the crawl lies, for those who want to upload it themselves, or to try the verb."""
    return Path(settings.VAR_DIR) / "demo" / "shiqiao-old-site.warc.gz"


def load_arrival() -> bool:
    """Write the crawl, and upload it to the site that receives it unless it has been; say whether it was uploaded."""
    told = old_site()
    tenant = Tenant.objects.filter(code=told["receives"], status=Tenant.Status.LIVE).first()
    if tenant is None:
        return False
    path = crawl_file()
    if not path.exists():
        write_crawl(path, default_picture_folder())
    with tenant_context(tenant):
        arrival = Arrival.objects.filter(host=told["host"]).first()
        uploaded = arrival is None
        if arrival is None:
            editors = User.objects.filter(memberships__tenant=tenant, memberships__role=EDITOR.code)
            editor = editors.order_by("username").first()
            if editor is None:
                return False
            with path.open("rb") as stream:
                arrival = upload_crawl(File(stream), name=path.name, host=told["host"], acting_user=editor)
        # A load that was killed leaves one that waits; a worker that comes to it later finds it done.
        if arrival.working and not arrival.importing:
            work_on(arrival)
    return uploaded


def demo_arrival() -> tuple[Tenant, Arrival] | None:
    """The arrival that the start page leads to, with its site; None while there is none."""
    told = old_site()
    tenant = Tenant.objects.prefetch_related("domains").filter(code=told["receives"]).first()
    if tenant is None:
        return None
    with tenant_context(tenant):
        arrival = Arrival.objects.filter(host=told["host"]).order_by("pk").first()
    return (tenant, arrival) if arrival is not None else None
