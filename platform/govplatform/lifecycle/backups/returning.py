"""One site goes back to what it was when a backup was made, while all others go on (rules: ``settling.py``)."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from govplatform.accounts.acting import acting, hold_roles
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.digests import digest_of_file
from govplatform.events.sheet import follow
from govplatform.locks.holding import holding
from govplatform.refusals import Refused, checked_reason
from govplatform.system_words import system_words
from govplatform.tenancy.current import forget_search_path
from govplatform.tenancy.database_roles import WRITTEN_WHILE_READING, as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.pending import count_pending
from govplatform.tenancy.working_schemas import RESTORING
from govplatform.whole_files import unwritable

from ..dumping.building import differences, drop_schema
from ..dumping.catalogue import plain_session
from ..dumping.files import files_in, media_folder, require_room
from ..dumping.manifest import Manifest
from ..dumping.taking import Taken, one_at_a_time
from ..ending.actions import lock_tables, note_dump, record_dump, take_dump_of
from ..ending.permissions import require_keeper
from ..ending.progress import following
from ..ending.restoring import bring_to_this_version, enter_host, is_here, rename_schema
from ..ending.work import begin, begin_at_once, kept_reasons, require_nobody_at_it
from ..events import SiteReturned
from ..models import Merge, SiteDump
from .frame_words import keep_words, pictures_made, words_that_stand
from .reading import SiteSource, source_at
from .settling import Outcome, compare_states, settle, words_of_return
from .taking import count_schema

State, Step, Kind = SiteDump.State, SiteDump.Step, SiteDump.Kind
Tell = Callable[[str, int, int], None]
LONGEST_REASON = 500
#: So often what was there is set aside anew because somebody wrote meanwhile.
_TRIES = 3
_JOBS = "UPDATE public.procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' AND args ->> 'schema' = %s"


@dataclass(frozen=True)
class Returned:
    """What a return did. ``aside``: the dump of what was there before, from which it can be undone."""

    tenant: Tenant
    work: SiteDump
    aside: SiteDump
    outcome: Outcome


class _Changed(Exception):
    """Somebody wrote after what was there had been set aside. ``names``: of tables and files."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(names)


def preview_return(tenant: Tenant, path: Path, *, acting_user: User | None, sha256: str = "") -> Outcome:
    """What ``return_site`` would do now. Builds the earlier state beside it and drops it again. Raises Refused."""
    with schema_context("public"):
        require_keeper(acting_user)
        tenant, source = _fresh(tenant), source_at(path, sha256)
        with as_owner(), one_at_a_time(tenant.schema_name):
            _require_nothing_against(tenant, source)
            with _built(tenant, source, lambda *_told: None) as (building, _staging):
                return compare_states(building, tenant.schema_name)


def request_return(
    tenant: Tenant, path: Path, *, reason: str, acting_user: User | None, preview: bool = False
) -> SiteDump:
    """Write down that ``tenant`` is to be what it was in the backup at ``path``; a job does it. Raises Refused.

    ``preview``: the job only says what would change, and no reason is asked for.
    """
    with schema_context("public"):
        require_keeper(acting_user)
        tenant, source = _fresh(tenant), source_at(path)
        reason = "" if preview else checked_reason(reason, LONGEST_REASON)
        with acting(acting_user, PLATFORM_CHAIN):
            require_keeper(acting_user)
            _require_nothing_against(tenant, source)
            require_nobody_at_it(tenant.code, tenant.schema_name)
            work = SiteDump.objects.create(
                kind=Kind.PREVIEW if preview else Kind.RETURN, tenant=tenant, code=tenant.code, path=str(path),
                reason=reason, requested_by=acting_user,
            )  # fmt: skip
            detail = {"site": tenant.code, "backup": source.name, "reason": reason, "preview": preview}
            record_act("site.ask_return", acting_user=acting_user, obj=work, detail=detail, chain=PLATFORM_CHAIN)
    return work


def carry_out_preview(tenant: Tenant, path: Path, *, acting_user: User | None, work: SiteDump) -> None:
    """Do what ``request_return`` wrote down as a preview; the row of ``work`` says what came of it. Raises Refused."""
    with kept_reasons(work):
        outcome = preview_return(tenant, path, acting_user=acting_user)
        work.outcome, work.state, work.finished_at = outcome.as_json(), State.DONE, timezone.now()
        work.save(update_fields=["outcome", "state", "finished_at"])


