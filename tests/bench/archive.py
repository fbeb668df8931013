"""An archive made in process against `wget --warc-file` on our own server: the same addresses, the same site.

First each address is rendered, and wget asks the application. Then the site's files are delivered: the archive takes
from them, and wget asks nginx, which sends them.
"""

import filecmp
import json
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from . import delivery
from .processor import database_seconds, tree_seconds
from .setting import Setting
from .sides import ask
from .table import Row, times
from .web import free_port, gunicorn, running

_ARTICLES, _PAGES, _MANY = 20, 3_000, 10_000
_SITE = "b2"


def archive(setting: Setting) -> list[Row]:
    """Pages a second of all four, and the memory of ours for a few and for many pages."""
    # A site of its own: nothing of the stock side is needed.
    setting.platform_sites(2)
    ask(setting.server, "platform", "publish", 2, 2, _ARTICLES)
    ask(setting.server, "platform", "grow", _SITE, _MANY)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        # The first one makes the pictures that pages show.
        ask(setting.server, "platform", "archive", _SITE, folder / "warm", 1)
        rendered, rendered_rate = _ours(setting, folder / "rendered", _PAGES)
        targets = Path(rendered["list"])
        with _application(setting) as (port, pid):
            theirs, their_rate = _wget(setting, folder, targets, port, pid)
        ask(setting.server, "platform", "bake", _SITE)
        taken, taken_rate = _ours(setting, folder / "taken", _PAGES)
        with _front(setting) as (port, pid):
            sent, sent_rate = _wget(setting, folder, targets, port, pid)
        many, _rate = _ours(setting, folder / "many", _MANY)
        same = _same(folder / "rendered", folder / "taken")
    speed, faster = rendered["captured"] / rendered["seconds"], taken["captured"] / taken["seconds"]
    rate = many["captured"] / many["seconds"]
    growth = many["peak_mb"] - taken["peak_mb"]
    what = f"archive of {taken['captured']} addresses"
    return [
        Row(
            f"{what}, each rendered, against wget --warc-file on the application", f"{theirs:.0f} addresses/s",
            f"{speed:.0f} addresses/s", times(speed / theirs), ">= 5x", speed / theirs >= 5,
        ),
        _effort(their_rate, rendered_rate),
        Row(
            f"{what}, from the site's files, against wget on the application", f"{theirs:.0f} addresses/s",
            f"{faster:.0f} addresses/s", times(faster / theirs), ">= 5x", faster / theirs >= 5,
        ),
        _effort(their_rate, taken_rate),
        Row(
            "the same, against wget on nginx with the files", f"{sent:.0f} addresses/s",
            f"{faster:.0f} addresses/s", times(faster / sent), "informs", None,
        ),
        _effort(sent_rate, taken_rate),
        Row("archives rendered and from files, file by file", "", "equal" if same else "DIFFERENT", "", "equal", same),
        Row(
            f"memory of an archive, {taken['captured']} and {many['captured']} addresses", "",
            f"{taken['peak_mb']:.0f} MB, {many['peak_mb']:.0f} MB", "", "<= 20 MB more", growth <= 20,
        ),
        Row(f"archive of {many['captured']} addresses", "", f"{rate:.0f} addresses/s", "", "", None),
    ]  # fmt: skip


def _effort(theirs: float, ours: float) -> Row:
    return Row(
        "the same, by a second of a processor (capture, server and database)", f"{theirs:.0f} addresses",
        f"{ours:.0f} addresses", times(ours / theirs), "informs", None,
    )  # fmt: skip


def _ours(setting: Setting, out: Path, count: int) -> tuple[dict[str, Any], float]:
    """An archive, and how many addresses a second of a processor is worth."""
    before = database_seconds(setting.server.logs)
    made = ask(setting.server, "platform", "archive", _SITE, out, count)
    return made, made["captured"] / (made["processor"] + database_seconds(setting.server.logs) - before)


def _same(one: Path, other: Path) -> bool:
    paths = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    return bool(paths) and all(filecmp.cmp(one / path, other / path, shallow=False) for path in paths)


@contextmanager
def _application(setting: Setting) -> Iterator[tuple[int, int]]:
    port = free_port()
    with running(setting.server, "platform", gunicorn("platform", port, 2), port) as pid:
        yield port, pid


@contextmanager
def _front(setting: Setting) -> Iterator[tuple[int, int]]:
    """nginx with the site's files and nothing behind it."""
    port = free_port()
    conf = ask(setting.server, "platform", "front", setting.server.var, _SITE, port)["conf"]
    with delivery.running(Path(conf)) as pid:
        yield port, pid


def _wget(setting: Setting, folder: Path, listed: Path, port: int, server: int) -> tuple[float, float]:
    """Addresses a second, and a second of a processor, of wget, which asks for ours one after the other."""
    if shutil.which("wget") is None:
        raise RuntimeError("apt-get install wget")
    addresses = [json.loads(line)["address"] for line in listed.read_text().splitlines()]
    targets = [urlsplit(address)._replace(scheme="http", netloc=f"127.0.0.1:{port}").geturl() for address in addresses]
    (folder / "targets").write_text("\n".join(targets))
    host = urlsplit(addresses[0]).netloc
    words = [
        "wget", "--quiet", f"--warc-file={folder}/wget", "--no-warc-keep-log", "--delete-after", "--no-directories",
        f"--directory-prefix={folder}/got", f"--header=Host: {host}", "-i", str(folder / "targets"),
    ]  # fmt: skip
    subprocess.run([*words[:-2], "--warc-file=" + str(folder / "warm"), targets[-1]], check=False)
    before = _spent(setting, server)
    started = time.perf_counter()
    subprocess.run(words, check=False)
    seconds = time.perf_counter() - started
    spent = _spent(setting, server) - before
    if not (folder / "wget.warc.gz").stat().st_size:
        raise RuntimeError("wget wrote nothing")
    return len(addresses) / seconds, len(addresses) / spent


def _spent(setting: Setting, server: int) -> float:
    """Processor seconds of the web server, of the database, and of what this process waited for (wget)."""
    return (
        tree_seconds(server)
        + database_seconds(setting.server.logs)
        + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    )
