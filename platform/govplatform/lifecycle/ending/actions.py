"""Acts at the end of a site: dumping it, dropping it; asking for either in the console."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from psycopg import sql

from govplatform.accounts.acting import acting, hold_roles
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.digests import digest_of_file
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.rule_packs.working_days import CHINA
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import SiteFault, Tenant

from ..dumping.building import differences, drop_schema
from ..dumping.catalogue import plain_session, tables_of
from ..dumping.files import files_in, media_folder, remove_folder
from ..dumping.manifest import FILES, Manifest
from ..dumping.taking import Taken, one_at_a_time, take_dump
from ..models import SiteDump
from ..states.actions import lead_to_archive
from .describing import record_of
from .permissions import require_keeper
from .progress import following
from .queries import dumps_folder, last_dump
from .rules import reasons_against_dropping
from .work import begin, begin_at_once, kept_reasons, require_nobody_at_it

State, Step, Kind = SiteDump.State, SiteDump.Step, SiteDump.Kind


def request_work(kind: str, tenant: Tenant, *, acting_user: User | None) -> SiteDump:
    """Write down that ``tenant`` is to be dumped, or dumped and dropped; a job does it. Raises Refused."""
    with schema_context("public"), acting(acting_user, PLATFORM_CHAIN):
        require_keeper(acting_user)
        tenant = Tenant.objects.get(pk=tenant.pk)
        if kind == Kind.DROP and tenant.dropped_at is None and (reasons := reasons_against_dropping(tenant)):
            raise Refused(reasons)
        require_nobody_at_it(tenant.code, tenant.schema_name)
        work = SiteDump.objects.create(kind=kind, tenant=tenant, code=tenant.code, requested_by=acting_user)
        detail = {"site": tenant.code, "kind": kind}
        record_act("site.ask_dump", acting_user=acting_user, obj=work, detail=detail, chain=PLATFORM_CHAIN)
    return work


def dump_site(
    tenant: Tenant, folder: Path | None = None, *, acting_user: User | None, work: SiteDump | None = None
) -> SiteDump:
    """Write a checked dump of a site, which goes on as it is, into ``folder`` (by default the server's).

    Raises Refused; nothing of the dump is left then, and the row of ``work`` says why.
    """
    with schema_context("public"):
        tenant = _fresh(tenant)
        require_keeper(acting_user)
        _require_schema(tenant)
        work = work or begin_at_once(Kind.COPY, tenant, tenant.code, acting_user)
        with kept_reasons(work):
            with as_owner(), one_at_a_time(tenant.schema_name), following(work) as tell:
                begin(work)
                taken = take_dump_of(tenant, folder, tell)
            with acting(acting_user, tenant.schema_name):
                require_keeper(acting_user)
                note_dump(work, taken, State.DONE)
                record_dump("site.dump", tenant, work, acting_user)
    return work


def drop_site(tenant: Tenant, *, acting_user: User | None, work: SiteDump | None = None) -> SiteDump:
    """Dump a retired site, check the dump, then drop its schema and remove its files. Call outside of a transaction.

    Nothing goes before the dump was built again and found equal, and the schema goes only while it is still what the
    dump holds. A run that was killed is simply started again; one that was killed while files were removed ends that.
    Raises Refused with everything that speaks against it.
    """
    with schema_context("public"):
        tenant = _fresh(tenant)
        require_keeper(acting_user)
        if tenant.dropped_at is not None:
            return _remove_files(tenant)
        if reasons := reasons_against_dropping(tenant):
            raise Refused(reasons)
        work = work or begin_at_once(Kind.DROP, tenant, tenant.code, acting_user)
        with kept_reasons(work), as_owner(), one_at_a_time(tenant.schema_name), following(work) as tell:
            begin(work)
            taken = take_dump_of(tenant, None, tell)
            tell(Step.DROPPING, 0, 1)
            _drop(tenant, taken, work, acting_user)
            tell(Step.REMOVING, 0, 1)
        return _remove_files(_fresh(tenant))


def take_dump_of(tenant: Tenant, folder: Path | None, tell: Callable[[str, int, int], None]) -> Taken:
    """Take a dump of a site into ``folder``, by default the server's, under a name of the day. Call as owner."""
    day = timezone.now().astimezone(CHINA).strftime("%Y%m%d")
    return take_dump(
        tenant.schema_name, record_of(tenant), (folder or dumps_folder()).absolute(), f"{tenant.code}-{day}", tell
    )


def _drop(tenant: Tenant, taken: Taken, work: SiteDump, acting_user: User | None) -> None:
    """Drop the schema in one transaction with everything that says so. Call as owner."""
    schema = tenant.schema_name
    with holding(schema):
        lock_tables(schema)
        if acting_user is not None:
            # In the order of locks the roles come after what lies in a site.
            hold_roles(acting_user, None)
        require_keeper(acting_user)
        tenant = _fresh(tenant)
        if reasons := reasons_against_dropping(tenant):
            raise Refused(reasons)
        with plain_session():
            changed = [*differences(schema, taken.manifest), *_changed_files(schema, taken.manifest)]
        if changed:
            names = "、".join(changed[:5])
            raise Refused(_("备份之后内容又有变动（%(names)s），没有移除任何东西。请重新执行。") % {"names": names})
        # What the archive holds by now is read there from now on.
        lead_to_archive(tenant)
        drop_schema(schema)
        SiteFault.objects.filter(tenant=tenant).delete()
        tenant.dropped_at = timezone.now()
        tenant.save(update_fields=["dropped_at"])
        note_dump(work, taken, State.DROPPED)
        record_dump("site.drop", tenant, work, acting_user)


def _remove_files(tenant: Tenant) -> SiteDump:
    """Remove the files of a site whose schema is dropped. Raises Refused unless its dump is there, byte for byte."""
    work = last_dump(tenant)
    if work is None or work.state != State.DROPPED:
        name = work.name if work is not None else "—"
        raise Refused(
            _("“%(site)s”的内容已经移除，备份是 %(dump)s。恢复请用 restore_site。")
            % {"site": tenant.full_name, "dump": name}
        )
    with one_at_a_time(tenant.schema_name):
        path = Path(work.path)
        if not path.is_file() or digest_of_file(path).sha256 != work.sha256:
            raise Refused(_("备份 %(path)s 不在原处，或已被改动，媒体文件没有移除。") % {"path": path})
        remove_folder(media_folder(tenant.schema_name))
        work.state, work.finished_at = State.DONE, timezone.now()
        work.save(update_fields=["state", "finished_at"])
    return work


def lock_tables(schema: str) -> None:
    """Nobody reads or writes there any more; a wait ends as every other."""
    names = [sql.Identifier(schema, table.name) for table in tables_of(schema)]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(names)))


