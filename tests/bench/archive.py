"""An archive made in process against `wget --warc-file` on our own server: the same addresses, the same site."""

import json
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from .processor import database_seconds, tree_seconds
from .setting import Setting
from .sides import ask
from .table import Row, times
from .web import free_port, gunicorn, running

_ARTICLES, _PAGES, _MANY = 20, 3000, 10_000
_SITE = "b2"


def archive(setting: Setting) -> list[Row]:
    """Pages a second of both, and the memory of ours for a few and for many pages."""
    # A site of its own: nothing of the stock side is needed.
    setting.platform_sites(2)
    ask(setting.server, "platform", "publish", 2, 2, _ARTICLES)
    with tempfile.TemporaryDirectory() as folder:
        # The first one makes the pictures that pages show.
        ask(setting.server, "platform", "archive", _SITE, f"{folder}/warm", 1)
        database = database_seconds(setting.server.logs)
        ours = ask(setting.server, "platform", "archive", _SITE, f"{folder}/few", _PAGES)
        spent = ours["processor"] + database_seconds(setting.server.logs) - database
        theirs, their_rate = _wget(setting, Path(folder), Path(ours["list"]))
        many = ask(setting.server, "platform", "archive", _SITE, f"{folder}/many", _MANY)
    ratio = ours["captured"] / ours["seconds"] / theirs
    speed = Row(
        f"archive of {ours['captured']} addresses, against wget --warc-file", f"{theirs:.0f} addresses/s",
        f"{ours['captured'] / ours['seconds']:.0f} addresses/s", times(ratio), ">= 5x", ratio >= 5,
    )  # fmt: skip
    growth = many["peak_mb"] - ours["peak_mb"]
    memory = Row(
        f"memory of an archive, {ours['captured']} and {many['captured']} addresses", "",
        f"{ours['peak_mb']:.0f} MB, {many['peak_mb']:.0f} MB", "", "<= 20 MB more", growth <= 20,
    )  # fmt: skip
    rate = many["captured"] / many["seconds"]
    our_rate = ours["captured"] / spent
    effort = Row(
        "the same, by a second of a processor (capture, server and database)", f"{their_rate:.0f} addresses",
        f"{our_rate:.0f} addresses", times(our_rate / their_rate), "informs", None,
    )  # fmt: skip
    last = Row(f"archive of {many['captured']} addresses", "", f"{rate:.0f} addresses/s", "", "", None)
    return [speed, effort, memory, last]


def _wget(setting: Setting, folder: Path, listed: Path) -> tuple[float, float]:
    """Addresses a second, and a second of a processor, of wget, which asks for ours one after the other."""
    if shutil.which("wget") is None:
        raise RuntimeError("apt-get install wget")
    port = free_port()
    addresses = [json.loads(line)["address"] for line in listed.read_text().splitlines()]
    targets = [urlsplit(address)._replace(scheme="http", netloc=f"127.0.0.1:{port}").geturl() for address in addresses]
    (folder / "targets").write_text("\n".join(targets))
    host = urlsplit(addresses[0]).netloc
    words = [
        "wget", "--quiet", f"--warc-file={folder}/wget", "--no-warc-keep-log", "--delete-after", "--no-directories",
        f"--directory-prefix={folder}/got", f"--header=Host: {host}", "-i", str(folder / "targets"),
    ]  # fmt: skip
    with running(setting.server, "platform", gunicorn("platform", port, 2), port) as server:
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
