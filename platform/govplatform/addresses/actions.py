"""The acts on the ledger that somebody carries out; what follows publishing stands in ``entering``."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.locks.order import PLATFORM_CHAIN
from govplatform.refusals import Refused, checked_reason
from govplatform.spreadsheets.reading import read_table
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.models.domain import validate_host

from .canonical import Form, Rules, forms_of_path
from .entering import OldRow, enter_old, enter_past, enter_public, forget_rules, renew_keys, rules_of
from .import_plan import Rows, plan_addresses
from .known import address_book
from .models import Address, HostRules, ListedHost, UnknownPath
from .permissions import reason_against_changing, reasons_against_keeping
from .queries import scope_of
from .table import SHEET, Fault
from .targets import Target, read_target
from .trial import reasons_against_rules

REASON_CHARACTERS = 500


def enter_site(tenant: Tenant, *, acting_user: User | None = None) -> int:
    """Enter whatever is or was public on a site before the ledger was kept; return how many addresses were written.

    May be run again at any time, also while the site works: what is entered already stays. The shell's act.
    """
    with tenant_context(tenant), holding():
        entered = enter_here(tenant)
        if entered:
            record_act("ledger.backfill", acting_user=acting_user, obj=tenant, detail={"entered": entered})
    return entered


def enter_here(tenant: Tenant) -> int:
    """The same without a record, in the transaction and the schema that the caller stands in."""
    book = address_book()
    entered = enter_public(tenant, book.public_addresses())
    return entered + enter_past(tenant, ((past.address, past.ending) for past in book.past_addresses()))


def map_address(
    tenant: Tenant, host: str, address: str, *, target: str, reason: str, acting_user: User | None
) -> Address:
    """Have an address of ``tenant`` that is not public lead to ``target``; return its row.

    ``host``: '' for the site's own hosts, else the host whose address it is. ``target``: a path of ``tenant`` or a
    whole address, public on the platform now or on a listed host; '' for where its content is now, 410 if nowhere.
    Raises Refused when the person may not, the address is public, the target is no such place, or no reason is given.
    """
    reason = checked_reason(reason, REASON_CHARACTERS)
    with _keeping(acting_user, tenant.schema_name):
        form = _form_of(tenant, host, address)
        own = Address.objects.filter(tenant=tenant, host="", key=form.key, state=Address.State.PUBLIC).first()
        if own is not None and not scope_of(tenant, host) and (against := reason_against_changing(own)):
            raise Refused(against)
        place = read_target(tenant, target)
        enter_old(tenant, host, [_old_row(form, place, reason=reason)])
        # Another host that has the same path goes on waiting.
        hosts = [scope] if (scope := scope_of(tenant, host)) else tenant.domains.values("domain")
        UnknownPath.objects.filter(tenant=tenant, host__in=hosts, path=form.path.partition("?")[0]).delete()
        row = Address.objects.get(tenant=tenant, host=host, key=form.key)
        detail = {"path": str(row), "target": place.url or place.path, "reason": reason}
        if place.tenant is not None and place.tenant.pk != tenant.pk:
            detail["site"] = place.tenant.code
        record_act("ledger.map", acting_user=acting_user, obj=row, detail=detail, chain=tenant.schema_name)
    return row


def set_host_rules(tenant: Tenant, host: str, rules: Rules, *, reason: str, acting_user: User | None) -> HostRules:
    """Choose how the addresses of ``host`` ('': the site's own hosts) are read, and give its addresses new keys.

    Raises Refused when the person may not, the encoding is unknown, or two known addresses would be the same.
    """
    reason = checked_reason(reason, REASON_CHARACTERS)
    if reasons := reasons_against_rules(rules):
        raise Refused(reasons)
    scope = scope_of(tenant, host)
    with _keeping(acting_user, tenant.schema_name):
        chosen, _is_new = HostRules.objects.update_or_create(tenant=tenant, host=scope, defaults=_as_fields(rules))
        forget_rules(tenant, scope)
        if same := renew_keys(tenant, scope, chosen.as_rules()):
            raise Refused(
                _("按这样的规则，“%(one)s”与“%(other)s”会成为同一个网址，没有更改。")
                % {"one": same[0], "other": same[1]}
            )
        detail = {"host": scope or tenant.public_host, "reason": reason, **_as_fields(rules)}
        record_act("ledger.rules", acting_user=acting_user, obj=chosen, detail=detail, chain=tenant.schema_name)
    return chosen


def leave_unknown(unknown: UnknownPath, *, acting_user: User | None) -> None:
    """Take a path off the work list without mapping it. Raises Refused when the person may not."""
    with _keeping(acting_user, unknown.tenant.schema_name):
        UnknownPath.objects.filter(pk=unknown.pk).update(state=UnknownPath.State.LEFT)
        detail = {"path": str(unknown), "count": unknown.count}
        record_act(
            "ledger.leave", acting_user=acting_user, obj=unknown.tenant, detail=detail, chain=unknown.tenant.schema_name
        )


def list_host(host: str, *, reason: str, acting_user: User | None) -> ListedHost:
    """Allow redirects to ``host``, which is not on the platform. Raises Refused."""
    host, reason = host.strip().lower().rstrip("."), checked_reason(reason, REASON_CHARACTERS)
    try:
        validate_host(host)
    except ValidationError as error:
        raise Refused([str(message) for message in error.messages]) from error
    with _keeping(acting_user, PLATFORM_CHAIN):
        if Domain.objects.filter(domain=host).exists():
            raise Refused(_("“%(host)s”是本平台的域名，无需添加。") % {"host": host})
        listed, is_new = ListedHost.objects.get_or_create(host=host, defaults={"reason": reason, "person": acting_user})
        if not is_new:
            raise Refused(_("“%(host)s”已经在列。") % {"host": host})
        detail = {"host": host, "reason": reason}
        record_act("ledger.list_host", acting_user=acting_user, obj=listed, detail=detail, chain=PLATFORM_CHAIN)
    return listed


def unlist_host(listed: ListedHost, *, reason: str, acting_user: User | None) -> None:
    """End that redirects may lead to a host: whatever leads there answers 410 from then on. Raises Refused."""
    reason = checked_reason(reason, REASON_CHARACTERS)
    with _keeping(acting_user, PLATFORM_CHAIN):
        detail = {"host": listed.host, "reason": reason}
        record_act("ledger.unlist_host", acting_user=acting_user, obj=listed, detail=detail, chain=PLATFORM_CHAIN)
        listed.delete()


@dataclass(frozen=True)
class ImportReport:
    """What an import did. ``entries``: addresses entered, 0 when there are ``faults``."""

    entries: int
    faults: Sequence[Fault]
    notes: Sequence[str] = ()


def import_addresses(tenant: Tenant, host: str, path: Path, *, filename: str, acting_user: User | None) -> ImportReport:
    """Enter the old addresses of ``host`` that a CSV or XLSX file lists, all of them or none.

    Every row is checked before the first is written; with any fault nothing is. Raises Refused when the person may
    not, and when the file cannot be read.
    """
    if reasons := reasons_against_keeping(acting_user):
        raise Refused(reasons)
    table = read_table(path, filename, sheet=SHEET)
    report = import_table(tenant, host, table, filename=filename, acting_user=acting_user)
    return replace(report, notes=table.notes)


def import_table(tenant: Tenant, host: str, table: Rows, *, filename: str, acting_user: User | None) -> ImportReport:
    """Enter the old addresses of ``host`` that the rows of a table list, all of them or none. Raises Refused."""
    scope = scope_of(tenant, host)
    with _keeping(acting_user, tenant.schema_name):
        plan = plan_addresses(tenant, host, table)
        if plan.faults:
            return ImportReport(0, plan.faults)
        entered = enter_old(
            tenant, scope, (_old_row(row.form, row.target, row.kind, row.title, row.reason) for row in plan.rows)
        )
        detail = {"host": host, "entries": entered, "file": filename}
        record_act("ledger.import", acting_user=acting_user, obj=tenant, detail=detail, chain=tenant.schema_name)
    return ImportReport(entered, [])


# --- inside ------------------------------------------------------------------------------


@contextmanager
def _keeping(acting_user: User | None, chain: str) -> Iterator[None]:
    """The transaction of an act on the ledger; the right is asked behind the locks that keep it."""
    with acting(acting_user, chain):
        if reasons := reasons_against_keeping(acting_user):
            raise Refused(reasons)
        yield


def _as_fields(rules: Rules) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(rules).items()}


def _form_of(tenant: Tenant, host: str, address: str) -> Form:
    form = next(iter(forms_of_path(address, rules_of(tenant, host))), None)
    if form is None:
        raise Refused(_("“%(address)s”不是网址：请写以“/”开头的路径。") % {"address": address[:200]})
    return form


def _old_row(form: Form, place: Target, kind: str = "page", title: str = "", reason: str = "") -> OldRow:
    to_tenant = place.tenant.pk if place.tenant is not None else None
    return OldRow(form, kind, title, reason, to_tenant, place.path, place.url)
