"""The choice of the column that takes a resource from another site."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.distribution.reposting import SiteColumn, reposter
from content_library.models import Resource
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant, current_tenant_or_none
from govplatform.tenancy.models import Tenant

from ..models import ColumnMapping
from ..permissions import reasons_against_mapping

#: Kind of resource -> type of the column that takes it where the site has no mapping.
_DEFAULT_TYPES = {
    Resource.Kind.POLICY.value: "policies",
    Resource.Kind.INTERPRETATION.value: "interpretations",
    Resource.Kind.LEADER.value: "leaders",
    Resource.Kind.REPLY.value: "complaints",
    Resource.Kind.INSTITUTION.value: "institutions",
    Resource.Kind.DISCLOSURE_GUIDE.value: "guide",
    Resource.Kind.ANNUAL_REPORT.value: "annual",
    Resource.Kind.STATISTICS.value: "data",
    Resource.Kind.SERVICE.value: "services",
    Resource.Kind.QUESTION.value: "complaints",
    Resource.Kind.INTERVIEW.value: "interviews",
    Resource.Kind.SURVEY.value: "surveys",
}
_ELSE = "news"


def mappings_of(tenants: list[Tenant]) -> dict[int, list[ColumnMapping]]:
    """Return ``{tenant id: its mapping rows}``, in one statement; tenants without rows are missing."""
    found: dict[int, list[ColumnMapping]] = {}
    for row in ColumnMapping.objects.filter(tenant__in=tenants):
        found.setdefault(row.tenant_id, []).append(row)
    return found


def choose_column(resource: Resource, mappings: list[ColumnMapping], columns: list[SiteColumn]) -> SiteColumn:
    """Choose among ``columns`` by the most specific mapping that fits, else the first of the usual type.

    A longer class is more specific, then a named kind. Raises Refused when the site has no such column, or when its
    mapping names one that is gone.
    """
    fitting = [
        row
        for row in mappings
        if row.kind in ("", resource.kind)
        and (not row.subject_class or resource.subject_class.startswith(row.subject_class))
    ]
    if fitting:
        best = max(fitting, key=lambda row: (len(row.subject_class), bool(row.kind)))
        for column in columns:
            if column.slug == best.column:
                return column
        raise Refused(_("栏目对应指向的栏目“%(slug)s”已不存在或没有发布，请站点管理员修改。") % {"slug": best.column})
    for wanted in (_DEFAULT_TYPES.get(resource.kind, _ELSE), _ELSE):
        for column in columns:
            if column.column_type == wanted:
                return column
    raise Refused(_("本站没有接收转载的栏目，请站点管理员设置栏目对应。"))


def follow_renamed_column(page: Page, before: str) -> None:
    """Have the mapping of the current site name a column by its present slug. ``before``: its ``url_path`` until now.

    A slug that another column bears as well is left alone: nobody can know which of them was meant.
    """
    old = before.rstrip("/").rpartition("/")[2]
    tenant = current_tenant_or_none()
    if tenant is None or not old or old == page.slug or Page.objects.filter(slug=old, live=True, depth__gt=2).exists():
        return
    ColumnMapping.objects.filter(tenant=tenant, column=old).update(column=page.slug)


def map_column(tenant: Tenant, *, kind: str, subject_class: str, column: str, acting_user: User) -> ColumnMapping:
    """Set or change one row; an empty ``column`` removes it. Call inside the site. Raises Refused."""
    reasons = []
    if kind and kind not in Resource.Kind.values:
        reasons.append(_("没有“%(kind)s”这种类型。") % {"kind": kind})
    if column and column not in {found.slug for found in reposter().columns()}:
        reasons.append(_("本站没有标识为“%(slug)s”的已发布栏目。") % {"slug": column})
    if current_tenant().pk != tenant.pk:
        raise LookupError("columns are mapped inside their own site")
    with acting(acting_user):
        if reasons := [*reasons_against_mapping(acting_user, tenant), *reasons]:
            raise Refused(reasons)
        if column:
            row, _made = ColumnMapping.objects.update_or_create(
                tenant=tenant, kind=kind, subject_class=subject_class, defaults={"column": column}
            )
        else:
            row = ColumnMapping(tenant=tenant, kind=kind, subject_class=subject_class)
            ColumnMapping.objects.filter(tenant=tenant, kind=kind, subject_class=subject_class).delete()
        record_act(
            "push.map_column",
            acting_user=acting_user,
            obj=tenant,
            detail={"kind": kind, "subject_class": subject_class, "slug": column},
        )
    return row
