"""The names that the front server answers to; all others it refuses by itself."""

import re
from dataclasses import dataclass, field

from django.conf import settings

from govplatform.tenancy.hosts import old_host_names
from govplatform.tenancy.models import Domain

#: What may stand in a configuration: no name can be made to say something else there. Old hosts may have underscores.
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]|\.(?!\.)){0,251}[a-z0-9_]|[a-z0-9]", re.ASCII)


@dataclass(frozen=True)
class Hosts:
    """Kind of server (``public``, ``console``, ``archive``) -> its names; ``left_out``: what is no name of a host."""

    names: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, self.names.values()))


def served_hosts() -> Hosts:
    """All hosts of all sites, those of sites that are closed and former ones among them: the application answers."""
    registered = list(Domain.objects.order_by("domain").values_list("domain", "kind"))
    console = {name for name, kind in registered if kind == Domain.Kind.CONSOLE}
    archive = set(settings.ARCHIVE_HOSTS) - console
    public = {name for name, kind in registered if kind == Domain.Kind.PUBLIC}
    public = (public | old_host_names() | set(settings.START_PAGE_HOSTS)) - console - archive
    return sorted_hosts({"public": public, "archive": archive, "console": console})


def sorted_hosts(wanted: dict[str, set[str]]) -> Hosts:
    """``wanted`` in order, without what is no name of a host."""
    hosts = Hosts()
    for kind, names in wanted.items():
        hosts.names[kind] = [name for name in sorted(names) if _NAME.fullmatch(name)]
        hosts.left_out.extend(sorted(names.difference(hosts.names[kind])))
    return hosts
