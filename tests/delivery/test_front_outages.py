"""What happens to the front server itself: an expired certificate, killed processes, no room for its logs.

The runbook ("Front server") says the same as a table. Only files and the real nginx: no database, no application.
"""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from govplatform.delivery.front.configuration import Installation, write_configuration
from govplatform.delivery.front.hosts import sorted_hosts
from tests.ports import free_port

from .front import Answer, Front
from .publishing import Publisher
from .test_at_bad_moments import small_disk
from .test_publisher import until

pytestmark = [pytest.mark.unit, pytest.mark.nginx]
HOST, _PAGE = "alpha.example", "/news/1/"


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    """Not started yet; ``front.root`` holds a signed release."""
    front = Front(tmp_path)
    published = Publisher(tmp_path, host=HOST)
    published.publish()
    published.root.rename(front.root)
    configure(front)
    yield front
    front.stop()


def configure(front: Front, certificates: Path | None = None) -> None:
    hosts = sorted_hosts({"public": {HOST}, "archive": set(), "console": set()})
    place = Installation(
        front.etc, front.root, front.folder / "static", front.port, f"127.0.0.1:{front.behind}", certificates
    )
    write_configuration(place, hosts)


def page(front: Front) -> Answer:
    return front.ask(_PAGE, host=HOST)


def is_sent(front: Front) -> bool:
    answer = page(front)
    return (answer.status, answer.body) == (200, (front.tree(HOST) / "news/1/index.html").read_bytes())


def expired(folder: Path) -> Path:
    """Key and certificate of ``HOST``, over since yesterday, as ``nginx_config --certificates`` names them."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name, today = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - timedelta(days=90)).not_valid_after(today - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    for prefix in ("", "console-"):
        (folder / f"{prefix}fullchain.pem").write_bytes(built.public_bytes(Encoding.PEM))
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{prefix}privkey.pem").write_bytes(secret)
    return folder


def test_with_an_expired_certificate_the_page_is_sent_and_browsers_warn(front: Front):
    folder = expired(front.folder / "certificates")
    configure(front, folder)
    secure, written = free_port(), front.etc / "servers.conf"
    written.write_text(written.read_text().replace("listen 443", f"listen {secure}").replace(":443 ", f":{secure} "))
    assert "syntax is ok" in front.test()
    front.start()
    said, trusting = [], ssl.create_default_context(cafile=folder / "fullchain.pem")
    for context in (ssl._create_unverified_context(), trusting):
        with socket.create_connection(("127.0.0.1", secure), timeout=30) as plain:
            try:
                with context.wrap_socket(plain, server_hostname=HOST) as door:
                    door.sendall(f"GET {_PAGE} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
                    said.append(b"".join(iter(lambda door=door: door.recv(65_536), b"")))  # type: ignore[misc]
            except ssl.SSLCertVerificationError as warning:
                said.append(str(warning.verify_message).encode())
    assert said[0].startswith(b"HTTP/1.1 200") and (front.tree(HOST) / "news/1/index.html").read_bytes() in said[0]
    assert b"expired" in said[1]
    leads = page(front)
    assert (leads.status, leads["Location"]) == (301, f"https://{HOST}{_PAGE}")


def test_a_killed_worker_is_followed_by_another(front: Front):
    front.start()
    for _time in range(3):
        before = front.workers()
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        # the master keeps the door open: who comes meanwhile waits a moment
        assert all(is_sent(front) for _request in range(20))
        until(lambda before=before: front.workers() and not {*before} & {*front.workers()})  # type: ignore[misc]


def test_with_its_master_killed_the_workers_go_on(front: Front):
    front.start()
    assert front.process is not None
    left = front.workers()
    front.process.kill()
    front.process.wait()
    try:
        assert all(is_sent(front) for _request in range(20))
        # and nobody else takes their place before they have ended
        again = subprocess.run(front.command("-g", "daemon off;"), capture_output=True, timeout=60, check=False)
        assert again.returncode != 0
    finally:
        for worker in left:
            os.kill(worker, signal.SIGKILL)
    front.process = None
    deadline = time.monotonic() + 60
    while front.process is None:
        try:
            front.start()
        except AssertionError:
            # the port is let go of a moment after
            assert time.monotonic() < deadline
            front.process = None
    assert is_sent(front)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")
def test_without_room_for_logs_everything_is_sent(front: Front):
    log = front.etc / "log"
    log.rmdir()
    with small_disk(log, 1):
        front.start()
        assert is_sent(front)
        with pytest.raises(OSError, match="No space"), (log / "filler").open("wb") as filler:
            while True:
                filler.write(b"x" * 4_096)
        size = (log / "govplatform.log").stat().st_size
        assert all(is_sent(front) for _request in range(40))
        assert front.ask("/search/?q=x", host=HOST).status == 503
        (log / "filler").unlink()
        assert is_sent(front)
        # it goes on writing by itself
        until(lambda: is_sent(front) and (log / "govplatform.log").stat().st_size > size)
        front.stop()
