"""Old addresses as a table: one row for each, with where it leads. All rows are read before any is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.spreadsheets.faults import Fault, columns_twice, columns_unknown
from govplatform.spreadsheets.writing import unguarded
from govplatform.tenancy.models import Tenant

from .canonical import Form, Rules, forms_of_path, split_url
from .known import Kind
from .targets import Target, read_targets

SHEET = "网址"
HEADINGS = MappingProxyType(
    {"address": "原网址", "target": "现网址", "title": "标题", "kind": "类别", "reason": "说明"}
)
_FIELDS = {**{heading: name for name, heading in HEADINGS.items()}, **{name: name for name in HEADINGS}}
_SHOWN = MappingProxyType({written: HEADINGS[name] for written, name in _FIELDS.items()})
_LENGTHS = MappingProxyType({"title": 255, "reason": 500})


@dataclass(frozen=True)
class OldAddress:
    """A row that can be taken: the address in its first reading, and what it answers."""

    line: int
    form: Form
    target: Target
    title: str
    kind: str
    reason: str


def read_rows(
    tenant: Tenant, host: str, rules: Rules, table: Sequence[tuple[int, list[str]]]
) -> tuple[list[OldAddress], list[Fault]]:
    """Return the addresses of ``table`` (its first row the headings) and what is wrong with the others.

    ``host``: the one whose addresses they are; whole addresses of another host are faults. Raises Refused when the
    headings lack ``address``, or when there is no row.
    """
    names = [_FIELDS.get(cell.strip(), "") for cell in table[0][1]] if table else []
    if "address" not in names or "target" not in names:
        raise Refused(
            _("表头须有“%(address)s”（address）和“%(target)s”（target）两列；“标题”“类别”“说明”可有可无。")
            % {"address": HEADINGS["address"], "target": HEADINGS["target"]}
        )
    if wrong := columns_twice(names, HEADINGS) or columns_unknown(table[0][1], _SHOWN):
        raise Refused(wrong)
    if len(table) < 2:
        raise Refused(_("文件里没有一行网址。"))
    rows = [(line, _row(names, cells)) for line, cells in table[1:]]
    targets = read_targets(tenant, (row["target"] for _line, row in rows))
    good: list[OldAddress] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        form = _form(row["address"], host, rules)
        found = list(_faults(line, row, form, targets[row["target"]]))
        if form is not None and form.path in seen:
            reason = _("与第 %(line)s 行是同一个网址。") % {"line": seen[form.path]}
            found.append(Fault(line, HEADINGS["address"], reason))
        if found or form is None:
            faults += found
            continue
        seen[form.path] = line
        target = targets[row["target"]]
        assert isinstance(target, Target)
        good.append(OldAddress(line, form, target, row["title"], row["kind"] or Kind.PAGE.value, row["reason"]))
    return good, faults


def written_address(table: Sequence[tuple[int, list[str]]]) -> list[tuple[int, str]]:
    """Return (line, address as it was written) of each row of a table that ``read_rows`` could read."""
    names = [_FIELDS.get(cell.strip(), "") for cell in table[0][1]]
    return [(line, _row(names, cells)["address"]) for line, cells in table[1:]]


def _row(names: list[str], cells: list[str]) -> dict[str, str]:
    row = dict.fromkeys(HEADINGS, "")
    for name, cell in zip(names, cells, strict=False):
        if name:
            row[name] = unguarded(cell).strip()
    return row


def _form(address: str, host: str, rules: Rules) -> Form | None:
    if not address.startswith("/"):
        parts = split_url(address)
        if parts is None or parts[0] != host:
            return None
        address = parts[1]
    return next(iter(forms_of_path(address, rules)), None)


def _faults(line: int, row: dict[str, str], form: Form | None, target: Target | Refused) -> list[Fault]:
    faults = []
    if form is None:
        reason = _("“%(address)s”不是这个域名的网址。") % {"address": row["address"][:200]}
        faults.append(Fault(line, HEADINGS["address"], reason))
    if isinstance(target, Refused):
        faults += [Fault(line, HEADINGS["target"], reason) for reason in target.reasons]
    elif not row["target"] and not row["reason"]:
        faults.append(Fault(line, HEADINGS["reason"], _("没有现网址时，请写明这一网址为什么不再公开。")))
    if row["kind"] and row["kind"] not in Kind.values:
        known = "、".join(Kind.values)
        faults.append(
            Fault(
                line,
                HEADINGS["kind"],
                _("没有“%(kind)s”这一类，可写：%(known)s。") % {"kind": row["kind"], "known": known},
            )
        )
    for name, most in _LENGTHS.items():
        if len(row[name]) > most:
            faults.append(Fault(line, HEADINGS[name], _("不能超过 %(most)s 个字。") % {"most": most}))
    return faults
