"""A real S3 server for the tests: S3Proxy, had once from Maven, with one key that writes and one that reads.

Its jars lie in ``var/test/s3``; without a JDK and Maven the tests with it are left out (``tests/left_out.py``).
"""

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from govplatform.delivery.nodes.bucket import Bucket, BucketError, BucketPlace
from tests.database import ROOT
from tests.ports import free_port

_POM = Path(__file__).parent / "s3_server" / "pom.xml"
_FOLDER = ROOT / "var" / "test" / "s3"
_START_SECONDS = 120
_JAVA = ["-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
WRITING, READING = ("centre", "centre-secret"), ("node", "node-secret")


class NotToBeHadError(RuntimeError):
    """There is no S3 server on this machine; the text says what is missing."""


def build() -> Path:
    """The folder with the jars, filled now if it is not there. Raises NotToBeHadError."""
    built = _FOLDER / f"s3proxy-{hashlib.sha256(_POM.read_bytes()).hexdigest()[:16]}"
    if built.is_dir():
        return built
    if missing := [name for name in ("java", "mvn") if shutil.which(name) is None]:
        raise NotToBeHadError(f"没有找到 {'、'.join(missing)}")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if built.is_dir():
            return built
        with tempfile.TemporaryDirectory(prefix="building-", dir=_FOLDER) as place:
            command = ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", str(_POM)]
            command += ["dependency:copy-dependencies", f"-DoutputDirectory={place}/jars"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise NotToBeHadError(f"mvn 失败：{done.stdout.strip()[-500:]}")
            Path(place, "jars").rename(built)
    return built


@dataclass
class Server:
    """``address``: of the bucket, as DELIVERY_NODES has it."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"s3+http://127.0.0.1:{self.port}/pages"

    @property
    def writing(self) -> Bucket:
        return Bucket(BucketPlace.of(self.address), WRITING)

    @property
    def reading(self) -> Bucket:
        return Bucket(BucketPlace.of(self.address), READING)

    def start(self) -> None:
        for name, (key, secret) in {"writing": WRITING, "reading": READING}.items():
            lines = [
                f"s3proxy.endpoint=http://127.0.0.1:{self.port}", "s3proxy.authorization=aws-v2-or-v4",
                f"s3proxy.identity={key}", f"s3proxy.credential={secret}", "jclouds.provider=filesystem-nio2",
                "jclouds.identity=x", "jclouds.credential=x", f"jclouds.filesystem.basedir={self.folder / 'data'}",
                f"s3proxy.read-only-blobstore={'true' if name == 'reading' else 'false'}",
            ]  # fmt: skip
            (self.folder / f"{name}.properties").write_text("\n".join(lines) + "\n")
        # a bucket is a folder there
        (self.folder / "data" / "pages").mkdir(parents=True, exist_ok=True)
        files = [
            word for name in ("writing", "reading") for word in ("--properties", self.folder / f"{name}.properties")
        ]
        command = ["java", *_JAVA, "-cp", f"{build()}/*", "org.gaul.s3proxy.Main", *files]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                list(self.reading.listed("releases/"))
            except BucketError:
                assert self.process.poll() is None, (self.folder / "server.log").read_text()[-2000:]
                time.sleep(0.2)
            else:
                return
        raise AssertionError("the S3 server does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    folder.mkdir(parents=True)
    server = Server(folder, free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
