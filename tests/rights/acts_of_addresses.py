"""The ledger of addresses: what operators change of it."""

from pathlib import Path
from tempfile import mkdtemp

from govplatform.addresses.actions import (
    import_addresses,
    import_table,
    leave_unknown,
    list_host,
    map_address,
    set_host_rules,
    unlist_host,
)
from govplatform.addresses.canonical import DEFAULT_RULES, forms_of_path
from govplatform.addresses.models import ListedHost, UnknownPath
from govplatform.addresses.unknown import note_unknown
from govplatform.tenancy.current import current_tenant

from .acts import Doing, act

_LEDGER = "govplatform.addresses.actions"


def old_addresses(folder: Path) -> Path:
    path = folder / "old.csv"
    path.write_text("原网址,现网址\n/gzdt/1.htm,/news/\n", encoding="utf-8")
    return path


@act(f"{_LEDGER}.map_address", may="operator")
def _map() -> Doing:
    tenant = current_tenant()
    return lambda who: map_address(tenant, "", "/old.htm", target="/news/", reason="旧站网址。", acting_user=who)


@act(f"{_LEDGER}.import_addresses", may="operator")
def _import() -> Doing:
    tenant, path = current_tenant(), old_addresses(Path(mkdtemp()))
    return lambda who: import_addresses(tenant, "", path, filename=path.name, acting_user=who)


@act(f"{_LEDGER}.import_table", may="operator")
def _import_rows() -> Doing:
    tenant, rows = current_tenant(), [(1, ["原网址", "现网址"]), (2, ["/gzdt/1.htm", "/news/"])]
    return lambda who: import_table(tenant, "", rows, filename="old.csv", acting_user=who)


@act(f"{_LEDGER}.set_host_rules", may="operator")
def _rules() -> Doing:
    tenant = current_tenant()
    return lambda who: set_host_rules(tenant, "old.gov.cn", DEFAULT_RULES, reason="旧站。", acting_user=who)


@act(f"{_LEDGER}.leave_unknown", may="operator")
def _leave() -> Doing:
    tenant = current_tenant()
    note_unknown(tenant, "alpha.localhost", forms_of_path("/wp-login.php"))
    row = UnknownPath.objects.get(tenant=tenant)
    return lambda who: leave_unknown(row, acting_user=who)


@act(f"{_LEDGER}.list_host", may="operator")
def _list() -> Doing:
    return lambda who: list_host("new.example.gov.cn", reason="迁出平台。", acting_user=who)


@act(f"{_LEDGER}.unlist_host", may="operator")
def _unlist() -> Doing:
    listed = ListedHost.objects.create(host="new.example.gov.cn", reason="迁出平台。")
    return lambda who: unlist_host(listed, reason="对方关停。", acting_user=who)
