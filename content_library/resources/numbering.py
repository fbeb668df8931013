"""索引号 (index numbers): drawn when a page is first published, in that transaction, and never again.

The row of the series stays locked until the publication commits; one that rolls back gives its
number to the next. The site's audit chain is held first, as everywhere, so two publications of
one site never wait for each other crosswise.
"""

import re
from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import hold_chain
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import IndexPattern, IndexSeries
from .permissions import reasons_against_setting_pattern

DEFAULT_PATTERN = "{identity_code}/{year}-{serial:06d}"
LONGEST_NUMBER = 40
_FIELD = re.compile(r"\{([^{}]*)\}")
_SERIAL = re.compile(r"serial(?::0([1-9])d)?")
#: What may stand between: separators, 第 and 年, and one code of an organisation. Numbers are public at once and nobody
#: reviews them, so no words, and no more digits in a row than a year has.
_SEPARATORS = re.compile(r"[/_.〔〕()（）第年-]+")
_CODE = re.compile(r"(?!.*[0-9]{5})[A-Za-z0-9]{1,9}")
#: Beginning of a number -> highest serial that the site used for it before its series began.
HighestUsed = Callable[[str], int]


def validate_pattern(pattern: str) -> None:
    """Raise ValidationError naming each fault of an index number pattern.

    A pattern is ``{identity_code}``, ``{year}`` and one ``{serial}`` at the end, with separators between them and at
    most one code of an organisation (nine letters and digits).
    Without the identity code or the year, numbers of two sites or two years could meet, so both are demanded.
    """
    fields = _FIELD.findall(pattern)
    serials = [name for name in fields if _SERIAL.fullmatch(name)]
    faults = [
        _("不认识“{%(name)s}”，可用：{identity_code}、{year}、{serial} 或 {serial:06d}。") % {"name": name}
        for name in fields
        if name not in ("identity_code", "year") and not _SERIAL.fullmatch(name)
    ]
    if len(serials) != 1 or not pattern.endswith("}") or not _SERIAL.fullmatch(fields[-1] if fields else ""):
        faults.append(_("编号规则须以一个 {serial} 结尾，例如 %(default)s。") % {"default": DEFAULT_PATTERN})
    for name, why in (("identity_code", _("各站点的索引号才不会相同")), ("year", _("各年度的索引号才不会相同"))):
        if fields.count(name) != 1:
            faults.append(_("编号规则须有一个 {%(name)s}，%(why)s。") % {"name": name, "why": why})
    words = [word for word in _SEPARATORS.sub(" ", _FIELD.sub(" ", pattern)).split(" ") if word]
    if len(words) > 1 or not all(_CODE.fullmatch(word) for word in words):
        faults.append(
            _("花括号之外只能有分隔符 / - _ . 〔〕（）第 年，和一个机构代码：至多九位字母数字，连续数字至多四位。")
        )
    if not faults and len(_write(pattern, "0" * 10, 2026, 1)) > LONGEST_NUMBER:
        faults.append(_("按这条规则写出的索引号超过 %(most)s 个字符。") % {"most": LONGEST_NUMBER})
    if faults:
        raise ValidationError(faults, code="index_pattern")


def set_pattern(tenant: Tenant, pattern: str, *, acting_user: User | None) -> IndexPattern:
    """Give a site its own pattern; numbers already drawn stay. Raises ValidationError, and Refused without the right.

    ``acting_user``: the site's administrator, an operator or a supervisor; None: the shell.
    """
    validate_pattern(pattern)
    with acting(acting_user, on=tenant):
        if reasons := reasons_against_setting_pattern(acting_user, tenant):
            raise Refused(reasons)
        row, _created = IndexPattern.objects.update_or_create(tenant=tenant, defaults={"pattern": pattern})
        record_act("library.index_pattern", acting_user=acting_user, obj=tenant, detail={"pattern": pattern})
    return row


def draw_index_number(tenant: Tenant, on: date, *, highest_used: HighestUsed | None = None) -> str:
    """Draw the next number of ``tenant`` for the year of ``on``. Call inside the publishing transaction.

    ``highest_used`` is asked when a series begins, with the beginning of its numbers. RuntimeError outside of a
    transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an index number is drawn in the transaction that publishes")
    hold_chain()
    pattern = IndexPattern.objects.filter(tenant=tenant).values_list("pattern", flat=True).first() or DEFAULT_PATTERN
    identity = tenant.identity_code or tenant.code
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.content_library_indexseries SET last = last + 1"
            " WHERE tenant_id = %s AND year = %s RETURNING last",
            [tenant.pk, on.year],
        )
        row = cursor.fetchone()
    if row is not None:
        return _write(pattern, identity, on.year, row[0])
    beginning = _write(pattern, identity, on.year, 0).rstrip("0")
    serial = (highest_used(beginning) if highest_used else 0) + 1
    # The chain is held, so nobody else begins this series now.
    IndexSeries.objects.create(tenant=tenant, year=on.year, last=serial)
    return _write(pattern, identity, on.year, serial)


def _write(pattern: str, identity: str, year: int, serial: int) -> str:
    return pattern.format(identity_code=identity, year=year, serial=serial)