def _changed_files(schema: str, manifest: Manifest) -> Iterable[str]:
    """Names of files that are not what ``manifest`` says, that are missing, or that came after it."""
    wanted = {part.name.removeprefix(FILES): part for part in manifest.files}
    for name, path in files_in(media_folder(schema)):
        part = wanted.pop(name, None)
        if part is None or digest_of_file(path).sha256 != part.sha256:
            yield name
    yield from wanted


def _fresh(tenant: Tenant) -> Tenant:
    return Tenant.objects.select_related("parent").prefetch_related("domains").get(pk=tenant.pk)


def _require_schema(tenant: Tenant) -> None:
    if tenant.dropped_at is not None:
        raise Refused(_("“%(site)s”的内容已经移除，没有可以备份的。") % {"site": tenant.full_name})


def note_dump(work: SiteDump, taken: Taken, state: str) -> None:
    """Write in the row of ``work`` what was taken."""
    work.state, work.path = state, str(taken.path)
    work.bytes, work.sha256, work.sm3 = taken.digest.bytes, taken.digest.sha256, taken.digest.sm3
    work.encrypted = taken.encrypted
    work.tables, work.rows, work.files = (
        len(taken.manifest.tables), taken.manifest.rows, len(taken.manifest.files),
    )  # fmt: skip
    if state == State.DONE:
        work.finished_at = timezone.now()
    work.save()


def record_dump(act: str, tenant: Tenant, work: SiteDump, acting_user: User | None) -> None:
    """Record in the site's chain what became of its dump."""
    detail = {
        "site": tenant.code, "dump": work.name, "sha256": work.sha256, "sm3": work.sm3, "bytes": work.bytes,
        "tables": work.tables, "rows": work.rows, "files": work.files,
    }  # fmt: skip
    record_act(act, acting_user=acting_user, obj=tenant, detail=detail, chain=tenant.schema_name)
