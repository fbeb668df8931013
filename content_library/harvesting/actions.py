"""The acts of harvesting: register a source, read it page by page, pause it."""

import json
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Busy, Refused

from ..schema.checking import faults_of
from ..schema.definition import json_schema
from .fetching import FetchFault, Policy, check_url, fetch
from .models import HarvestRun, HarvestSource
from .permissions import reasons_against_trusting, require_managing
from .taking_in import CHANGED, NEW, SKIPPED, WITHDRAWN, Prepared, prepare_change, take_in

PAGE_OF_CHANGES = 50
LARGEST_PAGE = 48 * 1024 * 1024
#: Limits of one run, in time and pages; the next run goes on where this one ended.
LONGEST_RUN = timedelta(minutes=30)
MOST_PAGES = 20_000
_FAULTS_KEPT = 100
_LONGEST_CURSOR = 200
_BACKOFF = timedelta(minutes=5)
_LONGEST_BACKOFF = timedelta(days=1)
#: A run that has not ended by then was killed.
_ABANDONED = LONGEST_RUN + timedelta(minutes=10)
#: A run that brought nothing is forgotten after that.
_EMPTY_RUNS_KEPT = timedelta(days=30)
_COUNTED = {NEW: "new", CHANGED: "changed", WITHDRAWN: "withdrawn", SKIPPED: "skipped"}
Progress = Callable[[int, int, str], None]


def base_url(url: str) -> str:
    """Return the address ``.../api/library/`` of a platform, given that address, one below it, or the platform's own.

    Raises Refused for an address that cannot be harvested.
    """
    url = url.strip()
    check_url(url)
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise Refused(_("接口地址里不要带“?”或“#”之后的部分。"))
    path = parts.path.rstrip("/")
    path = path.removesuffix("/changes")
    if not path.endswith("/api/library"):
        path += "/api/library"
    made = f"{parts.scheme}://{parts.netloc.lower()}{path}/"
    if len(made) > 300:
        raise Refused(_("接口地址过长。"))
    return made


def reasons_against_interval(minutes: int) -> list[str]:
    """Say why a source may not be read every so many minutes."""
    return [] if 5 <= minutes <= 7 * 24 * 60 else [_("间隔须在 5 分钟与 7 天之间。")]


def add_source(
    name: str,
    url: str,
    *,
    acting_user: User | None,
    trusted: bool = False,
    every_minutes: int = 30,
    state: str = HarvestSource.State.ACTIVE,
) -> HarvestSource:
    """Register another platform as a source. ``name``: '' for its host; ``trusted``: it lies in the internal network.

    Raises Refused with all reasons: an unusable or known address, an interval out of bounds, or no right to it.
    """
    address = base_url(url)
    with holding(PLATFORM_CHAIN):
        # The source before the person, in the order of locks.
        known = locking(HarvestSource.objects.filter(url=address)).first()
        require_managing(acting_user)
        reasons = reasons_against_trusting(acting_user) if trusted else []
        reasons += reasons_against_interval(every_minutes)
        if known is not None and known.state != HarvestSource.State.REMOVED:
            reasons.append(_("“%(url)s”已经登记过了。") % {"url": address})
        if reasons:
            raise Refused(reasons)
        given = {
            "name": (name.strip() or urlsplit(address).netloc)[:100],
            "trusted": trusted,
            "every_minutes": every_minutes,
            "state": state,
            "created_by": acting_user,
        }
        # One that was removed goes on where it was read to: what it brought is still here.
        source, _made = HarvestSource.objects.update_or_create(
            url=address, defaults={**given, "due_at": timezone.now()}
        )
        _record("library.harvest_source", source, acting_user, {"url": address, "trusted": trusted})
    return source


def set_source_state(source: HarvestSource, state: str, *, acting_user: User | None) -> None:
    """Pause a source, or have it read regularly again; its failures are forgotten. Raises Refused."""
    if state not in (HarvestSource.State.ACTIVE, HarvestSource.State.PAUSED):
        raise Refused(_("没有“%(state)s”这种状态。") % {"state": state})
    with holding(PLATFORM_CHAIN):
        source = locking(HarvestSource.objects).get(pk=source.pk)
        require_managing(acting_user)
        require_present(source)
        source.state, source.due_at, source.failures = state, timezone.now(), 0
        source.save(update_fields=["state", "due_at", "failures"])
        _record("library.harvest_state", source, acting_user, {"url": source.url, "state": state})


