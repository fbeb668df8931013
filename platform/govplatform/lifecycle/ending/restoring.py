"""Bringing a site back from its dump: built under another name, brought to this version, then put in its place."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from psycopg import sql

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.digests import Digest, digest_of_file
from govplatform.locks.holding import hold_chain
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words
from govplatform.review.frame.places import records_of
from govplatform.system_words import system_words
from govplatform.tenancy.current import forget_search_path
from govplatform.tenancy.database_roles import as_owner, grant_schema
from govplatform.tenancy.frame import bring_rights_in_line, schemas_with_other_rights
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.pending import count_pending
from govplatform.tenancy.provisioning import check_new_tenant, schema_for
from govplatform.tenancy.replaying import Replay
from govplatform.tenancy.schema_states import Digests, read_migration_digest
from govplatform.tenancy.working_schemas import RESTORING
from govplatform.whole_files import unwritable

from ..dumping.accounts import reasons_against_accounts
from ..dumping.building import build_schema, drop_schema
from ..dumping.catalogue import exists
from ..dumping.files import files_in, media_folder, remove_folder, require_room
from ..dumping.manifest import FILES, Manifest
from ..dumping.opening import opened, verify_dump
from ..dumping.taking import one_at_a_time
from ..dumping.versions import newer_than_template, reasons_against_newer
from ..models import SiteDump
from ..site_record import SITE_RECORD
from .permissions import require_keeper
from .progress import following
from .queries import dumps_of, works
from .work import begin, begin_at_once, kept_reasons, require_nobody_at_it

State, Step, Kind = SiteDump.State, SiteDump.Step, SiteDump.Kind
Tell = Callable[[str, int, int], None]
#: Reasons with which words of a record stay that the scan doubts: they were confirmed where they come from.
_WORDS = "restore_site"


@dataclass(frozen=True)
class Wish:
    """As what a dump is to be restored. ``code``: '' for its own; hosts: '' for those that follow from the code."""

    code: str = ""
    host: str = ""
    console_host: str = ""


def request_restoring(path: Path, wish: Wish, *, acting_user: User | None) -> SiteDump:
    """Write down that a dump on the server is to be restored; a job does it. Raises Refused."""
    with schema_context("public"):
        require_keeper(acting_user)
        with opened(path) as dump:
            manifest = dump.manifest
        if reasons := _reasons_against(manifest, wish):
            raise Refused(reasons)
        code = wish.code or str(manifest.site["code"])
        with acting(acting_user, PLATFORM_CHAIN):
            require_keeper(acting_user)
            require_nobody_at_it(code, schema_for(code))
            work = SiteDump.objects.create(
                kind=Kind.RESTORE, code=code, path=str(path), requested_by=acting_user,
                tenant=Tenant.objects.filter(code=code).first(),
            )  # fmt: skip
            detail = {"dump": path.name, "code": code}
            record_act("site.ask_restore", acting_user=acting_user, obj=work, detail=detail, chain=PLATFORM_CHAIN)
    return work


def restore_site(
    path: Path, wish: Wish, *, acting_user: User | None, verb: str = "", work: SiteDump | None = None
) -> tuple[Tenant, SiteDump]:
    """Bring a site back from the dump at ``path``. Call outside of a transaction.

    Under its own code it is again what it was, retired; under another one it is a new site that is being prepared,
    with hosts of its own and without people, and nothing of it is public. Raises Refused with every reason, DumpBroken
    naming the place where the file is not what was written; nothing is left then. A run that was killed is started
    again.
    """
    with schema_context("public"):
        require_keeper(acting_user)
        code, by_the_shell = wish.code, work is None
        if work is None:
            with opened(path) as dump:
                code = code or str(dump.manifest.site["code"])
            work = begin_at_once(Kind.RESTORE, Tenant.objects.filter(code=code).first(), code, acting_user)
        with kept_reasons(work), as_owner(), one_at_a_time(schema_for(work.code)), following(work) as tell:
            begin(work)
            tell(Step.VERIFYING, 0, 1)
            manifest, digest = verify_dump(path)
            if reasons := [*_reasons_against(manifest, wish), *_reasons_against_file(manifest, digest, by_the_shell)]:
                raise Refused(reasons)
            tenant = _restore(path, manifest, wish, work, acting_user, verb, digest, tell)
    return tenant, work


def _reasons_against(manifest: Manifest, wish: Wish) -> list[str]:
    code = wish.code or str(manifest.site["code"])
    reasons = []
    tenant = Tenant.objects.filter(code=code).first()
    if tenant is not None:
        reasons += _reasons_against_place(tenant, manifest, wish)
    else:
        row, host, console_host = _new_site(manifest, wish)
        try:
            check_new_tenant(row, host, console_host)
        except Refused as refusal:
            reasons += refusal.reasons
        except ValidationError as error:
            reasons += error.messages
    if exists(schema_for(code)) and (tenant is None or tenant.dropped_at is not None):
        reasons.append(_("数据库里已经有模式 %(schema)s，请先由数据库管理员查明。") % {"schema": schema_for(code)})
    return [*reasons, *_reasons_against_version(manifest), *reasons_against_accounts(manifest.accounts)]


def _reasons_against_place(tenant: Tenant, manifest: Manifest, wish: Wish) -> list[str]:
    words = {"code": tenant.code, "site": tenant.full_name}
    if tenant.dropped_at is None:
        told = _("站点代码“%(code)s”正由“%(site)s”使用，内容都在。请写另一个站点代码，恢复为另一个站点。")
        return [told % words]
    if tenant.code != manifest.site["code"]:
        return [_("站点代码“%(code)s”属于已关停的“%(site)s”，不能用来恢复别的站点。") % words]
    if wish.host or wish.console_host:
        return [_("“%(site)s”恢复到原来的代码，域名保持登记的，不能另行指定。") % words]
    return []


def _reasons_against_version(manifest: Manifest) -> list[str]:
    if count_pending(settings.TEMPLATE_SCHEMA):
        return [_("平台还有没有执行的迁移，请先执行 migrate_fleet，再恢复站点。")]
    return reasons_against_newer(newer_than_template(manifest.migrations))


def _reasons_against_file(manifest: Manifest, digest: Digest, by_the_shell: bool) -> list[str]:
    """A file that the platform wrote is known by its digest: nobody exchanges it for another of the same name.

    What a dump says of its tables is carried out with the owner's login. So the console takes no file of which the
    platform knows nothing, for who can write into the folder does not have that login; who has the shell, has it.
    """
    if works().filter(sha256=digest.sha256).exists():
        return []
    origin = Tenant.objects.filter(code=manifest.site["code"]).first()
    if by_the_shell and (origin is None or not dumps_of(origin).exists()):
        return []
    return [_("平台没有记录过这个备份（SHA-256 %(sha)s），它可能已被调换。") % {"sha": digest.sha256}]


def _restore(
    path: Path,
    manifest: Manifest,
    wish: Wish,
    work: SiteDump,
    acting_user: User | None,
    verb: str,
    digest: Digest,
    tell: Tell,
) -> Tenant:
    """Call as owner, alone at this site, with a dump that was verified."""
    schema = schema_for(work.code)
    building = f"{RESTORING}{schema}"
    folder = media_folder(schema)
    staging = folder.with_name(f".{folder.name}.restoring")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(staging, ignore_errors=True)
        require_room(folder.parent, manifest.file_bytes + (manifest.text_bytes if is_here() else 0))
        staging.mkdir(mode=0o750)
        with opened(path) as dump:
            if dump.manifest != manifest:
                raise Refused(_("备份文件在恢复期间被调换，没有恢复任何东西。"))
            build_schema(dump, building, files_to=staging, tell=lambda done, total: tell(Step.BUILDING, done, total))
        tell(Step.MIGRATING, 0, 1)
        bring_to_this_version(building)
        if work.tenant is None:
            enter_host(building, _new_site(manifest, wish)[1])
        tell(Step.OPENING, 0, 1)
        tenant = _put_in_place(manifest, wish, work, acting_user, verb, digest, building, staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if connection.connection is not None and connection.is_usable():
            drop_schema(building)
    return tenant


def is_here() -> bool:
    """Whether the database lies on the same disk as the platform's files."""
    return bool(connection.settings_dict.get("EMBEDDED"))


