"""Checks all rows of a table against each other and against the platform before the first site is opened.

The rules are those of ``actions.open_site``, checked for all rows together in a few statements.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from govplatform.rule_packs.files import available_rule_packs
from govplatform.rule_packs.packs import load_rule_pack
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.models.domain import validate_site_host
from govplatform.tenancy.provisioning import schema_for

from ..actions import NewSite, tenant_from
from ..forms import THEME_LABELS
from .table import COLUMNS, HEADINGS, Fault, TableRow

#: Unicode categories of what nobody sees in a cell.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass
class CheckedRow:
    """A row with its faults.

    ``new``: what is to be opened, None for a row at fault; ``tenant``: the site if it exists.
    """

    row: TableRow
    new: NewSite | None = None
    tenant: Tenant | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The value of ``SiteBatchRow.State`` that follows from the check: faulty, waiting or same."""
        if self.faults:
            return "faulty"
        return "waiting" if self.tenant is None else "same"

    def add(self, field_name: str, reason: str) -> None:
        """Add a fault of the field ``field_name``."""
        self.faults.append(Fault(self.row.line, HEADINGS.get(field_name, ""), reason))


def check_rows(rows: Sequence[TableRow]) -> list[CheckedRow]:
    """Check all rows; return each with all its faults, in the same order. Four statements, however many rows."""
    platform = _Platform()
    checked = [CheckedRow(row) for row in rows]
    for one in checked:
        _read_values(one)
    _find_twice(checked)
    codes = {one.row.given["code"]: one for one in checked}
    for one in checked:
        if not one.row.given["code"]:
            continue
        one.tenant = platform.by_code.get(one.row.given["code"])
        _check_parent(one, codes, platform)
        if one.tenant is not None:
            _compare(one, one.tenant, platform)
        else:
            _check_free(one, platform)
    for one in checked:
        _check_circle(one, codes)
        if one.faults:
            one.new = None
    return checked


class _Platform:
    """What there is already: sites and hosts, read once."""

    def __init__(self) -> None:
        tenants = list(Tenant.objects.select_related("parent").prefetch_related("domains"))
        self.by_code = {tenant.code: tenant for tenant in tenants}
        self.by_schema = {tenant.schema_name: tenant for tenant in tenants}
        self.by_identity = {tenant.identity_code: tenant for tenant in tenants if tenant.identity_code}
        self.by_host = {domain.domain: tenant for tenant in tenants for domain in tenant.domains.all()}


# --- one row for itself ----------------------------------------------------------------------


def _read_values(one: CheckedRow) -> None:
    given = dict(one.row.given)
    for column in COLUMNS:
        if column.required and not given[column.field]:
            one.add(column.field, _("没有填写。"))
        if any(unicodedata.category(character) in _INVISIBLE for character in given[column.field]):
            one.add(column.field, _("含有换行、控制符或看不见的字符，请删去。"))
    for name, known in _CHOICES.items():
        if given[name]:
            given[name] = _choice(one, name, given[name], known)
    given["host"] = given["host"].lower()
    given["console_host"] = given["console_host"].lower() or f"{given['code']}.{settings.CONSOLE_PARENT_DOMAIN}"
    new = NewSite(
        **{name: given[name] for name in HEADINGS if name not in ("identity_code", "parent_code", "rule_pack")},
        identity_code=given["identity_code"] or None,
        parent_code=given["parent_code"] or None,
        rule_pack=given["rule_pack"] or "national",
    )
    _check_fields(one, new)
    _check_hosts(one, new)
    one.new = new


def _choice(one: CheckedRow, name: str, text: str, known: Callable[[], Mapping[str, str]]) -> str:
    """The code that ``text`` means: a code itself, or its label, with or without its last word.

    Labels as they are in Chinese count whatever language the reader has chosen: tables are written by others.
    """
    shown = known()
    with translation.override(None):
        written = known()
    for code, label in (*written.items(), *shown.items()):
        if text in (code, label) or (len(text) >= 1 and label.startswith(text) and name in ("kind", "level")):
            return code
    one.add(name, _("不认识“%(text)s”，应为：%(known)s。") % {"text": text[:20], "known": "、".join(shown.values())})
    return ""


def _kinds() -> dict[str, str]:
    return {code: str(label) for code, label in Tenant.Kind.choices if code != Tenant.Kind.CONSOLE}


def _levels() -> dict[str, str]:
    return {code: str(label) for code, label in Tenant.Level.choices}


def _themes() -> dict[str, str]:
    return {code: str(THEME_LABELS.get(code, code)) for code in settings.THEME_CODES}


def _rule_packs() -> dict[str, str]:
    return {code: load_rule_pack(code).label for code in available_rule_packs()}


_CHOICES: dict[str, Callable[[], Mapping[str, str]]] = {
    "kind": _kinds,
    "level": _levels,
    "theme": _themes,
    "rule_pack": _rule_packs,
}


def _check_fields(one: CheckedRow, new: NewSite) -> None:
    """Lengths and forms, as the model has them."""
    said = {fault.column for fault in one.faults}
    exclude = {"schema_name", "parent"}
    # A value that was not given is made from other columns, where its faults are named already.
    exclude |= {name for name, heading in HEADINGS.items() if not one.row.given[name] or heading in said}
    try:
        tenant_from(new, None).clean_fields(exclude=exclude)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                one.add(name, message)


