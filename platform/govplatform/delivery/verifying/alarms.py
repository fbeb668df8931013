"""Telling people: a line in the log, a line in the file of findings, a webhook, a mail. Never so many that they harm.

What a webhook or a mail server does not take waits for it, and goes with what is said next.

The file of findings is what the application's side reads (``delivery/spool.py``), for the verifier has no database.
"""

import json
import logging
import os
import threading
import time
import urllib.request
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from govplatform.system_words import system_words

from .faults import Fault
from .words import describe

logger = logging.getLogger("govplatform.delivery.verifying")
#: Lines a minute in log and findings; what goes beyond is counted in one line.
LINES_A_MINUTE = 200
#: Seconds between two messages; the first fault after a quiet time is told at once.
BETWEEN = 60.0
#: The same fault of the same file is told again after an hour.
SAME_AGAIN = 3600.0
#: Bytes after which the file of findings is put aside, of which one is kept.
LARGEST_FILE = 64 << 20
#: No link is followed; the platform's account reads it by its group, and nobody else writes it.
_APPEND, _RIGHTS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o640
_SAME_HELD, _IN_A_MESSAGE = 10_000, 20
Send = Callable[[list[Fault], int], None]


@dataclass
class _Way:
    """What waits to be sent one way: the first faults, and how many more. Faults come while a thread sends."""

    send: Send
    _faults: list[Fault] = field(default_factory=list)
    _more: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def waits(self) -> bool:
        return bool(self._faults)

    def add(self, *faults: Fault, more: int = 0) -> None:
        with self._lock:
            room = max(0, _IN_A_MESSAGE - len(self._faults))
            self._faults += faults[:room]
            self._more += len(faults[room:]) + more

    def try_now(self) -> None:
        """Send it. What is not taken stays, and what came meanwhile stands behind it."""
        with self._lock:
            faults, more = self._faults, self._more
            self._faults, self._more = [], 0
        try:
            self.send(faults, more)
        except Exception as error:
            # somebody's mailbox must not end the verifier
            logger.error(json.dumps({"event": "alarm_not_sent", "error": str(error)[:500]}, ensure_ascii=False))
            with self._lock:
                came, self._faults = self._faults, faults
            self.add(*came, more=more)


@dataclass
class Alarms:
    """``findings``: file of lines of JSON; ``senders``: called in a thread with faults and how many more there were."""

    findings: Path | None
    senders: list[Send] = field(default_factory=list)
    _minute: int = 0
    _lines: int = 0
    _over: int = 0
    _told: OrderedDict[tuple[str, str, str, str], float] = field(default_factory=OrderedDict)
    _ways: list[_Way] = field(init=False)
    _sent_at: float = float("-inf")
    _sending: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._ways = [_Way(send) for send in self.senders]

    def tell(self, fault: Fault) -> None:
        self._write_down(fault)
        if not self._is_known(fault):
            for way in self._ways:
                way.add(fault)
        self.send()

    def send(self, *, last: bool = False) -> None:
        """Send what waits, if it is time; ``last``: now, and wait for it to have gone."""
        if last and self._sending is not None:
            self._sending.join()
        due = time.monotonic() - self._sent_at >= BETWEEN and (self._sending is None or not self._sending.is_alive())
        waiting = [way for way in self._ways if way.waits]
        if waiting and (due or last):
            self._sent_at = time.monotonic()
            self._sending = threading.Thread(target=_send, args=(waiting,), daemon=True)
            self._sending.start()
            if last:
                self._sending.join()

    def _is_known(self, fault: Fault) -> bool:
        key, now = (fault.node, fault.host, fault.place, fault.fault), time.monotonic()
        if now - self._told.get(key, float("-inf")) < SAME_AGAIN:
            return True
        self._told[key] = now
        self._told.move_to_end(key)
        if len(self._told) > _SAME_HELD:
            self._told.popitem(last=False)
        return False

    def _write_down(self, fault: Fault) -> None:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            if self._over:
                self._line({"event": "delivery_faults_not_written", "faults": self._over})
            self._minute, self._lines, self._over = minute, 0, 0
        if self._lines >= LINES_A_MINUTE:
            self._over += 1
            return
        self._lines += 1
        self._line({"event": "delivery_fault", **fault.as_json()})

    def _line(self, facts: dict[str, Any]) -> None:
        line = json.dumps(facts, ensure_ascii=False)
        logger.warning(line)
        if self.findings is None:
            return
        try:
            self.findings.parent.mkdir(parents=True, exist_ok=True)
            if self.findings.exists() and self.findings.stat().st_size > LARGEST_FILE:
                self.findings.replace(self.findings.with_name(f"{self.findings.name}.1"))
            with open(os.open(self.findings, _APPEND, _RIGHTS), "a", encoding="utf-8") as stream:
                stream.write(f"{line}\n")
        except OSError as error:
            said = {"event": "findings_not_written", "error": system_words(error)}
            logger.error(json.dumps(said, ensure_ascii=False))


def _send(ways: list[_Way]) -> None:
    for way in ways:
        way.try_now()


def configured_senders() -> list[Send]:
    """To the webhook and the mailboxes of the settings."""
    senders = []
    if settings.DELIVERY_ALARM_URL:
        senders.append(webhook(settings.DELIVERY_ALARM_URL))
    if settings.DELIVERY_ALARM_MAIL:
        sender, backend = settings.REMINDERS_FROM, settings.REMINDERS_EMAIL_BACKEND
        senders.append(mail(backend, sender, settings.DELIVERY_ALARM_MAIL))
    return senders


def webhook(url: str, seconds: float = 10.0) -> Send:
    """Posts ``{"event", "faults", "more"}`` as JSON to ``url``."""

    def send(faults: list[Fault], more: int) -> None:
        body = {"event": "delivery_faults", "faults": [fault.as_json() for fault in faults], "more": more}
        content = json.dumps(body, ensure_ascii=False).encode()
        request = urllib.request.Request(url, content, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            answer.read(1024)

    return send


def mail(backend: str, sender: str, receivers: list[str]) -> Send:
    """One mail to all of ``receivers``."""

    def send(faults: list[Fault], more: int) -> None:
        lines = [describe(fault) for fault in faults]
        if more:
            lines.append(_("另有 %(more)d 处。") % {"more": more})
        subject = _("静态页面被改动：%(count)d 处") % {"count": len(faults) + more}
        EmailMessage(subject, "\n".join(lines), sender, receivers, connection=get_connection(backend)).send()

    return send
