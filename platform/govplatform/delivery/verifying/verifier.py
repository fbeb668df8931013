"""A verifier, put together from where things lie."""

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from ..release.entries import Faulty
from ..release.signed import PublicKeys, read_public_keys
from ..release.sm2 import Unable
from ..release.store import STORE
from .faults import Fault, Findings
from .host import Means
from .in_force import Judge, Wrong, find
from .memory import Memory
from .opening import FOLDER
from .parts import Parts
from .sweeping import hosts_below
from .taken_down import DownLists
from .taking_away import Bounds, Pit, Quarantine

_MOST_OPEN = 8192


class Unusable(Exception):
    """What was given cannot be worked with; the text says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where things lie. ``memory``, ``quarantine``: folders outside ``root``; without a memory nothing is kept."""

    root: Path
    key: Path
    memory: Path | None = None
    quarantine: Path | None = None
    bounds: Bounds = field(default_factory=Bounds)


@contextmanager
def verifier(place: Place, *, repair: bool = False, tell: Callable[[Fault], None] | None = None) -> Iterator[Means]:
    """What sweeps and watches work with. Raises Unusable."""
    key = read_key(place.key)
    _check(place, repair)
    _allow_open_files()
    try:
        root = os.open(place.root, FOLDER & ~os.O_NOFOLLOW)
    except OSError as error:
        raise Unusable(_("没有静态发布目录 %(root)s。") % {"root": place.root}) from error
    try:
        findings = Findings(tell)
        memory = Memory(place.memory, key)
        pit = Pit(root, Quarantine(place.quarantine, place.bounds), findings.note_quarantined)
        downs = DownLists(root, key, memory)
        yield Means(root, Judge(key, memory), Parts(root, memory), downs, pit, findings, repair)
    finally:
        os.close(root)


def hosts_of(means: Means, site: str) -> list[str]:
    """Hosts of the site with that code, by the releases in force and those that are remembered. Nothing is changed."""
    found = []
    for host in hosts_below(means):
        known = means.judge.memory.newest(host)
        sites = {known[1].site} if known else set()
        with suppress(Wrong):
            now = find(means.root, host, means.judge)
            sites.add(now.release.site)
            now.close()
        if site in sites:
            found.append(host)
    return found


def watching_later(means: Means, later: Callable[[str, str], None]) -> Means:
    """The same for sweeps beside a watch."""
    return replace(means, later=later)


def read_key(path: Path) -> PublicKeys:
    """The publisher's public keys. Raises Unusable."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unusable(
            _("读不到发布公钥 %(path)s。请用 --key 指定，或设置 DELIVERY_PUBLIC_KEY_FILE。") % {"path": path}
        ) from error
    try:
        return read_public_keys(content)
    except Faulty as error:
        raise Unusable(
            _("%(path)s 里不是 PEM 格式的 Ed25519 公钥（可另附一个 SM2 公钥）。") % {"path": path}
        ) from error
    except Unable as error:
        raise Unusable(_("不能核对 SM2 签名：%(why)s。请安装 openssl。") % {"why": error.strerror}) from error


def _check(place: Place, repair: bool) -> None:
    """Repairing removes what it does not know: not from a folder that was named by mistake."""
    for folder in (place.memory, place.quarantine):
        if folder is not None and folder.resolve().is_relative_to(place.root.resolve()):
            raise Unusable(_("%(folder)s 不能放在静态发布目录里面。") % {"folder": folder})
    if not repair:
        return
    known = place.memory is not None and any(place.memory.glob("*.release"))
    if not (place.root / STORE).is_dir() and not known:
        raise Unusable(_("%(root)s 里没有文件库 .store，不像静态发布目录，因此不作修复。") % {"root": place.root})
    for folder in (place.memory, place.quarantine):
        if folder is None:
            continue
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Unusable(_("不能写入 %(folder)s，因此不作修复。请核对目录和权限。") % {"folder": folder})


def _allow_open_files() -> None:
    """One open folder for each level of a tree, two for each host that is watched."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_OPEN if hard == resource.RLIM_INFINITY else min(hard, _MOST_OPEN)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
