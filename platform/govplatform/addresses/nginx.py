"""The ledger as a configuration of nginx, by which it answers what the application cannot while it is down.

The file stands beside the shipped configuration as ``ledger.conf`` and sets ``$ledger_place``: a whole address,
``gone``, or nothing; and ``$ledger_known``: 1 on hosts of which it has everything that was public once. A key is
host and path as nginx has them, without the closing slash and the name of a default document; nginx compares keys
without letter case.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Domain, Tenant
from govplatform.traditional.addresses import has_variant, variant_of
from govplatform.whole_files import write_whole_file

from .canonical import CHARSETS, Form, location_of, stored_form
from .entering import rules_of
from .known import address_book
from .models import Address
from .resolving import door_of, resolve_row

GONE = "gone"
#: nginx reads no longer words than 4096 bytes, and its table takes room for the longest key in every place.
_LONGEST_KEY, _LONGEST_PLACE = 1_000, 3_500
_CHUNK = 5_000
#: Words that say something else than a value in the first place of a line of a map, in quotation marks too.
_WORDS_OF_A_MAP = frozenset({b"default", b"hostnames", b"include", b"volatile"})
_HEAD = rb"""# Written by `manage.py ledger export`: where addresses are that were public once. Do not edit.
map_hash_max_size %d;
map_hash_bucket_size 2048;
map $host $ledger_known {
    default "";
%s}
map $uri $ledger_path {
    default $uri;
    "~*^(?<ledger_folder>(?:/.*)?)/(?:index|default)\.(?:html?|shtml|jsp|aspx?|php|do)$" $ledger_folder;
    "~^(?<ledger_open>(?:/.*[^/])?)/+$" $ledger_open;
}
map $args $ledger_all_args {
    default "?$args";
    "" "";
}
# Lists have numbered pages; whatever else is asked for counts on the hosts below alone.
map $args $ledger_page {
    default "";
    "~(?:^|&)page=1(?:&|$)" "";
    "~(?:^|&)page=(?<ledger_number>[1-9][0-9]*)(?:&|$)" "?page=$ledger_number";
}
map $host $ledger_own_args {
    default "";
%s}
map $ledger_own_args $ledger_query {
    default $ledger_own_args;
    "" $ledger_page;
}
map $host$ledger_path$ledger_query $ledger_place {
    default "";
"""
#: Each address that is not served, with the one that its object has now where that is a matter of one step. What a site
#: had public is not served any more when it is retired, or from the switch of its merge on (``answers_from_ledger``).
_ROWS = """
SELECT a.id, a.host, a.path, a.tenant_id, coalesce(o.tenant_id, f.tenant_id), coalesce(o.path, f.path)
FROM public.addresses_address a JOIN public.tenancy_tenant t ON t.id = a.tenant_id
LEFT JOIN LATERAL (
 SELECT p.tenant_id, p.path FROM public.addresses_address p JOIN public.tenancy_tenant x ON x.id = p.tenant_id
 WHERE p.tenant_id = coalesce(a.to_tenant_id, a.tenant_id) AND p.kind = coalesce(nullif(a.to_kind, ''), a.kind)
  AND p.object_id = CASE WHEN a.to_tenant_id IS NULL THEN a.object_id ELSE a.to_object END
  AND p.variant IN (a.variant, '') AND p.host = '' AND p.state = 'public' AND p.id <> a.id
  AND x.status <> 'retired' AND x.moved_into_id IS NULL
 ORDER BY p.variant = a.variant DESC, p.id LIMIT 1
) o ON a.to_path = '' AND a.to_url = ''
LEFT JOIN LATERAL (
 SELECT p.tenant_id, p.path FROM public.addresses_address p JOIN public.tenancy_tenant x ON x.id = p.tenant_id
 WHERE p.tenant_id = a.to_tenant_id AND p.kind = 'library' AND p.variant = a.variant AND p.host = ''
  AND p.state = 'public' AND p.id <> a.id AND x.status <> 'retired' AND x.moved_into_id IS NULL
 ORDER BY p.id LIMIT 1
) f ON o.path IS NULL AND a.to_path = '' AND a.to_url = '' AND a.variant <> ''
 AND coalesce(nullif(a.to_kind, ''), a.kind) = 'library'
WHERE a.tenant_id = ANY(%s)
 AND (a.state = 'past' OR a.host <> '' OR t.status = 'retired' OR t.moved_into_id IS NOT NULL)
ORDER BY a.tenant_id, a.id
"""


@dataclass
class Exported:
    """The result of an export. ``entries``: lines written; ``left_out``: addresses too long, or not clear without
    letter case, endings and default documents; the application answers those.
    """

    entries: int = 0
    left_out: int = 0
    hosts: list[str] = field(default_factory=list)
    places: dict[bytes, bytes] = field(default_factory=dict)
    unclear: set[bytes] = field(default_factory=set)

    def add(self, key: bytes, place: bytes) -> None:
        if len(key) > _LONGEST_KEY or len(place) > _LONGEST_PLACE:
            self.left_out += 1
        elif self.places.setdefault(key, place) != place:
            self.unclear.add(key)


def export_map(out: Path, tenants: Iterable[Tenant] | None = None) -> Exported:
    """Write the configuration for all sites (or for ``tenants``) to ``out``; return what it holds.

    The whole file is written or none of it. Raises Refused when the file cannot be written.
    """
    exported = Exported()
    chosen = list(Tenant.objects.prefetch_related("domains") if tenants is None else tenants)
    hosts = _hosts(chosen)
    exported.hosts = sorted(name for names in hosts.values() for name in names)
    for host, path, place, charset in _answers(chosen, hosts):
        for key in _keys(host, path, charset):
            exported.add(key, place)
    write_whole_file(out, _lines(exported), mode=0o644)
    return exported


# --- inside ------------------------------------------------------------------------------


def _hosts(tenants: Iterable[Tenant]) -> dict[int, list[str]]:
    hosts: dict[int, list[str]] = {}
    kept = Domain.objects.filter(kind=Domain.Kind.PUBLIC, tenant__in=list(tenants)).order_by("domain")
    for tenant_id, host in kept.values_list("tenant_id", "domain"):
        hosts.setdefault(tenant_id, []).append(host)
    return hosts


def _answers(tenants: list[Tenant], hosts: dict[int, list[str]]) -> Iterator[tuple[str, str, bytes, str]]:
    """(host, exact path, place, charset) of every address that nginx may answer."""
    by_id = {tenant.pk: tenant for tenant in Tenant.objects.prefetch_related("domains")}
    charsets: dict[tuple[int, str], str] = {}
    kept = {(tenant.pk, form.path) for tenant in tenants if (form := _kept_open(tenant)) is not None}
    for tenant in tenants:
        if tenant.answers_from_ledger:
            for name in hosts.get(tenant.pk, []):
                for door in sorted(address_book().doors):
                    if place := door_of(tenant, door):
                        yield name, door, _place(place), rules_of(tenant).charset
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [[tenant.pk for tenant in tenants]])
        while rows := cursor.fetchmany(_CHUNK):
            # What takes more than one step is worked out as the application does it.
            others = Address.objects.filter(pk__in=[row[0] for row in rows if row[5] is None])
            worked_out = {row.pk: resolve_row(row) for row in others.select_related("tenant", "to_tenant")}
            for pk, host, path, tenant_id, to_tenant, to_path in rows:
                if not host and (tenant_id, path) in kept:
                    continue
                place = (
                    public_url(by_id[to_tenant], location_of(to_path))
                    if to_path is not None
                    else worked_out.get(pk, "")
                )
                if (tenant_id, host) not in charsets:
                    charsets[tenant_id, host] = rules_of(by_id[tenant_id], host).charset
                for name in [host] if host else hosts.get(tenant_id, []):
                    yield name, path, _place(place), charsets[tenant_id, host]
                    if not host and by_id[tenant_id].traditional and has_variant(path):
                        there = _traditional(place, by_id[to_tenant or tenant_id])
                        yield name, variant_of(path), _place(there), charsets[tenant_id, host]


def _traditional(place: str, tenant: Tenant) -> str:
    """Where the traditional page of what is at ``place`` of ``tenant`` is; ``place`` where there is none."""
    root = public_url(tenant, "").rstrip("/")
    path = place.removeprefix(root)
    shown = tenant.traditional and path != place and has_variant(path)
    return f"{root}{variant_of(path)}" if shown else place


def _kept_open(tenant: Tenant) -> Form | None:
    """The address that a closed site shows itself: the application answers it."""
    path = address_book().kept_open(tenant) if tenant.answers_from_ledger else ""
    return stored_form(path) if path else None


def _place(location: str) -> bytes:
    # A dollar would be the beginning of a variable.
    return (quote(location, safe="/:?=&%@!'()*+,;~-._") or GONE).encode()


def _keys(host: str, path: str, charset: str) -> Iterator[bytes]:
    """The keys under which nginx looks for an address: in UTF-8, and in the encoding that the host used to have."""
    name, mark, query = path.partition("?")
    for escape, sign in (("%3F", "?"), ("%23", "#"), ("%25", "%")):
        name = name.replace(escape, sign)
    bare = _bare(name)
    for encoding in dict.fromkeys(["utf-8", CHARSETS.get(charset, "utf-8")]):
        try:
            yield f"{host}{bare}{mark}{query}".encode(encoding)
        except UnicodeEncodeError:
            continue


def _bare(path: str) -> str:
    """As ``ledger.conf`` makes it: without the closing slash and the name of a default document."""
    head, _slash, last = path.rpartition("/")
    stem, _dot, ending = last.rpartition(".")
    if stem.lower() in ("index", "default") and ending.lower() in (
        "html", "htm", "shtml", "jsp", "asp", "aspx", "php", "do",
    ):  # fmt: skip
        path = head
    return path.rstrip("/")


def _lines(exported: Exported) -> Iterator[bytes]:
    folded: dict[bytes, bytes] = {}
    for key, place in exported.places.items():
        if folded.setdefault(key.lower(), place) != place:
            exported.unclear.add(key)
    unclear = {key.lower() for key in exported.unclear}
    clear = {key: place for key, place in folded.items() if key not in unclear}
    exported.left_out += len(folded) - len(clear)
    exported.entries = len(clear)
    queried = sorted({key.partition(b"/")[0] for key in clear if b"?" in key and b"?page=" not in key})
    known = b"".join(b'    %s "1";\n' % _word(host.encode()) for host in exported.hosts)
    table = _table_size(max(len(clear), len(exported.hosts)))
    yield _HEAD % (table, known, b"".join(b"    %s $ledger_all_args;\n" % _word(host) for host in queried))
    for key, place in clear.items():
        yield b"    " + _word(key) + b' "' + place + b'";\n'
    yield b"}\n"


def _word(key: bytes) -> bytes:
    """A key of a map as it is written there: a host may be named like what a map understands as its own words."""
    mark = b"\\" if key in _WORDS_OF_A_MAP else b""
    return b'"' + mark + key.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _table_size(entries: int) -> int:
    """The smallest power of two with room for all entries: nginx takes its time to fill a smaller one well."""
    return max(2048, 1 << (entries * 2).bit_length())
