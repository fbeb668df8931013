"""Cases as a table: numbers, states and clocks, and titles for who may read the letters. No cell becomes a formula."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CLERK, EDITOR
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import write_table
from govplatform.tenancy.models import Tenant

from .models import Case, Judgement
from .permissions import may_oversee

#: Rows of a table; more is narrowed down first.
MOST = 10_000
_WIDTHS = (14, 8, 40, 16, 24, 24, 18, 18, 18, 18, 6, 6, 10)


def export_cases(cases: QuerySet[Case], site: Tenant, kind: str, *, acting_user: User) -> bytes:
    """Return ``cases`` as ``csv`` or ``xlsx``, as the console of ``site`` lists them; it is recorded.

    Without titles in the console of the platform, where nobody reads what was written. Raises Refused.
    """
    with tenant_context(site), acting(acting_user, on=site, frozen_too=True):
        if not (may_oversee(acting_user) if site.is_console else _reads_letters(acting_user, site)):
            told = {"user": acting_user, "site": site.full_name}
            raise Refused(_("%(user)s 在“%(site)s”不办理来信，不能导出。") % told)
        count = cases[: MOST + 1].count()
        if count > MOST:
            raise Refused(_("符合条件的来信超过 %(most)d 件，请先按类别、范围筛选再导出。") % {"most": MOST})
        found = cases.select_related("desk", "organisation", "judgement")
        table = write_table(_rows(found, with_titles=not site.is_console), kind, sheet=_("来信"), widths=_WIDTHS)
        record_act("cases.exported", acting_user=acting_user, obj=site, detail={"rows": count, "kind": kind})
    return table


def _reads_letters(user: User, site: Tenant) -> bool:
    return has_role(user, CLERK.code, site) or has_role(user, EDITOR.code, site)


def _rows(cases: QuerySet[Case], *, with_titles: bool) -> Iterator[list[str]]:
    yield [
        _("编号"), _("类别"), _("标题"), _("状态"), _("受理站点"), _("办理站点"), _("来信时间"), _("受理时间"),
        _("期限"), _("办结时间"), _("超期"), _("公开"), _("评价"),
    ]  # fmt: skip
    for case in cases:
        judged: Judgement | None = getattr(case, "judgement", None)
        yield [
            case.number,
            case.get_kind_display(),
            case.title if with_titles else "",
            case.get_state_display(),
            case.desk.full_name,
            case.organisation.full_name if case.organisation is not None else "",
            *(_when(moment) for moment in (case.submitted_at, case.accepted_at, case.due_at, case.ended_at)),
            _("是") if case.is_late else "",
            _("是") if case.published_path else "",
            judged.get_grade_display() if judged is not None else "",
        ]


def _when(moment: object) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment is not None else ""  # type: ignore[arg-type]