def return_site(
    tenant: Tenant,
    path: Path,
    *,
    reason: str,
    acting_user: User | None,
    sha256: str = "",
    work: SiteDump | None = None,
) -> Returned:
    """Have ``tenant`` be what it was in the backup or dump at ``path``. Call outside of a transaction.

    What is there is dumped first; with that dump as ``path`` the return is undone. ``sha256``: of a backup's list that
    the platform did not record. Raises Refused with every reason; nothing has changed then. A run that was killed is
    started again: before the schema is exchanged nothing has changed, afterwards the second run only brings the files
    in line.
    """
    with schema_context("public"):
        require_keeper(acting_user)
        tenant, reason = _fresh(tenant), checked_reason(reason, LONGEST_REASON)
        if work is None:
            work = begin_at_once(Kind.RETURN, tenant, tenant.code, acting_user)
            SiteDump.objects.filter(pk=work.pk).update(path=str(path), reason=reason)
            work.path, work.reason = str(path), reason
        with (
            kept_reasons(work), as_owner(), one_at_a_time(tenant.schema_name), following(work) as tell,
        ):  # fmt: skip
            begin(work)
            tell(Step.VERIFYING, 0, 1)
            source = source_at(path, sha256)
            _require_nothing_against(tenant, source)
            with _built(tenant, source, tell) as (building, staging):
                return _exchange(tenant, source, building, staging, work, acting_user, tell)


def reasons_against_returning(tenant: Tenant) -> list[str]:
    """Why ``tenant`` cannot go back to any earlier state just now."""
    if tenant.is_console:
        return [_("监管控制台不能单独恢复。")]
    if tenant.dropped_at is not None:
        return [_("“%(site)s”的内容已经移除，请用它的备份恢复（restore_site）。") % {"site": tenant.full_name}]
    reasons = []
    merges = Merge.objects.filter(Q(source=tenant) | Q(destination=tenant), state__in=Merge.FREEZING)
    for merge in merges.select_related("source", "destination"):
        reasons.append(
            _("“%(source)s”并入“%(into)s”还没有确认或退回（%(state)s）。")
            % {"source": merge.source, "into": merge.destination, "state": merge.get_state_display()}
        )
    if tenant.frozen and not reasons:
        reasons.append(_("“%(site)s”的内容已经并入别的网站，不能恢复到过去的状态。") % {"site": tenant.full_name})
    if count_pending(settings.TEMPLATE_SCHEMA):
        reasons.append(_("平台还有没有执行的迁移，请先执行 migrate_fleet，再恢复站点。"))
    return reasons


def _require_nothing_against(tenant: Tenant, source: SiteSource) -> None:
    reasons = [*reasons_against_returning(tenant), *source.reasons_against(tenant)]
    if not reasons:
        reasons = _reasons_against_moment(tenant, source)
    if reasons:
        raise Refused(reasons)


def _reasons_against_moment(tenant: Tenant, source: SiteSource) -> list[str]:
    """A site that took over another's content since would lose what nobody else has."""
    since = Merge.objects.filter(destination=tenant, state=Merge.State.CONFIRMED, switched_at__gt=source.moment)
    return [
        _("“%(source)s”的内容在备份之后并入了这个网站，恢复会失去它们。") % {"source": merge.source}
        for merge in since.select_related("source")
    ]


@contextmanager
def _built(tenant: Tenant, source: SiteSource, tell: Tell) -> Iterator[tuple[str, Path]]:
    """The earlier state in a schema and a folder of its own, in this version of the code; gone afterwards."""
    building = f"{RESTORING}{tenant.schema_name}"
    folder = media_folder(tenant.schema_name)
    staging = folder.with_name(f".{folder.name}.restoring")
    try:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(staging, ignore_errors=True)
            require_room(folder.parent, source.bytes_needed(tenant) * (2 if is_here() else 1))
            staging.mkdir(mode=0o750)
        except OSError as error:
            raise unwritable(folder, system_words(error)) from error
        source.build(tenant, building, staging, lambda _step, done, total: tell(Step.BUILDING, done, total))
        tell(Step.MIGRATING, 0, 1)
        bring_to_this_version(building)
        enter_host(building, tenant.public_host)
        yield building, staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if connection.connection is not None and connection.is_usable():
            drop_schema(building)


def _exchange(
    tenant: Tenant,
    source: SiteSource,
    building: str,
    staging: Path,
    work: SiteDump,
    acting_user: User | None,
    tell: Tell,
) -> Returned:
    """Set aside what is there, and put the earlier state in its place, while nobody writes in between."""
    changed: list[str] = []
    for _try in range(_TRIES):
        aside = SiteDump.objects.create(
            kind=Kind.COPY, tenant=tenant, code=tenant.code, requested_by=acting_user, reason=work.reason
        )
        with kept_reasons(aside):
            taken = take_dump_of(tenant, None, tell)
        tell(Step.OPENING, 0, 1)
        try:
            outcome = _put_in_place(tenant, source, building, staging, work, aside, taken, acting_user)
        except _Changed as error:
            changed = error.names
            _forget(aside, taken)
            continue
        except Exception:
            _forget(aside, taken)
            raise
        with tenant_context(tenant):
            made = pictures_made()
        _bring_files_in_line(staging, media_folder(tenant.schema_name), made)
        return Returned(_fresh(tenant), work, aside, outcome)
    raise Refused(
        _("恢复期间内容一直有变动（%(names)s），没有改变任何东西。请让编辑暂停以后再执行。")
        % {"names": "、".join(changed[:5])}
    )