def _check_hosts(one: CheckedRow, new: NewSite) -> None:
    parent = settings.CONSOLE_PARENT_DOMAIN
    for name, host in (("host", new.host), ("console_host", new.console_host)):
        # A host that was made from the site's code is wrong only with the code, whose fault is named already.
        if one.row.given[name]:
            try:
                validate_site_host(host)
            except ValidationError as error:
                for message in error.messages:
                    one.add(name, message)
    if one.row.given["console_host"] and not new.console_host.endswith(f".{parent}"):
        one.add("console_host", _("须在“%(parent)s”之下，否则统一登录无法覆盖。") % {"parent": parent})
    if new.host.endswith(f".{parent}"):
        one.add("host", _("不能放在后台域名“%(parent)s”之下。") % {"parent": parent})


# --- rows against each other -----------------------------------------------------------------


def _find_twice(checked: Iterable[CheckedRow]) -> None:
    """Codes, identity codes and hosts stand once in a table; each of those that are alike names the others."""
    held: dict[tuple[str, str], list[tuple[CheckedRow, str]]] = defaultdict(list)
    for one in checked:
        new = one.new
        if new is None:
            continue
        for kind, name, text in (
            ("code", "code", new.code),
            ("identity", "identity_code", new.identity_code),
            ("host", "host", new.host),
            ("host", "console_host", new.console_host if new.code else ""),
        ):
            if text:
                held[kind, text].append((one, name))
    for (_kind, text), places in held.items():
        for one, name in places if len(places) > 1 else ():
            others = "、".join(sorted({str(other.row.line) for other, _n in places if other is not one}, key=int))
            where = _("第 %(lines)s 行") % {"lines": others} if others else _("本行的另一列")
            one.add(name, _("“%(text)s”与%(where)s相同。") % {"text": text, "where": where})


def _check_parent(one: CheckedRow, codes: Mapping[str, CheckedRow], platform: _Platform) -> None:
    code = one.row.given["parent_code"]
    if not code:
        return
    parent = platform.by_code.get(code)
    if code == one.row.given["code"]:
        one.add("parent_code", _("站点不能是自己的上级。"))
    elif parent is None and code not in codes:
        one.add("parent_code", _("“%(code)s”既不是已有站点，也不在这份表里。") % {"code": code})
    elif parent is not None and parent.is_console:
        one.add("parent_code", _("监管控制台不能作为上级站点。"))


def _check_circle(one: CheckedRow, codes: Mapping[str, CheckedRow]) -> None:
    seen = [one.row.given["code"]]
    code = one.row.given["parent_code"]
    while code in codes and code not in seen:
        seen.append(code)
        code = codes[code].row.given["parent_code"]
    if code and code == seen[0] and len(seen) > 1:
        one.add("parent_code", _("上级站点绕成了圈：%(way)s。") % {"way": " → ".join([*seen, code])})


# --- against the platform --------------------------------------------------------------------


def _check_free(one: CheckedRow, platform: _Platform) -> None:
    new = one.new
    if new is None:
        return
    if taken := platform.by_schema.get(schema_for(new.code)):
        one.add("code", _("与已有站点“%(site)s”只差连字符，请换一个。") % {"site": taken.full_name})
    if new.identity_code and (taken := platform.by_identity.get(new.identity_code)):
        one.add("identity_code", _("“%(text)s”已经由“%(site)s”使用。") % _named(new.identity_code, taken))
    for name, host in (("host", new.host), ("console_host", new.console_host)):
        if taken := platform.by_host.get(host):
            one.add(name, _("“%(text)s”已经由“%(site)s”使用。") % _named(host, taken))


def _named(text: str, tenant: Tenant) -> dict[str, str]:
    return {"text": text, "site": tenant.full_name}


def _compare(one: CheckedRow, tenant: Tenant, platform: _Platform) -> None:
    """A site that is there already is passed over when the row says the same of it, and is a fault when not."""
    new = one.new
    if new is None:
        return
    wanted = _facts(tenant_from(new, None)) | {
        "parent_code": new.parent_code or "",
        "host": new.host,
        "console_host": new.console_host,
    }
    there = _facts(tenant) | {
        "parent_code": tenant.parent.code if tenant.parent else "",
        "host": tenant.public_host,
        "console_host": tenant.console_host,
    }
    for name, text in wanted.items():
        if there[name] != text:
            reason = _(
                "站点“%(code)s”已经开设，这一项现为“%(there)s”，与表中的“%(text)s”不同。批量开设不改动已有站点。"
            )
            one.add(name, reason % {"code": tenant.code, "there": there[name] or "—", "text": text or "—"})


def _facts(tenant: Tenant) -> dict[str, Any]:
    # Hosts and the superior site are compared beside these; the reason for words belongs to the opening alone.
    names = [name for name in HEADINGS if name not in ("parent_code", "host", "console_host", "words_reason")]
    return {name: getattr(tenant, name) or "" for name in names}
