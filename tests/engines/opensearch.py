"""A real OpenSearch for the tests: built once from Maven's packages, started as a process of its own.

``build()`` puts the jars and the compiled starter into ``var/test/engines``, which takes a minute the first time and
needs a JDK, Maven and its packages. ``Node`` is one running server: 127.0.0.1 alone, 512 MB of heap, its data in a
folder that goes with it. It ends when the process that started it ends, however that happens.
"""

import fcntl
import hashlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.database import ROOT
from tests.ports import free_port

_SOURCE = Path(__file__).parent / "opensearch_node"
_FOLDER = ROOT / "var" / "test" / "engines"
_PROGRAMS = ("java", "javac", "mvn")
_START_SECONDS = 120
#: So long after a build that failed nobody tries again: every process of a run gets the same answer.
_FAILURE_STANDS_SECONDS = 600
#: What OpenSearch's own start script opens for Lucene and Netty on newer Java; no second compilation of what runs for
#: a minute: a start takes 3.4 s of a processor in place of 5.4, and what follows a third less.
_JAVA = [
    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dlog4j2.disable.jmx=true",
    "-Dio.netty.noUnsafe=true", "-Djava.awt.headless=true", "-Dopensearch.networkaddress.cache.ttl=60",
]  # fmt: skip


class NotToBeHadError(RuntimeError):
    """There is no search engine on this machine; the text says what is missing."""


def build() -> Path:
    """Return the folder with ``jars/`` and ``OneNode.class``, made now if it is not there. Raises NotToBeHadError."""
    sources = sorted(path for path in _SOURCE.iterdir() if path.is_file())
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    built = _FOLDER / f"opensearch-{digest}"
    if built.is_dir():
        return built
    if missing := [name for name in _PROGRAMS if shutil.which(name) is None]:
        raise NotToBeHadError(f"没有找到 {'、'.join(missing)}")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    failure = _FOLDER / f"opensearch-{digest}.failed"
    with (_FOLDER / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if built.is_dir():
            return built
        if failure.is_file() and time.time() - failure.stat().st_mtime < _FAILURE_STANDS_SECONDS:
            raise NotToBeHadError(failure.read_text())
        with tempfile.TemporaryDirectory(prefix="building-", dir=_FOLDER) as place:
            try:
                _build_in(Path(place))
            except subprocess.CalledProcessError as error:
                words = f"{error.cmd[0]} 失败：{(error.stdout or '').strip()[-500:]}"
                failure.write_text(words)
                raise NotToBeHadError(words) from error
            Path(place).rename(built)
            Path(place).mkdir()
        failure.unlink(missing_ok=True)
    return built


def _build_in(folder: Path) -> None:
    def run(*words: str) -> None:
        subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    run("mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", str(_SOURCE / "pom.xml"),
        "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}")  # fmt: skip
    run("javac", "-cp", str(folder / "jars" / "*"), "-d", str(folder), str(_SOURCE / "OneNode.java"))


class Node:
    """One server. ``settings``: of OpenSearch, over the usual ones; ``folder``: where it keeps its data and log.

    ``cluster``: it belongs to one of several nodes, which the settings describe. ``heap``: in megabytes.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str] | None = None, *, cluster: bool = False, heap: int = 512
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = dict(settings or {})
        self._heap = [f"-Xms{heap}m", f"-Xmx{heap}m"]
        self._alone = {} if cluster else {"discovery.type": "single-node"}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "the node does not run"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, with the data of the last time, and wait until it answers and its indices can be read."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it and do not wait: of a cluster the first nodes answer when the others are there."""
        built = build()
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "path.home": str(self.folder),
            "cluster.name": f"tests-{self.port}",
            "node.name": "one",
            **self._alone,
            "network.host": "127.0.0.1",
            "transport.port": "0",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "cluster.info.update.interval": "10s",
            **self.settings,
            "http.port": str(self.port),
        }
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["java", *self._heap, *_JAVA, "-cp", f"{built}:{built / 'jars' / '*'}", "OneNode",
                 *(f"{name}={value}" for name, value in settings.items())],
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers and its indices can be read."""
        assert self._process is not None
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.ask("GET", "/_cluster/health?wait_for_status=yellow&timeout=30s")
                return
            except OSError as error:
                if self._process.poll() is not None or time.monotonic() > until:
                    self.kill()
                    raise AssertionError(f"the node does not start:\n{(self.folder / 'log').read_text()}") from error
                time.sleep(0.2)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Speak to it without any client. Raises urllib.error.HTTPError and OSError."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process = None

    def restart(self) -> None:
        """Start it again on the same port with what it had kept."""
        self.kill()
        self.start()

    def remove(self) -> None:
        """End it and delete its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def clear(self) -> None:
        """Take away every index, template and setting: the next test finds an empty engine."""
        self.ask("DELETE", "/_index_template/*")
        self.ask("DELETE", "/_snapshot/*")
        self.ask("PUT", "/_cluster/settings", {"persistent": {"*": None}, "transient": {"*": None}})
        names = [row["index"] for row in self.ask("GET", "/_cat/indices?format=json&expand_wildcards=all")]
        if names:
            self.ask("DELETE", "/" + ",".join(names))


def new_folder() -> Path:
    """A folder for one node, which ``Node.remove`` deletes."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="node-", dir=_FOLDER))


@contextmanager
def running_node(settings: Mapping[str, str] | None = None, *, heap: int = 512) -> Iterator[Node]:
    """A node for the time of the block."""
    node = Node(new_folder(), settings, heap=heap)
    try:
        node.start()
        yield node
    finally:
        node.remove()