def _forget(aside: SiteDump, taken: Taken) -> None:
    """Nothing was exchanged: the dump is of no use, unless it is the same as an earlier one."""
    aside.delete()
    if not SiteDump.objects.filter(path=str(taken.path)).exists():
        taken.path.unlink(missing_ok=True)


def _put_in_place(
    tenant: Tenant,
    source: SiteSource,
    building: str,
    staging: Path,
    work: SiteDump,
    aside: SiteDump,
    taken: Taken,
    acting_user: User | None,
) -> Outcome:
    schema = tenant.schema_name
    told = words_of_return(timezone.localtime(source.moment).strftime("%Y-%m-%d %H:%M"))
    with holding(schema, PLATFORM_CHAIN):
        lock_tables(schema)
        if acting_user is not None:
            # In the order of locks the roles come after what lies in a site.
            hold_roles(acting_user, None)
        require_keeper(acting_user)
        tenant = _fresh(tenant)
        _require_nothing_against(tenant, source)
        if changed := _changed(schema, taken.manifest):
            raise _Changed(changed)
        with tenant_context(tenant):
            words = words_that_stand()
        outcome = settle(building, schema, reason=told, person=acting_user.pk if acting_user else None)
        with connection.cursor() as cursor:
            # They name rows of a state that is gone; what is due is found again from the rows that are there.
            cursor.execute(_JOBS, [schema])
        drop_schema(schema)
        rename_schema(building, schema)
        forget_search_path()
        note_dump(aside, taken, State.DONE)
        record_dump("site.dump", tenant, aside, acting_user)
        work.rows, work.files = count_schema(schema), sum(1 for _file in files_in(staging))
        work.outcome = outcome.as_json()
        work.state, work.finished_at, work.tables = State.DONE, timezone.now(), aside.tables
        work.save()
        _add_files(staging, media_folder(schema))
        with tenant_context(tenant):
            kept = keep_words(words, acting_user=acting_user)
            follow(SiteReturned(tenant=tenant, reason=told))
        detail: dict[str, Any] = {
            "site": tenant.code, "backup": source.name, "sha256": source.sha256, "state_at": source.moment.isoformat(),
            "reason": work.reason, "aside": aside.name, "aside_sha256": aside.sha256,
            "withheld": [one.page for one in outcome.withheld], "ended": [page for page, _title in outcome.ended],
            "words_of_today": kept,
        }  # fmt: skip
        record_act("site.return", acting_user=acting_user, obj=tenant, detail=detail, chain=schema)
    return outcome


def _changed(schema: str, manifest: Manifest) -> list[str]:
    """Tables that somebody wrote to after they were dumped; who only looked, changed nothing that is kept."""
    with plain_session():
        # Numbers go on from today's in any case.
        left_out = {*WRITTEN_WHILE_READING, "sequences"}
        return [name for name in differences(schema, manifest) if name not in left_out]


def _add_files(staging: Path, folder: Path) -> None:
    """Put files where they are missing. Before the commit: one too many harms neither state, one too few does."""
    try:
        for name, path in files_in(staging):
            place = folder / name
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                place.hardlink_to(path)
    except OSError as error:
        raise unwritable(folder, system_words(error)) from error


def _bring_files_in_line(staging: Path, folder: Path, made: set[str]) -> None:
    """After the commit: the files are those of the earlier state and those ``made`` for words of today, and no others.
    What is removed is in the dump.
    """
    wanted = dict(files_in(staging))
    try:
        for name, path in list(files_in(folder)):
            if name not in wanted:
                if name not in made:
                    path.unlink()
            elif not path.samefile(wanted[name]) and digest_of_file(path) != digest_of_file(wanted[name]):
                wanted[name].replace(path)
    except OSError as error:
        raise Refused(
            _("站点已经恢复，但有文件没有整理好（%(why)s）。请再次执行。") % {"why": system_words(error)}
        ) from error


def _fresh(tenant: Tenant) -> Tenant:
    return Tenant.objects.select_related("parent").prefetch_related("domains").get(pk=tenant.pk)
