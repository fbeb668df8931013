"""The centre asks its front nodes what their verifiers have found: each minute, by SSH as it asks for everything.

A node that somebody has taken over can say what it likes. So its answer is bounded before it is read, every word of it
is one that a finding can be made of, it fills no more than its own share of rows, and the name is that of the
connection. What is true of what a node says of itself, nobody else can know.
"""

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.system_words import system_words

from ..findings import note_unsafe_of, position_of, recent_of, take_in_of
from ..models import FrontNode
from ..pauses import Pauses
from ..spool import LONGEST_LINE, Position, Read, Said, understood
from ..verifying.alarms import Alarms
from ..verifying.faults import Done, Fault, Kind
from . import transport
from .configured import FrontServer

logger = logging.getLogger("govplatform.delivery.nodes")
#: Seconds between two questions, which is what bounds how much a node can say.
_EVERY, _LONGEST_PAUSE = 60.0, 300.0
#: Lines taken from one answer; an honest one has not so many (``found.py``, 200 a minute).
_MOST_LINES = 2_000
_LARGEST = 2**63
_LONGEST_ERROR = 500
#: A clock that is off by years is said to be off by one.
_MOST_OFF = 366 * 24 * 3600


class Strange(ValueError):
    """What the node says is not what a node says."""


@dataclass
class Heard:
    """``read``: None where there was nothing to be had, for ``failed``; the moments by our clock."""

    clock_off: int
    verifier_at: datetime | None
    swept_at: datetime | None
    read: Read | None = None
    failed: str = ""
    errno: int = 0


@dataclass
class Hearing:
    """One thread's work for one node. ``alarms``: log, mail and webhook of the centre."""

    server: FrontServer
    alarms: Alarms
    pauses: Pauses = field(default_factory=lambda: Pauses(longest=_LONGEST_PAUSE))
    again_at: float = 0.0
    is_new: bool = True

    def look(self) -> None:
        """Ask, if it is time; whatever goes wrong is written down in the node's row."""
        if self.is_new:
            self._tell_again()
        self.alarms.send()
        if time.monotonic() < self.again_at or not self.pauses.is_over(""):
            return
        self.again_at = time.monotonic() + _EVERY
        row = FrontNode.objects.get_or_create(name=self.server.name)[0]
        try:
            hear(self.server, self.alarms)
        except transport.Unreachable as error:
            self.again_at = 0.0
            self.pauses.note_failure("")
            _note(row, unheard=str(error).replace("\x00", "")[:_LONGEST_ERROR])
            logger.warning("front node %s is not heard: %s", self.server.name, error)
        else:
            self.pauses.note_success("")

    def _tell_again(self) -> None:
        """What the process before this one took in last: it may have been killed before anybody was told."""
        self.is_new = False
        for one in recent_of(self.server.name):
            at = (one.found_at or one.taken_in_at).isoformat()
            kind, done = Kind(one.fault), Done(one.done)
            self.alarms.tell(Fault(one.host, "", one.place, kind, done, one.detail, at, self.server.name))


def hear(server: FrontServer, alarms: Alarms) -> int:
    """Take in what the node's verifier has found since the last time, and tell people; return how many findings.

    Raises Unreachable.
    """
    since = position_of(server.name)
    answer = transport.ask(server, f"findings {since.file} {since.offset}")
    try:
        heard = understand(answer, timezone.now())
    except Strange as error:
        raise transport.Unreachable(_("节点答非所问：%(said)s") % {"said": str(error)}) from error
    row = FrontNode.objects.get_or_create(name=server.name)[0]
    _note(row, unheard=_why(heard), heard_at=timezone.now(), clock_off=heard.clock_off,
          verifier_at=heard.verifier_at, swept_at=heard.swept_at)  # fmt: skip
    if heard.failed == "unsafe":
        taken = note_unsafe_of(server.name)
    elif heard.read is not None:
        taken = take_in_of(server.name, since, heard.read)
    else:
        taken = []
    for one in taken:
        alarms.tell(_fault(one, server.name))
    return len(taken)


def note_unheard(name: str) -> None:
    """Have the row of a bucket say that nothing comes back through it: nodes there have a key that only reads."""
    row = FrontNode.objects.get_or_create(name=name)[0]
    _note(row, unheard=_("节点对对象存储只能读取，核验结果不能经它取回，请看各节点的日志、邮件和通知。"))


def understand(answer: Mapping[str, Any], now: datetime) -> Heard:
    """What a node answered, in bounds. Raises Strange."""
    theirs = _seconds(answer, "now")
    off = theirs - now.timestamp()
    heard = Heard(
        clock_off=round(max(-_MOST_OFF, min(off, _MOST_OFF))),
        verifier_at=_moment(_seconds(answer, "at"), theirs, now),
        swept_at=_moment(_seconds(answer, "swept_at"), theirs, now),
    )
    failed = answer.get("failed", "")
    if failed:
        if failed not in ("unset", "unsafe", "errno"):
            raise Strange("failed")
        heard.failed, heard.errno = failed, min(_whole(answer, "errno"), 4095) if failed == "errno" else 0
        return heard
    heard.read = _read(answer)
    return heard


# --- inside ------------------------------------------------------------------------------


def _read(answer: Mapping[str, Any]) -> Read:
    lines = answer.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise Strange("lines")
    taken = [line.encode("utf-8", "surrogatepass")[: LONGEST_LINE + 1] for line in lines[:_MOST_LINES]]
    read = understood(taken, Position(_whole(answer, "file"), _whole(answer, "offset")))
    read.unclear += len(lines) - len(taken) + min(_whole(answer, "unclear"), _MOST_LINES)
    read.not_written = min(read.not_written, 1_000_000_000)
    read.is_lost = answer.get("lost") is True
    return read


def _whole(answer: Mapping[str, Any], name: str) -> int:
    value = answer.get(name)
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise Strange(name)
    return value


def _seconds(answer: Mapping[str, Any], name: str) -> float:
    value = answer.get(name, 0)
    if type(value) not in (int, float) or not math.isfinite(value) or not 0 <= value < _LARGEST:
        raise Strange(name)
    return float(value)


def _moment(at: float, theirs: float, now: datetime) -> datetime | None:
    """By our clock: what counts is how long ago it was by the node's."""
    return now - timedelta(seconds=max(0.0, min(theirs - at, 100 * _MOST_OFF))) if at else None


def _why(heard: Heard) -> str:
    match heard.failed:
        case "unset":
            return _("节点上的推送命令没有写明核验程序的目录（--verifier）。")
        case "unsafe":
            return _("节点上的核验记录别人也能改写，没有采信。")
        case "errno":
            return _("节点读不了核验记录：%(why)s。") % {"why": system_words(OSError(heard.errno, ""))}
        case _:
            return ""


def _fault(one: Said, node: str) -> Fault:
    fault = Fault(one.host, "", one.place, one.fault, one.done, one.detail, node=node)
    return fault if one.found_at is None else Fault(**{**vars(fault), "at": one.found_at.isoformat()})


def _note(row: FrontNode, **facts: Any) -> None:
    FrontNode.objects.filter(pk=row.pk).update(**facts)
