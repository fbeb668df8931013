"""Asking others about a letter, from the console and the verb: a site by its code, a unit by its name."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.cases.models import Case, Opinion, Unit
from govplatform.cases.opinions import ask_opinion, recall_opinion
from govplatform.cases.units import find_unit
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

#: How a form names a unit; everything else is the code of a site.
UNIT = "unit:"


def who_is_asked(case: Case, named: str) -> Tenant | Unit:
    """Return the site or the unit that ``named`` says: ``qingshan``, ``unit:某局``. Raises Refused."""
    if not named:
        raise Refused(_("请选择征求哪个单位的意见。"))
    return find_unit(case.desk, named.removeprefix(UNIT)) if named.startswith(UNIT) else get_tenant(named[:40])


def ask_for_opinion(case: Case, named: str, note: str, *, acting_user: User) -> str:
    """Ask, and return the link for a unit, '' for a site. Raises Refused."""
    return ask_opinion(case, who_is_asked(case, named), acting_user=acting_user, note=note)[1]


def recall(case: Case, named: str, *, acting_user: User) -> Opinion:
    """Ask no more. Raises Refused where nobody of that name was asked."""
    who = who_is_asked(case, named)
    asked = {"unit": who} if isinstance(who, Unit) else {"site": who}
    found = Opinion.objects.filter(case=case, recalled_at=None, **asked).order_by("-pk").first()
    if found is None:
        raise Refused(_("没有就来信 %(number)s 征求“%(who)s”的意见。") % {"number": case.number, "who": who})
    return recall_opinion(found, acting_user=acting_user)
