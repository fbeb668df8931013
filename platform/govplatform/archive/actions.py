"""Acts: asking for an archive, making it, verifying it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.addresses.known import KnownAddress
from govplatform.addresses.queries import known_addresses, public_addresses
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.digests import digest_of_file
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.telling import telling
from govplatform.tenancy.models import Tenant

from .building import Built, Scope, build_archive
from .models import Archive
from .permissions import require_keeper
from .queries import scope_of
from .verification.checking import verify_archive
from .verification.faults import Verification


def request_archive(tenant: Tenant, *, acting_user: User | None, column: str = "") -> Archive:
    """Write down that an archive of ``tenant`` (or of its column with that slug) is wanted; a job makes it.

    Raises Refused for a site that cannot be archived, and when one of the same is being made.
    """
    require_keeper(acting_user)
    require_archivable(tenant)
    scope_of(tenant, column)
    with acting(acting_user, PLATFORM_CHAIN):
        require_keeper(acting_user)
        open_states = (Archive.State.WAITING, Archive.State.RUNNING)
        if Archive.objects.filter(tenant=tenant, column=column, state__in=open_states).exists():
            raise Refused(_("“%(site)s”的归档正在进行，请等它完成。") % {"site": tenant.full_name})
        archive = Archive.objects.create(tenant=tenant, column=column, requested_by=acting_user)
        detail = {"site": tenant.code, "column": column}
        record_act("archive.request", acting_user=acting_user, obj=archive, detail=detail, chain=PLATFORM_CHAIN)
    return archive


def require_archivable(tenant: Tenant) -> None:
    """Raise Refused for a site that citizens could never read, or whose schema is gone."""
    if tenant.is_console:
        raise Refused(_("监管控制台没有公开的网页，不能归档。"))
    if tenant.status == Tenant.Status.PREPARING:
        raise Refused(_("“%(site)s”还没有开通，没有公开过的网页可以归档。") % {"site": tenant.full_name})
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [tenant.schema_name])
        if not cursor.fetchone()[0]:
            raise Refused(
                _("“%(site)s”的数据已经转存并移除，只能使用关停前的归档；需要重新归档时，请先用 restore_site 恢复。")
                % {"site": tenant.full_name}
            )


def make_archive(archive: Archive, out: Path, *, acting_user: User | None) -> Built:
    """Make a requested archive in the folder ``out`` and record it. Raises Refused and leaves nothing then.

    ``out`` is this archive's own: a whole one that lies there was made by a run that was killed before it was recorded.
    """
    tenant = archive.tenant
    with schema_context("public"):
        scope = scope_of(tenant, archive.column)
        total = PublicAddresses(tenant, scope).count()
        Archive.objects.filter(pk=archive.pk).update(
            state=Archive.State.RUNNING, started_at=timezone.now(), total=total, done=0
        )
    with telling(f"archive-{archive.pk}", partial(_write_done, archive.pk)) as tell:
        built = build_archive(tenant, out.absolute(), PublicAddresses(tenant, scope), scope, tell, replaces=True)
    _enter(archive, built, acting_user=acting_user)
    return built


class PublicAddresses:
    """What the ledger knows as public on a site; of one column, what lies below it."""

    def __init__(self, tenant: Tenant, scope: Scope) -> None:
        self._tenant = tenant
        self._scope = scope

    def addresses(self) -> Iterator[KnownAddress]:
        with schema_context("public"):
            yield from (known for known in known_addresses(self._tenant) if known.path.startswith(self._scope.path))

    def count(self) -> int:
        with schema_context("public"):
            return public_addresses(self._tenant).filter(path__startswith=self._scope.path).count()


def _enter(archive: Archive, built: Built, *, acting_user: User | None) -> None:
    """Write down a finished archive."""
    certificate = digest_of_file(built.certificate).sha256
    with schema_context("public"), acting(acting_user, PLATFORM_CHAIN):
        archive.name, archive.folder = built.name, str(built.folder)
        archive.addresses, archive.captured, archive.done = built.addresses, built.captured, built.addresses
        archive.records, archive.bytes = built.records, built.bytes
        archive.state_at = datetime.fromisoformat(built.state_at)
        archive.certificate = certificate
        archive.state, archive.finished_at = Archive.State.DONE, timezone.now()
        archive.save()
        detail = {
            "site": archive.tenant.code, "column": archive.column, "archive": built.name,
            "addresses": built.addresses, "certificate": certificate,
        }  # fmt: skip
        record_act("archive.export", acting_user=acting_user, obj=archive, detail=detail, chain=PLATFORM_CHAIN)


def refuse_archive(archive: Archive, reasons: Iterable[str]) -> None:
    """Keep why a requested archive could not be made."""
    Archive.objects.filter(pk=archive.pk).update(
        state=Archive.State.REFUSED, reasons=list(reasons), finished_at=timezone.now()
    )


def export_archive(tenant: Tenant, out: Path, *, column: str = "") -> Built:
    """Make an archive at once, into the folder ``out``: the shell's. Raises Refused; of a refusal nothing is kept."""
    require_archivable(tenant)
    scope = scope_of(tenant, column)
    built = build_archive(tenant, out.absolute(), PublicAddresses(tenant, scope), scope, lambda _done: None)
    # Its row is written at the end: a verb that is killed leaves nothing that looks like work in progress.
    _enter(Archive(tenant=tenant, column=column), built, acting_user=None)
    return built


def folder_for(archive: Archive) -> Path:
    """Where the console has the archive made."""
    return Path(settings.ARCHIVE_ROOT) / f"{archive.tenant.code}-{archive.pk}"


def request_verification(archive: Archive, *, acting_user: User | None) -> None:
    """Have a finished archive verified by a job. Raises Refused for one that is not finished or is being verified."""
    with acting(acting_user, PLATFORM_CHAIN):
        require_keeper(acting_user)
        held = locking(Archive.objects).get(pk=archive.pk)
        if held.state != Archive.State.DONE:
            raise Refused(_("归档还没有完成，不能核验。"))
        if held.verdict == Archive.Verdict.RUNNING:
            raise Refused(_("这个归档正在核验，请等它完成。"))
        held.verdict = Archive.Verdict.RUNNING
        held.save(update_fields=["verdict"])
        detail = {"archive": held.name}
        record_act("archive.ask_verification", acting_user=acting_user, obj=held, detail=detail, chain=PLATFORM_CHAIN)


def verify_kept(archive: Archive, *, acting_user: User | None) -> Verification:
    """Verify an archive that the platform knows, and record what was found."""
    result = verify_archive(Path(archive.folder))
    verdict = Archive.Verdict.WHOLE if result.ok else Archive.Verdict.FAULTY
    faults = result.as_json()["faults"]
    if result.ok and archive.certificate != digest_of_file(Path(archive.folder) / "data/certificate.json").sha256:
        verdict, faults = Archive.Verdict.FAULTY, [{"place": archive.folder, "problem": _("目录里是另一个归档。")}]
    with schema_context("public"), acting(acting_user, PLATFORM_CHAIN):
        held = locking(Archive.objects).get(pk=archive.pk)
        held.verdict, held.verified_at = verdict, timezone.now()
        held.checked, held.faults = result.checked, faults
        held.save(update_fields=["verdict", "verified_at", "checked", "faults"])
        detail = {"archive": held.name, "ok": verdict == Archive.Verdict.WHOLE}
        record_act("archive.verify", acting_user=acting_user, obj=held, detail=detail, chain=PLATFORM_CHAIN)
    return result


def _write_done(pk: int, done: int) -> None:
    Archive.objects.filter(pk=pk).update(done=done)