def harvest(
    source: HarvestSource,
    *,
    acting_user: User | None = None,
    since: str | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> HarvestRun:
    """Read the changes of a source from its cursor (or ``since``) to the end; return the run, done or failed.

    Each page of changes is one transaction together with the cursor: killed at any moment, the next run begins with the
    page that was not committed. One bad resource is left out and named; when the other platform cannot be asked, the
    run ends there. ``progress``: called with (pages read, pages known, address of the source); ``sleep``: how to wait,
    in seconds. Raises Refused for a person who may not manage sources.
    """
    run = _begin(source, acting_user)
    policy = Policy(private=source.trusted, deadline=time.monotonic() + LONGEST_RUN.total_seconds(), sleep=sleep)
    try:
        _read_pages(source, run, policy, source.cursor if since is None else since, progress)
    except Refused as refusal:
        _finish(source, run, error=" ".join(refusal.reasons))
    except BaseException:
        _finish(source, run, error=_("采集中断。"))
        raise
    else:
        _finish(source, run)
    return run


def require_present(source: HarvestSource) -> None:
    """Raise Refused for a source that was removed."""
    if source.state == HarvestSource.State.REMOVED:
        raise Refused(_("“%(name)s”已经移除；需要时请重新登记。") % {"name": source.name})


def _begin(source: HarvestSource, acting_user: User | None) -> HarvestRun:
    with holding(PLATFORM_CHAIN):
        # A lease: as long as this run may last, the clock starts no other.
        HarvestSource.objects.filter(pk=source.pk).update(due_at=timezone.now() + _ABANDONED)
        require_managing(acting_user)
        require_present(HarvestSource.objects.get(pk=source.pk))
        running = HarvestRun.objects.filter(source=source, state=HarvestRun.State.RUNNING)
        running.filter(started_at__lt=timezone.now() - _ABANDONED).update(
            state=HarvestRun.State.FAILED, error=_("采集中断。"), finished_at=timezone.now()
        )
        # Without this, a source asked every half hour would fill the list with runs that brought nothing.
        HarvestRun.objects.filter(
            source=source, state=HarvestRun.State.DONE, finished_at__lt=timezone.now() - _EMPTY_RUNS_KEPT,
            new=0, changed=0, withdrawn=0, refused=0,
        ).delete()  # fmt: skip
        return HarvestRun.objects.create(source=source, started_by=acting_user, cursor=source.cursor)


def _read_pages(source: HarvestSource, run: HarvestRun, policy: Policy, cursor: str, progress: Progress | None) -> None:
    stored = source.cursor
    seen = {cursor}
    for number in range(1, MOST_PAGES + 1):
        if time.monotonic() > policy.deadline:
            return
        page = read_page(source.url, policy, cursor)
        with tempfile.TemporaryDirectory(prefix="gov-harvest-") as folder:
            prepared = _prepare(page["changes"], source, run, policy, Path(folder))
            _commit(source, run, prepared, page["cursor"], stored)
        stored = cursor = page["cursor"]
        if HarvestRun.objects.filter(pk=run.pk, stop_asked=True).exists():
            run.stop_asked = True
            return
        if progress:
            progress(number, number + bool(page["more"]), source.url)
        if not page["more"]:
            return
        if cursor in seen:
            raise FetchFault(_("对方平台的翻页没有前进，已中止。"))
        seen.add(cursor)


def read_page(url: str, policy: Policy, cursor: str) -> dict[str, Any]:
    """Fetch one page of the source at ``url`` and check its shape as a whole, not that of its items.

    Raises FetchFault.
    """
    asked = {"size": str(PAGE_OF_CHANGES), "documents": "1", **({"since": cursor} if cursor else {})}
    data = fetch(f"{url}changes?{urlencode(asked)}", most=LARGEST_PAGE, policy=policy)
    try:
        page = json.loads(data.decode("utf-8-sig"))
        changes, following, more = page["changes"], page["cursor"], page["more"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise FetchFault(_("对方平台的答复不是变更列表（JSON）。")) from None
    if not (isinstance(changes, list) and isinstance(following, str) and isinstance(more, bool)):
        raise FetchFault(_("对方平台的答复不是变更列表（JSON）。"))
    if len(changes) > PAGE_OF_CHANGES or not 0 < len(following) <= _LONGEST_CURSOR or not following.isprintable():
        raise FetchFault(_("对方平台的变更列表不合规定：条数过多或翻页位置无效。"))
    return {"changes": changes, "cursor": following, "more": more}


def _prepare(
    changes: list[Any], source: HarvestSource, run: HarvestRun, policy: Policy, folder: Path
) -> list[Prepared]:
    """What each resource on the page came to, in the order of their last changes.

    A version never gives way to an older one, whatever stands between them.
    """
    last: dict[str, dict[str, Any]] = {}
    newest: dict[str, dict[str, Any]] = {}
    for item in changes:
        key = item.get("uuid") if isinstance(item, dict) else None
        if not (isinstance(key, str) and _is_uuid(key) and isinstance(item.get("status"), str)):
            _note_fault(run, str(key)[:40], [_("变更没有有效的编号或状态。")])
            continue
        if version := _version_of(item):
            known = _version_of(newest.get(key, {}))
            # A newer version that does not fit the schema does not keep an older one out.
            if version < known and not faults_of(newest[key]["document"], json_schema()):
                said = _("变更列表中第 %(old)s 版排在第 %(new)s 版之后，较旧的版本没有采用。")
                _note_fault(run, key, [said % {"old": version, "new": known}])
                continue
            newest[key] = item
        last.pop(key, None)
        last[key] = item
    prepared, files = [], dict[str, Path]()
    on_page = {UUID(key) for key in last}
    for key, item in last.items():
        try:
            if item["status"] != "withdrawn" and not isinstance(item.get("document"), dict):
                raise Refused(_("变更没有附上可导入的文件。"))
            beside = on_page - {UUID(key)}
            prepared.append(prepare_change(item, source, policy=policy, folder=folder, files=files, beside=beside))
        except FetchFault:
            raise
        except Refused as refusal:
            _note_fault(run, key, refusal.reasons)
    return prepared


def _commit(source: HarvestSource, run: HarvestRun, prepared: list[Prepared], cursor: str, stored: str) -> None:
    """Commit the page together with its cursor, or nothing of it."""
    before = {name: getattr(run, name) for name in (*_COUNTED.values(), "refused", "faults")}
    before["faults"] = list(run.faults)
    try:
        with holding(PLATFORM_CHAIN):
            locked = locking(HarvestSource.objects).get(pk=source.pk)
            if locked.cursor != stored:
                raise Refused(_("另一进程正在采集这个来源，本次到此为止。"))
            for one in prepared:
                _take_in_alone(one, source, run)
            HarvestSource.objects.filter(pk=source.pk).update(cursor=cursor)
            run.cursor = cursor
            # Whoever asks meanwhile that it stops writes in the same row.
            run.save(update_fields=[*before, "cursor"])
    except BaseException:
        for name, value in before.items():
            setattr(run, name, value)
        raise
    source.cursor = cursor


def _take_in_alone(one: Prepared, source: HarvestSource, run: HarvestRun) -> None:
    try:
        with transaction.atomic():
            outcome = take_in(one, source, acting_user=run.started_by)
    except (FetchFault, Busy):
        raise
    except Refused as refusal:
        _note_fault(run, str(one.uuid), refusal.reasons)
    except (DatabaseError, ValueError, OverflowError) as problem:
        # A value fits the JSON Schema but no column: this resource is left out, the others are imported.
        _note_fault(run, str(one.uuid), [_("无法存储：%(problem)s") % {"problem": str(problem)[:200]}])
    else:
        setattr(run, _COUNTED[outcome], getattr(run, _COUNTED[outcome]) + 1)


def _note_fault(run: HarvestRun, uuid: str, reasons: list[str]) -> None:
    run.refused += 1
    if len(run.faults) < _FAULTS_KEPT:
        words = [reason[:300].replace("\x00", "") for reason in reasons[:5]]
        run.faults.append({"uuid": uuid.replace("\x00", ""), "reasons": words})


def _finish(source: HarvestSource, run: HarvestRun, *, error: str = "") -> None:
    now = timezone.now()
    with holding(PLATFORM_CHAIN):
        locked = locking(HarvestSource.objects).get(pk=source.pk)
        ended = HarvestRun.State.STOPPED if run.stop_asked else HarvestRun.State.DONE
        run.state = HarvestRun.State.FAILED if error else ended
        run.error, run.finished_at = error[:2000].replace("\x00", ""), now
        run.save()
        if error:
            locked.failures += 1
            locked.last_error = run.error
            wait = min(_BACKOFF * 2 ** min(locked.failures - 1, 12), _LONGEST_BACKOFF)
            locked.due_at = now + max(wait, timedelta(minutes=locked.every_minutes))
        else:
            locked.failures, locked.last_error, locked.succeeded_at = 0, "", now
            locked.due_at = now + timedelta(minutes=locked.every_minutes)
        locked.save(update_fields=["failures", "last_error", "succeeded_at", "due_at"])
        if run.new or run.changed or run.withdrawn or error:
            detail = {"url": source.url, "new": run.new, "changed": run.changed, "withdrawn": run.withdrawn}
            _record("library.harvest", source, run.started_by, {**detail, **({"error": run.error} if error else {})})
    source.refresh_from_db()


def _record(act: str, source: HarvestSource, acting_user: User | None, detail: dict[str, Any]) -> None:
    record_act(act, acting_user=acting_user, obj=source, detail=detail, chain=PLATFORM_CHAIN)


def _version_of(item: dict[str, Any]) -> int:
    """Number of the version that a change brings; 0 for what brings none, as a withdrawal does."""
    document = item.get("document")
    version = document.get("version") if isinstance(document, dict) else 0
    return version if isinstance(version, int) and item.get("status") != "withdrawn" else 0


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
