"""The columns that a site of each kind has from its first moment.

Their update limits come from the site's rule pack and are kept with the column, where the site's administrator may
change them; a later version of the pack leaves columns that are there as they are.
"""

from dataclasses import dataclass

from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant


@dataclass(frozen=True)
class DefaultColumn:
    """A column that a new site begins with.

    ``update_limit_days``: calendar days without anything new that are allowed; None: no limit.
    """

    slug: str
    title: str
    column_type: str
    update_duty: str = "adhoc"
    update_limit_days: int | None = None


def default_columns(tenant: Tenant) -> tuple[DefaultColumn, ...]:
    """Return the first columns of ``tenant``, in the order of what people come for.

    The first seven stand in the row of channels. A portal has three columns more than other sites.
    """
    pack = rule_pack_of(tenant)
    notices = pack.limit("notice_stale").days
    first = (
        DefaultColumn("news", "工作动态", "news", "periodic", pack.limit("news_stale").days),
        DefaultColumn("notices", "通知公告", "news", "adhoc", notices),
        DefaultColumn("policies", "政策文件", "policies", "adhoc", notices),
        DefaultColumn("interpretations", "政策解读", "interpretations", "adhoc", notices),
    )
    portal = (
        DefaultColumn("services", "办事服务", "services"),
        DefaultColumn("responses", "回应关切", "responses"),
        DefaultColumn("data", "数据发布", "data", "periodic", pack.limit("data_stale").days),
    )
    reference = (
        DefaultColumn("about", "概况信息", "overview"),
        DefaultColumn("institutions", "机构职能", "institutions"),
        DefaultColumn("leaders", "负责人信息", "leaders"),
        DefaultColumn("guide", "信息公开指南", "guide"),
        DefaultColumn("annual", "信息公开年报", "annual", "periodic", pack.limit("annual_stale").days),
    )
    return (*first, *(portal if tenant.kind == Tenant.Kind.PORTAL else ()), *reference)
