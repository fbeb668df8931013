"""The plan of an import of old addresses: what each row of a table would do, worked out before anything is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .canonical import forms_of_path, split_url
from .entering import rules_of
from .known import Answer
from .models import Address
from .queries import reasons_against_old_host, scope_of
from .resolving import resolve
from .table import HEADINGS, Fault, OldAddress, read_rows, written_address

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class RowPlan:
    """What becomes of row ``line``: ``address`` as it was written, the ``row`` that is entered, or its ``faults``."""

    line: int
    address: str
    row: OldAddress | None
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class AddressPlan:
    """``lines``: all rows of the table in its order. Nothing is entered while one of them has faults."""

    tenant: Tenant
    host: str
    lines: Sequence[RowPlan] = field(default_factory=tuple)

    @property
    def rows(self) -> list[OldAddress]:
        return [line.row for line in self.lines if line.row is not None]

    @property
    def faults(self) -> list[Fault]:
        return [fault for line in self.lines for fault in line.faults]


def plan_addresses(tenant: Tenant, host: str, table: Rows) -> AddressPlan:
    """Say what an import of ``table`` (its first row the headings) into the addresses of ``host`` would do.

    Raises Refused when the headings are not those of such a table, when there is no row, and for a host of which the
    site can hold no old addresses.
    """
    if reasons := reasons_against_old_host(tenant, host):
        raise Refused(reasons)
    cells = [(line, list(row)) for line, row in table]
    rows, faults = read_rows(tenant, host, rules_of(tenant, host), cells)
    faults = [*faults, *_faults_of_public(tenant, host, rows)]
    by_line: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_line[fault.line].append(fault)
    good = {row.line: row for row in rows}
    return AddressPlan(
        tenant,
        host,
        tuple(
            RowPlan(line, written, None if line in by_line else good.get(line), tuple(by_line.get(line, ())))
            for line, written in written_address(cells)
        ),
    )


def answer_now(plan: AddressPlan, line: RowPlan) -> Answer:
    """What the ledger answers for the address of ``line`` before the import."""
    parts = None if line.address.startswith("/") else split_url(line.address)
    path = parts[1] if parts is not None else line.address
    return resolve(plan.tenant, plan.host, forms_of_path(path, rules_of(plan.tenant, plan.host)))


def answer_after(line: RowPlan) -> Answer | None:
    """What it answers after it; None for a row with faults."""
    if line.row is None:
        return None
    target = line.row.target
    if target.url:
        return Answer(301, location=target.url, reason=line.row.reason)
    if target.tenant is not None:
        return Answer(301, location=target.address, reason=line.row.reason)
    return Answer(410, reason=line.row.reason)


def _faults_of_public(tenant: Tenant, host: str, rows: Sequence[OldAddress]) -> list[Fault]:
    """Rows whose address is public on the site itself: that is what it answers."""
    if scope_of(tenant, host):
        return []
    by_key = {row.form.key: row for row in rows}
    public = Address.objects.filter(tenant=tenant, host="", state=Address.State.PUBLIC, key__in=list(by_key))
    reason = _("这一网址现在就是公开的，不能改为跳转。")
    return [Fault(by_key[key].line, HEADINGS["address"], reason) for key in public.values_list("key", flat=True)]
