"""One migration for the whole fleet: run once on the template, replayed everywhere (decision 003).

Each site is one transaction; a site that fails is reported and the rest go on; what was done
stays done, so a killed run is simply started again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .database_roles import as_owner, grant_schema, work_as_owner
from .each_site import recover_connection
from .frame import bring_rights_in_line
from .models import FleetMigration, Tenant
from .pending import count_pending
from .recording import migrate_public, migrate_template, template_executor
from .replaying import Replay
from .schema_states import Digests, read_states
from .template_schema import rights_are_known

Progress = Callable[[int, int, str], None]


@dataclass
class FleetReport:
    """The outcome of a fleet migration or a check.

    ``sites``: how many there are; ``current``: how many are up to date (after the run); ``migrated``: how many it
    changed; ``pending``: migrations that the template lacks; ``failed``: ``[{"site": schema, "reason": str}]``.
    """

    sites: int = 0
    current: int = 0
    migrated: int = 0
    pending: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)


def check_fleet() -> FleetReport:
    """Report which sites are behind, without changing anything.

    ``pending`` counts the migrations of the code that the template lacks; ``failed`` names sites whose schema is gone.
    Raises Refused where there is no template.
    """
    fleet = _fleet_states()
    current = sum(digests == fleet.template for digests in fleet.sites.values())
    return FleetReport(
        sites=len(fleet.sites) + len(fleet.gone),
        current=current,
        pending=count_pending(settings.TEMPLATE_SCHEMA),
        failed=_gone_schemas(fleet.gone),
    )


@dataclass(frozen=True)
class _FleetStates:
    """``template``: what every site should be; ``sites``: what each schema is; ``gone``: schemas that are not there."""

    template: Digests
    sites: dict[str, Digests]
    gone: list[str]


def _fleet_states() -> _FleetStates:
    schemas = list(Tenant.objects.with_schema().order_by("schema_name").values_list("schema_name", flat=True))
    states = read_states([*schemas, settings.TEMPLATE_SCHEMA])
    template = states.get(settings.TEMPLATE_SCHEMA)
    if template is None:
        raise Refused(_("平台尚未初始化，请先执行 init_platform。"))
    return _FleetStates(
        template,
        {schema: states[schema] for schema in schemas if schema in states},
        [schema for schema in schemas if schema not in states],
    )


def _gone_schemas(schemas: list[str]) -> list[dict[str, str]]:
    return [{"site": schema, "reason": _("站点的模式不存在，或读不到它的迁移记录。")} for schema in schemas]


def migrate_fleet(progress: Progress | None = None) -> FleetReport:
    """Bring ``public``, the template and every site to the code's migrations.

    ``progress(done, total, schema)`` is called after each site. A site that fails is named in the report, and the
    others go on. Raises Refused where there is no template: its tables would all be made in ``public``.
    """
    with as_owner():
        _require_template()
        executor = template_executor()
        migrate_public(executor)
        grant_schema("public")
        # An earlier run was killed, or a site failed in it: nothing is known of the rights then.
        resumed = FleetMigration.objects.exists()
        finish_dump = migrate_template(executor)
        fleet = _fleet_states()
        behind = {name: one for name, one in fleet.sites.items() if one.migrations != fleet.template.migrations}
        replay = Replay.of_the_template()
        report = FleetReport(sites=len(fleet.sites) + len(fleet.gone), failed=_gone_schemas(fleet.gone))
        for number, (schema, state) in enumerate(behind.items(), 1):
            try:
                replay.migrate_site(schema, state)
                report.migrated += 1
            except Exception as error:
                # Any exception, of a trigger or a migration's own Python: the other sites are migrated all the same.
                report.failed.append({"site": schema, "reason": str(error).strip()})
                recover_connection()
                work_as_owner()
            if progress:
                progress(number, len(behind), schema)
        if resumed or not behind or not rights_are_known():
            # The rights may differ: they changed, a run was broken off, or there is nothing else to do but check them.
            _bring_fleet_in_line(report, set(behind))
        if finish_dump is not None:
            finish_dump()
        report.current = report.sites - len(report.failed)
        if not report.failed:
            FleetMigration.objects.all().delete()
    return report


def _require_template() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{settings.TEMPLATE_SCHEMA}.django_migrations"])
        if cursor.fetchone()[0] is None:
            raise Refused(_("平台尚未初始化，请先执行 init_platform。"))


def _bring_fleet_in_line(report: FleetReport, behind: set[str]) -> None:
    failed = {failure["site"] for failure in report.failed}
    fleet = _fleet_states()
    for schema, digests in fleet.sites.items():
        if schema in failed or digests.rights == fleet.template.rights:
            continue
        try:
            bring_rights_in_line(schema)
            report.migrated += schema not in behind
        except Exception as error:
            report.failed.append({"site": schema, "reason": str(error).strip()})
            recover_connection()
            work_as_owner()
