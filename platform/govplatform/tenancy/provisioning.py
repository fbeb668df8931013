"""Making a new site in one transaction: its row, hosts, schema and first pages, or nothing at all."""

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.events.sheet import follow
from govplatform.refusals import Refused

from .current import forget_search_path
from .database_roles import as_owner, grant_schema
from .events import SiteProvisioned
from .hosts import is_of_the_platform
from .models import Domain, Tenant
from .models.domain import validate_site_host
from .schema_states import note_new_schema
from .template_schema import replay_for


def schema_for(code: str) -> str:
    """Return the name of the schema of the site with this code: SITE_SCHEMA_PREFIX, and hyphens as underscores."""
    return f"{settings.SITE_SCHEMA_PREFIX}{code.replace('-', '_')}"


def provision_tenant(tenant: Tenant, *, host: str, console_host: str) -> Tenant:
    """Save ``tenant``, register its hosts, build its schema from the template, and have the first pages made in it.

    ``host`` may be empty for the console tenant. Everything happens in one transaction, so a failure leaves nothing
    behind. Raises ValidationError for a field of the wrong form, Refused for a name that is taken or a host that may
    not be used (all reasons at once), and Refused in a process that may not make schemas (``as_owner``).
    """
    tenant.schema_name = tenant.schema_name or schema_for(tenant.code)
    check_new_tenant(tenant, host, console_host)
    with transaction.atomic(), as_owner():
        # A lock on every name that must be unique, in one order for all: whoever asks for the same
        # code, host or identity code waits and is then refused in words, not by a constraint.
        names = sorted(filter(None, (tenant.schema_name, host, console_host, tenant.identity_code)))
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        check_new_tenant(tenant, host, console_host)
        tenant.save()
        if host:
            Domain.objects.create(tenant=tenant, domain=host, kind=Domain.Kind.PUBLIC, is_primary=True)
        Domain.objects.create(tenant=tenant, domain=console_host, kind=Domain.Kind.CONSOLE, is_primary=True)
        _replay_template(tenant.schema_name)
        with tenant_context(tenant):
            follow(SiteProvisioned(tenant=tenant))
    return tenant


def _replay_template(schema: str) -> None:
    """Make the schema with its tables, rows and the rights of the application's role."""
    replay = replay_for(schema)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_catalog")
        # check_function_bodies off: triggers name functions of public only, nothing to look up
        cursor.execute("SET LOCAL check_function_bodies = off")
        cursor.cursor.execute(replay.script)  # one string, no parameters: PostgreSQL's simple protocol
    forget_search_path()
    note_new_schema(schema, replay.digests)
    if not replay.grants:
        grant_schema(schema)


def check_new_tenant(tenant: Tenant, host: str, console_host: str) -> None:
    """Raise Refused or ValidationError, with all reasons, where there can be no such site beside those that are here.

    ``tenant``: its unsaved row, with the name of its schema; hosts as in ``provision_tenant``.
    """
    tenant.full_clean(validate_unique=False, exclude=["schema_name"])
    for name in filter(None, (host, console_host)):
        validate_site_host(name)
    reasons = []
    if Tenant.objects.filter(code=tenant.code).exists():
        reasons.append(_("站点代码“%(code)s”已经被使用，请换一个。") % {"code": tenant.code})
    elif Tenant.objects.filter(schema_name=tenant.schema_name).exists():
        reasons.append(_("站点代码“%(code)s”与已有站点只差连字符，数据库里会重名，请换一个。") % {"code": tenant.code})
    if tenant.identity_code and (other := Tenant.objects.filter(identity_code=tenant.identity_code).first()):
        reasons.append(
            _("网站标识码“%(code)s”已经由“%(site)s”使用。") % {"code": tenant.identity_code, "site": other.full_name}
        )
    for name in filter(None, (host, console_host)):
        if other_domain := Domain.objects.select_related("tenant").filter(domain=name).first():
            reasons.append(
                _("域名“%(host)s”已经由“%(site)s”使用。") % {"host": name, "site": other_domain.tenant.full_name}
            )
        elif is_of_the_platform(name):
            reasons.append(_("域名“%(host)s”由平台自己使用，请换一个。") % {"host": name})
    if host and host == console_host:
        reasons.append(_("公众域名和后台域名不能相同。"))
    if not console_host.endswith("." + settings.CONSOLE_PARENT_DOMAIN):
        reasons.append(
            _("后台域名“%(host)s”须在“%(parent)s”之下，否则统一登录无法覆盖。")
            % {"host": console_host, "parent": settings.CONSOLE_PARENT_DOMAIN}
        )
    if f".{host}".endswith("." + settings.CONSOLE_PARENT_DOMAIN):
        reasons.append(_("公众域名“%(host)s”不能放在后台域名之下。") % {"host": host})
    if reasons:
        raise Refused(reasons)