def bring_to_this_version(schema: str) -> None:
    """Migrations that came after the dump, as the fleet gets them; then what the roles may do here today (trap T1)."""
    reached = read_migration_digest(schema)
    if reached != read_migration_digest(settings.TEMPLATE_SCHEMA):
        Replay.of_the_template().migrate_site(schema, Digests(reached, ""))
    forget_search_path()
    if schemas_with_other_rights([schema]):
        bring_rights_in_line(schema)
    grant_schema(schema)


def enter_host(schema: str, host: str) -> None:
    """Write the host of a site into its schema: Wagtail has a registry of hosts of its own (trap T14)."""
    statement = sql.SQL("UPDATE {} SET hostname = {}")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(schema, "wagtailcore_site"), sql.Literal(host)))


def _put_in_place(
    manifest: Manifest,
    wish: Wish,
    work: SiteDump,
    acting_user: User | None,
    verb: str,
    digest: Digest,
    building: str,
    staging: Path,
    folder: Path,
) -> Tenant:
    """In one transaction: the schema gets its name, the site its row, and the files, last, their folder."""
    tenant = Tenant.objects.filter(code=work.code).first()
    detail = {"dump": work.name or "", "sha256": digest.sha256, "dumped_site": manifest.site["code"], "code": work.code}
    with acting(acting_user, *([tenant.schema_name] if tenant else []), PLATFORM_CHAIN):
        require_keeper(acting_user)
        if reasons := _reasons_against(manifest, wish):
            raise Refused(reasons)
        rename_schema(building, schema_for(work.code))
        if tenant is None:
            tenant = _open_again(manifest, wish, acting_user, verb)
            chain = PLATFORM_CHAIN
        else:
            tenant.dropped_at = None
            tenant.save(update_fields=["dropped_at"])
            chain = tenant.schema_name
            if tenant.frozen:
                _withhold_writing(tenant.schema_name)
        _note(work, tenant, manifest)
        record_act("site.restore", acting_user=acting_user, obj=tenant, detail=detail, chain=chain)
        _place_files(staging, folder, manifest, was_dropped=chain != PLATFORM_CHAIN)
    return tenant


