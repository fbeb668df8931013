"""What is known of dumps."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..dumping.manifest import Manifest
from ..dumping.opening import opened
from ..dumping.taking import SUFFIX
from ..models import SiteDump


@dataclass(frozen=True)
class DumpFile:
    """A dump that lies on the server. ``manifest``: its list; None when it cannot be read, for ``problem``."""

    name: str
    path: Path
    bytes: int
    encrypted: bool
    manifest: Manifest | None
    problem: str = ""


def dumps_folder() -> Path:
    """Where dumps lie on the server."""
    return Path(settings.SITE_DUMPS_DIR)


def dump_names() -> list[str]:
    """Names of the dumps that lie on the server, the newest first."""
    folder = dumps_folder()
    found = [path for path in folder.glob(f"*{SUFFIX}") if path.is_file() and not path.name.startswith(".")]
    return [path.name for path in sorted(found, key=lambda path: (-path.stat().st_mtime, path.name))]


def read_dump(name: str) -> DumpFile:
    """The dump of that name, with its list. Raises Refused for a name that no dump on the server has."""
    if name not in dump_names():
        raise Refused(_("服务器上没有名为“%(name)s”的备份。") % {"name": name})
    path = dumps_folder() / name
    size = path.stat().st_size
    try:
        with opened(path) as dump:
            return DumpFile(name, path, size, dump.encrypted, dump.manifest)
    except Refused as refusal:
        return DumpFile(name, path, size, False, None, str(refusal))


def works() -> QuerySet[SiteDump]:
    """All dumps and restorings, the newest first."""
    return SiteDump.objects.select_related("tenant", "requested_by")


def dumps_of(tenant: Tenant) -> QuerySet[SiteDump]:
    """The finished dumps of a site, the newest first."""
    kinds = (SiteDump.Kind.DROP, SiteDump.Kind.COPY)
    return works().filter(tenant=tenant, kind__in=kinds).exclude(sha256="")


def last_dump(tenant: Tenant) -> SiteDump | None:
    """The dump with which a dropped site ended."""
    ended = (SiteDump.State.DROPPED, SiteDump.State.DONE)
    return works().filter(tenant=tenant, kind=SiteDump.Kind.DROP, state__in=ended).first()
