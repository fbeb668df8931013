"""Passing a case to a site: only to one that has a place for its answer."""

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.cases.actions import accept_case, assign_case, is_working
from govplatform.cases.kinds import RULES
from govplatform.cases.models import Case
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites, superiors_of

from .answering import column_of_answers


def assign(case: Case, to: Tenant, *, acting_user: User, reason: str = "") -> Case:
    """``assign_case``, unless the site has no public column for answers. Raises Refused.

    Of a kind that is accepted by passing it on, both in one act.
    """
    if is_working(to) and not to.is_console and not _has_place(to, case.kind):
        words = _("“%(site)s”没有公开的“咨询投诉”栏目，还不能答复来信。请先由该站管理员建立这一栏目，或选择其他站点。")
        raise Refused(words % {"site": to.full_name})
    if RULES[case.kind].forwarded and case.state == Case.State.SUBMITTED:
        with tenant_context(case.desk), acting(acting_user, on=case.desk):
            accept_case(case, acting_user=acting_user, forwarding=True)
            return assign_case(case, to, acting_user=acting_user, reason=reason)
    return assign_case(case, to, acting_user=acting_user, reason=reason)


def sites_below(desk: Tenant) -> list[Tenant]:
    """Return the sites to which the clerks of ``desk`` may pass something, itself first."""
    below = [site for site in public_sites().filter(dropped_at=None) if desk in superiors_of(site)]
    return [one for one in (desk, *below) if one.answers_citizens and is_working(one)]


def _has_place(site: Tenant, kind: str) -> bool:
    with tenant_context(site):
        return column_of_answers(kind) is not None