def _open_again(manifest: Manifest, wish: Wish, acting_user: User | None, verb: str) -> Tenant:
    """The row and the hosts of a site under a code that nobody has; its record waits for a second person."""
    tenant, host, console_host = _new_site(manifest, wish)
    tenant.save()
    Domain.objects.create(tenant=tenant, domain=host, kind=Domain.Kind.PUBLIC, is_primary=True)
    Domain.objects.create(tenant=tenant, domain=console_host, kind=Domain.Kind.CONSOLE, is_primary=True)
    with records_of(SITE_RECORD):
        hold_chain(PLATFORM_CHAIN)
        change_words(tenant, {}, acting_user=acting_user, reason=_WORDS, verb=verb, is_new=True)
    return tenant


def _new_site(manifest: Manifest, wish: Wish) -> tuple[Tenant, str, str]:
    """The unsaved row of the site under its new code, with its hosts. Prepared, and opened by an application alone."""
    site = manifest.site
    code = wish.code or str(site["code"])
    own = code == site["code"]
    words = {name: str(site.get(name, "")) for name in SITE_RECORD.texts if name != "identity_code"}
    tenant = Tenant(
        code=code,
        schema_name=schema_for(code),
        kind=site["kind"],
        level=site["level"],
        theme=site["theme"],
        rule_pack=site["rule_pack"],
        parent=Tenant.objects.filter(code=site["parent"]).first() if site["parent"] else None,
        status=Tenant.Status.PREPARING,
        status_since=timezone.now(),
        by_application=True,
        identity_code=(site["identity_code"] or None) if own else None,
        **words,
    )
    above = str(site["host"]).partition(".")[2] or "localhost"
    host = wish.host or (str(site["host"]) if own else f"{code}.{above}")
    console_host = wish.console_host or f"{code}.{settings.CONSOLE_PARENT_DOMAIN}"
    return tenant, host.lower(), console_host.lower()


def rename_schema(building: str, schema: str) -> None:
    """Give the schema ``building`` the name ``schema``. Call as owner."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(schema)))
    forget_search_path()


def _withhold_writing(schema: str) -> None:
    """A site whose content was moved by a merge stays closed for writing."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} FROM {}").format(
                sql.Identifier(schema), sql.Identifier(settings.APP_DATABASE_ROLE)
            )
        )


def _note(work: SiteDump, tenant: Tenant, manifest: Manifest) -> None:
    work.tenant, work.state, work.finished_at = tenant, State.DONE, timezone.now()
    work.tables, work.rows, work.files = len(manifest.tables), manifest.rows, len(manifest.files)
    work.save()


def _place_files(staging: Path, folder: Path, manifest: Manifest, *, was_dropped: bool) -> None:
    """Put the files in their place. What a killed run left there is replaced; anything else is nobody's to remove."""
    if folder.exists():
        if not was_dropped and not _holds(folder, manifest):
            raise Refused(_("媒体目录 %(path)s 已经存在，里面是别的文件。请先查明并移走。") % {"path": folder})
        remove_folder(folder)
    try:
        staging.rename(folder)
    except OSError as error:
        raise unwritable(folder, system_words(error)) from error


def _holds(folder: Path, manifest: Manifest) -> bool:
    """Whether every file in ``folder`` is one of the dump's: an earlier run was killed just after it put them there."""
    wanted = {part.name.removeprefix(FILES): part.sha256 for part in manifest.files}
    return all(wanted.get(name) == digest_of_file(path).sha256 for name, path in files_in(folder))
