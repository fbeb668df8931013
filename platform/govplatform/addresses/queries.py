"""What is known of addresses."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from govplatform.tenancy.hosts import is_of_the_platform
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.models.domain import validate_host
from govplatform.tenancy.queries import public_sites
from govplatform.ways_of_writing import named_in

from .canonical import forms_of_path, split_url
from .known import Kind, KnownAddress
from .models import Address, UnknownPath
from .resolving import site_of_host

_CHUNK = 2_000
_NEXT_HOST = "(SELECT min(a.host) FROM public.addresses_address a WHERE a.tenant_id = t.id AND a.host > t.host)"
_OLD_HOSTS = f"""
WITH RECURSIVE t(id, host) AS (
 SELECT id, '' FROM unnest(%s::bigint[]) AS chosen(id)
 UNION ALL
 SELECT t.id, {_NEXT_HOST} FROM t WHERE t.host IS NOT NULL
)
SELECT id, host FROM t WHERE host <> '' ORDER BY id, host
"""


def known_addresses(tenant: Tenant) -> Iterator[KnownAddress]:
    """Every address that is public on the own hosts of ``tenant`` now, in the order of kinds and paths.

    The order is the same for the same ledger, whatever the order of entry. Works outside the site's schema.
    """
    rows = (
        public_addresses(tenant).order_by("kind", "path").values_list("path", "kind", "title", "object_id", "variant")
    )
    for path, kind, title, object_id, variant in rows.iterator(chunk_size=_CHUNK):
        yield KnownAddress(path, kind, title, object_id, variant)


def public_addresses(tenant: Tenant) -> QuerySet[Address]:
    """The rows of what is public on the own hosts of ``tenant``."""
    return Address.objects.filter(tenant=tenant, host="", state=Address.State.PUBLIC)


def was_public(tenant: Tenant, page_id: int) -> bool:
    """Whether citizens can or could read that page, or list, on the site's own hosts."""
    kinds = (Kind.PAGE, Kind.LIST)
    return Address.objects.filter(tenant=tenant, host="", kind__in=kinds, object_id=page_id).exists()


def holder_of(host: str) -> Tenant | None:
    """The site that answers for the old addresses of ``host``: whose public host it is, or whose ledger has it."""
    if (own := site_of_host(host)) is not None:
        return own
    return Tenant.objects.filter(pk__in=Address.objects.filter(host=host).values("tenant")).order_by("pk").first()


def reasons_against_old_host(tenant: Tenant, host: str) -> list[str]:
    """Why ``tenant`` can hold no old addresses of ``host``: no host name, or one that the platform answers otherwise.

    '' stands for the site's own host.
    """
    if not host:
        return []
    try:
        validate_host(host)
    except ValidationError as error:
        return list(error.messages)
    taken = Domain.objects.select_related("tenant").filter(domain=host).first()
    if is_of_the_platform(host) or (taken is not None and taken.kind == Domain.Kind.CONSOLE):
        return [_("域名“%(host)s”由平台自己使用，不会有旧网址。") % {"host": host}]
    if taken is not None and taken.tenant_id != tenant.pk:
        told = _("“%(host)s”是本平台站点“%(site)s”的域名，它的旧网址由该站答复。")
        return [told % {"host": host, "site": taken.tenant.full_name}]
    return []


def scope_of(tenant: Tenant, host: str) -> str:
    """'' for the host that citizens read the site at, else the host itself: as the ledger's rows name it."""
    return "" if host in ("", tenant.public_host) else host


def old_hosts_of(tenants: Iterable[Tenant]) -> dict[int, list[str]]:
    """Return ``{site id: the hosts from outside whose addresses it answers}``, in the order of their names.

    Reads one entry of the index for each of them, however many addresses they have.
    """
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OLD_HOSTS, [[tenant.pk for tenant in tenants]])
        for tenant_id, host in cursor.fetchall():
            found.setdefault(tenant_id, []).append(host)
    return found


def find_hosts(text: str) -> QuerySet[Tenant]:
    """Sites whose rules somebody looks for: by a host of theirs, an old one among them, by code or words of the name.

    Without words all of them; only sites that citizens read.
    """
    sites = public_sites().prefetch_related("domains")
    if not text:
        return sites
    host = text.lower()
    named = Q(code=host) | Q(full_name__icontains=text) | Q(short_name__icontains=text)
    held = Q(pk__in=Domain.objects.filter(domain=host).values("tenant"))
    return sites.filter(named | held | Q(pk__in=Address.objects.filter(host=host).values("tenant")))


def find_addresses(text: str) -> QuerySet[Address]:
    """Addresses that somebody looks for: by a whole address, a path, the beginning of one, or words of the title."""
    rows = Address.objects.select_related("tenant", "to_tenant").order_by("tenant__code", "path")
    parts = split_url(text)
    if parts is not None:
        holder = holder_of(parts[0])
        rows = rows.filter(tenant=holder) if holder is not None else rows.filter(host=parts[0])
        text = parts[1]
    if not text.startswith("/"):
        return rows.filter(named_in(text, "title")) if text.strip() else rows.none()
    forms = forms_of_path(text)
    if not forms:
        return rows.none()
    named = Q(path__startswith=forms[0].path)
    for form in forms:
        named |= Q(key=form.key) | Q(loose=form.loose_key)
    return rows.filter(named)


def unknown_paths(state: str = UnknownPath.State.OPEN) -> QuerySet[UnknownPath]:
    """The work list: what was asked for most and nobody knows, over all sites."""
    rows = UnknownPath.objects.filter(state=state).exclude(path="").select_related("tenant")
    return rows.order_by("-count", "-last_on", "pk")
