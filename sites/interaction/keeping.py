"""What a clerk does with a letter besides passing it on, by the name of the act: joins duplicates, ends abuse."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.cases.abuse import mark_abuse, restore_case
from govplatform.cases.joining import join_case, part_case
from govplatform.cases.models import Case
from govplatform.cases.queries import find_case

_Fields = Mapping[str, str]


def _join(case: Case, fields: _Fields, user: User) -> str:
    into = find_case(fields.get("into", "").replace("\x00", "").strip())
    join_case(case, into, acting_user=user)
    return _("已并入来信 %(number)s，来信人与它一起得到答复。") % {"number": into.number}


def _part(case: Case, _fields: _Fields, user: User) -> str:
    part_case(case, acting_user=user)
    return _("已撤销并案，这件来信单独办理。")


def _abuse(case: Case, fields: _Fields, user: User) -> str:
    mark_abuse(case, acting_user=user, reason=fields.get("reason", ""))
    return _("已按滥用办结，来信人查询时看到这一理由。")


def _restore(case: Case, fields: _Fields, user: User) -> str:
    restore_case(case, acting_user=user, reason=fields.get("reason", ""))
    return _("已撤销滥用标记，按原来的期限办理。")


#: Each carries out what it is named after and returns what was done, in words; it raises Refused.
KEEPING: Mapping[str, Callable[[Case, _Fields, User], str]] = MappingProxyType(
    {"join": _join, "part": _part, "abuse": _abuse, "restore": _restore}
)
