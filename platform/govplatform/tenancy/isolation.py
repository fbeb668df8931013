"""Checks that sites are separated: foreign keys across schemas (T4), tables in ``public`` (T3), hosts (T14)."""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from .each_site import each_site, present_schemas
from .models import Domain, Tenant
from .working_schemas import left_schemas


def find_isolation_faults() -> tuple[int, list[str]]:
    """Check the whole installation; return (number of sites, a sentence for each fault).

    A site that fails while it is checked is a fault too, and does not keep the others from being checked.
    """
    tenants = list(Tenant.objects.with_schema().prefetch_related("domains").order_by("code"))
    faults = [*_cross_schema_constraints(), *_tables_in_both(), *_leftovers(tenants)]
    with_schema = present_schemas(tenant.schema_name for tenant in tenants)
    report = each_site(
        lambda run: _host_faults(run.tenant),
        job="check_isolation",
        # One without its schema is named above.
        tenants=[tenant for tenant in tenants if tenant.schema_name in with_schema],
        again=False,
    )
    faults += [fault for _tenant, found in report.done for fault in found]
    faults += [
        _("站点“%(site)s”未能核查：%(error)s") % {"site": failure.tenant.full_name, "error": failure.error}
        for failure in report.failed
    ]
    return len(tenants), faults


def _cross_schema_constraints() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.relname, k.conname, m.nspname FROM pg_constraint k"
            " JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace m ON m.oid = f.relnamespace"
            " WHERE k.contype = 'f' AND m.nspname <> n.nspname"
        )
        return [
            _("外键约束跨越了站点边界：%(schema)s.%(table)s 的 %(name)s 指向 %(target)s。")
            % {"schema": schema, "table": table, "name": name, "target": target}
            for schema, table, name, target in cursor.fetchall()
        ]


def _tables_in_both() -> list[str]:
    # T3: a table of a tenant app in public would answer when a site's own is missing.
    tenant_tables = {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            # Not information_schema: it hides from the application what was not granted to it.
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relname = ANY(%s)",
            [sorted(tenant_tables)],
        )
        return [_("公共模式里出现了只属于站点的表：%(table)s。") % {"table": table} for (table,) in cursor.fetchall()]


def _leftovers(tenants: list[Tenant]) -> list[str]:
    expected = {tenant.schema_name for tenant in tenants}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s",
            [settings.SITE_SCHEMA_PREFIX.replace("_", r"\_") + "%"],
        )
        present = {name for (name,) in cursor.fetchall()}
    return [
        *(_("模式 %(schema)s 不属于任何站点。") % {"schema": name} for name in sorted(present - expected)),
        *(_("站点的模式 %(schema)s 不存在。") % {"schema": name} for name in sorted(expected - present)),
        *(
            _("模式 %(schema)s 是中断的备份或恢复留下的；持有所有者权限的后台进程每小时清除一次。") % {"schema": name}
            for name in left_schemas()
        ),
    ]


def _host_faults(tenant: Tenant) -> list[str]:
    """Call inside the site."""
    from wagtail.models import Site

    faults = []
    if not tenant.console_host:
        faults.append(_("站点“%(site)s”没有后台域名。") % {"site": tenant.full_name})
    if tenant.is_console:
        return faults
    hosts = list(Site.objects.values_list("hostname", flat=True))
    registered = [d.domain for d in tenant.domains.all() if d.kind == Domain.Kind.PUBLIC and d.is_primary]
    if hosts != registered:
        faults.append(
            _("站点“%(site)s”的域名登记不一致：平台登记 %(ours)s，Wagtail 登记 %(theirs)s。")
            % {"site": tenant.full_name, "ours": "、".join(registered) or "—", "theirs": "、".join(hosts) or "—"}
        )
    return faults
