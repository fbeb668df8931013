"""What is done with sources besides reading them: tried before, changed, a reading stopped, removed."""

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Refused

from ..schema.checking import faults_of
from ..schema.definition import json_schema
from .actions import base_url, read_page, reasons_against_interval, require_present
from .fetching import Policy
from .models import HarvestRun, HarvestSource
from .permissions import reasons_against_managing, reasons_against_trusting, require_managing
from .taking_in import is_ours

#: So long a trial may take, in seconds: somebody waits for it before a screen.
LONGEST_TRIAL = 20
#: So many titles a trial names.
_NAMED = 10


@dataclass(frozen=True)
class Trial:
    """What a source answers: its first page of changes. ``titles``: of the first ones; ``faults``: of those that do
    not fit the schema, ``(title or number, reasons)`` each; ``own``: how many this platform itself published, which are
    passed over; ``more``: whether there are further pages.
    """

    url: str
    changes: int
    fitting: int
    withdrawn: int
    own: int
    more: bool
    titles: list[str] = field(default_factory=list)
    faults: list[tuple[str, list[str]]] = field(default_factory=list)


def try_source(url: str, *, trusted: bool = False, acting_user: User | None) -> Trial:
    """Ask a platform for its first page of changes and say what it would bring. Nothing is stored.

    Raises Refused for an address that cannot be harvested, an answer that is none, and who may not manage sources.
    """
    address = base_url(url)
    if reasons := reasons_against_managing(acting_user) + (reasons_against_trusting(acting_user) if trusted else []):
        raise Refused(reasons)
    policy = Policy(private=trusted, deadline=time.monotonic() + LONGEST_TRIAL, sleep=time.sleep)
    page = read_page(address, policy, "")
    titles, faults, fitting, withdrawn, own = list[str](), list[tuple[str, list[str]]](), 0, 0, 0
    for change in page["changes"]:
        told = change if isinstance(change, dict) else {}
        if told.get("status") == "withdrawn":
            withdrawn += 1
            continue
        document: Any = told.get("document")
        title = _title_of(document) or str(told.get("uuid", ""))[:40]
        if found := faults_of(document, json_schema()):
            faults.append((title, [str(one)[:300] for one in found[:3]]))
        elif is_ours(UUID(document["uuid"]), document):
            own += 1
        else:
            fitting += 1
            titles.append(title)
    return Trial(address, len(page["changes"]), fitting, withdrawn, own, page["more"], titles[:_NAMED], faults[:_NAMED])


def change_source(
    source: HarvestSource, *, name: str, every_minutes: int, trusted: bool, acting_user: User | None
) -> HarvestSource:
    """Give a source another name, interval or network. Its address stays: another one is another source.

    Raises Refused with all reasons.
    """
    with holding(PLATFORM_CHAIN):
        source = locking(HarvestSource.objects).get(pk=source.pk)
        require_managing(acting_user)
        require_present(source)
        reasons = reasons_against_interval(every_minutes)
        if trusted and not source.trusted:
            reasons += reasons_against_trusting(acting_user)
        if not name.strip():
            reasons.append(_("请填写名称。"))
        if reasons:
            raise Refused(reasons)
        before = {"name": source.name, "every_minutes": source.every_minutes, "trusted": source.trusted}
        after = {"name": name.strip()[:100], "every_minutes": every_minutes, "trusted": trusted}
        for field_name, value in after.items():
            setattr(source, field_name, value)
        source.save(update_fields=list(after))
        _record("library.harvest_change", source, acting_user, {"url": source.url, "before": before, "after": after})
    return source


def stop_harvest(source: HarvestSource, *, acting_user: User | None) -> None:
    """End the reading that is going on after the page that it is at; what was imported stays. Raises Refused."""
    with holding(PLATFORM_CHAIN):
        source = locking(HarvestSource.objects).get(pk=source.pk)
        require_managing(acting_user)
        running = HarvestRun.objects.filter(source=source, state=HarvestRun.State.RUNNING)
        if not running.update(stop_asked=True):
            raise Refused(_("“%(name)s”没有正在进行的采集。") % {"name": source.name})
        _record("library.harvest_stop", source, acting_user, {"url": source.url})


def remove_source(source: HarvestSource, *, reason: str, acting_user: User | None) -> None:
    """Take a source out of the list and read it no more. What it brought stays, and says where it came from.

    A reading that is going on ends after its page. Raises Refused without a reason or the right.
    """
    with holding(PLATFORM_CHAIN):
        source = locking(HarvestSource.objects).get(pk=source.pk)
        require_managing(acting_user)
        require_present(source)
        if not reason.strip():
            raise Refused(_("请写明移除的理由，理由记入审计。"))
        HarvestRun.objects.filter(source=source, state=HarvestRun.State.RUNNING).update(stop_asked=True)
        source.state = HarvestSource.State.REMOVED
        source.save(update_fields=["state"])
        _record("library.harvest_remove", source, acting_user, {"url": source.url, "reason": reason.strip()[:500]})


def _title_of(document: Any) -> str:
    metadata = document.get("metadata") if isinstance(document, dict) else None
    return str(metadata.get("title", ""))[:255] if isinstance(metadata, dict) else ""


def _record(act: str, source: HarvestSource, acting_user: User | None, detail: dict[str, Any]) -> None:
    record_act(act, acting_user=acting_user, obj=source, detail=detail, chain=PLATFORM_CHAIN)
