"""Is everything there that was kept, as it was kept, until its term was over? And giving it out."""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.refusals import Refused
from govplatform.rule_packs.known_limits import KNOWN_LIMITS
from govplatform.rule_packs.working_days import local_day, months_later

from .chain import CHAIN, KEPT, REMOVED, Chain, read_chain

#: The act in the audit record that holds the head of the chain.
ACT = "logs.keep"
_CHUNK = 1 << 20
#: So far may the clock of the keeper have been ahead of ours.
_CLOCKS = timedelta(minutes=10)


def anchors() -> set[tuple[int, str]]:
    """(number, hash) of every head that stands in the audit record."""
    rows = Entry.objects.filter(chain=PLATFORM_CHAIN, act=ACT).values_list("detail", flat=True)
    return {(int(detail["number"]), str(detail["hash"])) for detail in rows}


def check_logs() -> dict[str, Any]:
    """``{"ok", "files", "lines", "faults", "anchored"}``; ``anchored``: how many heads of the audit record were
    compared, None when the database was away. Raises OSError.
    """
    chain = read_chain(Path(settings.LOGS_KEPT_DIR))
    faults = [_torn(kind, number) for kind, number in chain.faults]
    present = chain.present()
    faults += [fault for line in present for fault in _of_file(chain, line)]
    faults += _removed_early(chain)
    known = {line["name"] for line in chain.lines} | {CHAIN, ".lock"}
    if chain.folder.exists():
        strangers = sorted(path.name for path in chain.folder.iterdir() if path.name not in known)
        # a copy that was being made when the keeper was killed
        faults += [_("%(name)s 不在链上。") % {"name": name} for name in strangers if not name.startswith(".")]
    anchored = _anchored(chain, faults)
    return {
        "ok": not faults,
        "files": len(present),
        "lines": sum(line["lines"] for line in present),
        "faults": faults,
        "anchored": anchored,
    }


def export_logs(out: Path, *, since: date, until: date, source: str, reason: str) -> dict[str, Any]:
    """Write the kept files with lines of these days, and the chain, as a tar file to ``out``; return what is in it.

    By the shell alone; it is recorded before anything is given out. Raises Refused, OSError.
    """
    chain = read_chain(Path(settings.LOGS_KEPT_DIR))
    chosen = [
        line for line in chain.present() if source in ("", line["source"]) and _overlaps(chain, line, since, until)
    ]
    if not reason.strip():
        raise Refused(_("请写明导出日志的理由。"))
    if until < since:
        raise Refused(_("止日 %(until)s 早于起日 %(since)s。") % {"until": until, "since": since})
    if not chosen:
        raise Refused(_("这段时间没有留存的日志。"))
    detail = {"since": since.isoformat(), "until": until.isoformat(), "source": source, "reason": reason.strip()[:500]}
    with schema_context("public"), transaction.atomic():
        record_act("logs.export", acting_user=None, detail=detail, chain=PLATFORM_CHAIN)
    with tarfile.open(out, "x") as tar:
        for line in chosen:
            tar.add(chain.folder / line["name"], arcname=line["name"], recursive=False)
        content = (chain.folder / CHAIN).read_bytes()[: chain.whole]
        head = tarfile.TarInfo(CHAIN)
        head.size = len(content)
        tar.addfile(head, BytesIO(content))
    out.chmod(0o600)
    return {"files": len(chosen), "lines": sum(line["lines"] for line in chosen), "bytes": out.stat().st_size}


# --- inside ------------------------------------------------------------------------------


def _overlaps(chain: Chain, line: dict[str, Any], since: date, until: date) -> bool:
    """A file has what was written from the end of the one before of the same source to its own end."""
    before = [one for one in chain.lines if one.get("source") == line["source"] and one["number"] < line["number"]]
    began = local_day(datetime.fromisoformat(before[-1]["until"])) if before else date.min
    return began <= until and local_day(datetime.fromisoformat(line["until"])) >= since


def _of_file(chain: Chain, line: dict[str, Any]) -> Iterator[str]:
    path, digest = chain.folder / line["name"], hashlib.sha256()
    try:
        with gzip.open(path, "rb") as stream:
            while block := stream.read(_CHUNK):
                digest.update(block)
    except FileNotFoundError:
        yield _("%(name)s 不在了。") % {"name": line["name"]}
        return
    except (OSError, EOFError, ValueError, zlib.error):
        yield _("%(name)s 无法读取。") % {"name": line["name"]}
        return
    if digest.hexdigest() != line["sha256"]:
        yield _("%(name)s 的内容被改动过。") % {"name": line["name"]}


def _removed_early(chain: Chain) -> Iterator[str]:
    """What went before it might. The term that a line names may be made up: no pack has a shorter one than the law."""
    kept = {line["number"]: line for line in chain.lines if line["act"] == KEPT}
    least, soon = KNOWN_LIMITS["logs_kept"].least or 0, timezone.now() + _CLOCKS
    for line in chain.lines:
        if line["act"] != REMOVED:
            continue
        at, over, file = datetime.fromisoformat(line["at"]), datetime.fromisoformat(line["over"]), kept.get(line["of"])
        early = at < over or at > soon
        if file is not None:
            early = early or local_day(at) <= months_later(local_day(datetime.fromisoformat(file["until"])), least)
        if early:
            yield _("%(name)s 在期限届满前被移除。") % {"name": (file or line)["name"]}


def _anchored(chain: Chain, faults: list[str]) -> int | None:
    try:
        with schema_context("public"):
            known = anchors()
    except Error:
        return None
    ours = {(line["number"], line["hash"]) for line in chain.lines}
    for number, _hash in sorted(known - ours):
        faults.append(_("审计记录里的第 %(number)d 号不在链上，链被截短或改写过。") % {"number": number})
    return len(known)


def _torn(kind: str, number: int) -> str:
    words = {
        "unreadable": _("链的第 %(number)d 行无法读取。"),
        "torn": _("链的第 %(number)d 行与前一行不相连。"),
        "changed": _("链的第 %(number)d 行被改动过。"),
    }
    return words[kind] % {"number": number}
