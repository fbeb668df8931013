"""The real nginx with the shipped configuration, its names, ports and folders put in place of the installation's.

Where no nginx is found the tests with it are left out, not skipped, and the last lines of the run say so;
with ``REQUIRE_ALL=1`` a missing nginx is an error.
"""

import datetime
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.database import ROOT
from tests.ports import free_port

SHIPPED = ROOT / "deploy" / "nginx"


def nginx_path() -> str | None:
    """Where nginx is, or None; Debian keeps it out of an ordinary account's path."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@dataclass
class FrontServer:
    """A configuration in ``folder``, for an application on port ``behind``. ``changed``: directive -> value."""

    folder: Path
    behind: int
    static: Path
    changed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plain, self.secure, self.redirecting = free_port(), free_port(), free_port()
        for name in ("log", "temp", "ssl"):
            (self.folder / name).mkdir(parents=True)
        _write_certificates(self.folder / "ssl")
        for path in SHIPPED.rglob("*"):
            copy = self.folder / "etc" / path.relative_to(SHIPPED)
            if path.is_dir():
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(self._in_place(path.read_text()))
        shutil.copy2(_mime_types(), self.folder / "etc" / "mime.types")

    def _in_place(self, text: str) -> str:
        secure, plain = f"127.0.0.1:{self.secure}", f"127.0.0.1:{self.plain}"
        for shipped, ours in (
            (r"(?m)^user .*;", "user root;" if os.getuid() == 0 else ""),
            (r"worker_processes auto;", "worker_processes 1;"),
            (r"worker_rlimit_nofile \d+;", ""),
            (r"worker_connections \d+;", "worker_connections 1024;"),
            (r"pid /run/nginx.pid;", f"pid {self.folder}/nginx.pid;"),
            (r"/var/log/nginx/", f"{self.folder}/log/"),
            (r"(?m)^http \{", f"http {{\n{self._temporary_folders()}"),
            (r"(?m)^ *listen \[::\].*\n", ""),
            # beside TLS, for clients that play tricks with single bytes
            (r"listen 443 (ssl http2)(.*);", rf"listen {secure} \1\2; listen {plain}\2;"),
            (r"listen 80", f"listen 127.0.0.1:{self.redirecting}"),
            (r"127\.0\.0\.1:8000", f"127.0.0.1:{self.behind}"),
            (r"example\.gov\.cn", "localhost"),
            (r"/etc/ssl/govplatform/", f"{self.folder}/ssl/"),
            (r"/srv/govplatform/var/static/", f"{self.static}/"),
            (r"/etc/nginx/", f"{self.folder}/etc/"),
            *((rf"(?m)^{name} .*;", f"{name} {value};") for name, value in self.changed.items()),
        ):  # fmt: skip
            text = re.sub(shipped, ours, text)
        return text

    def _temporary_folders(self) -> str:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        return "\n".join(f"{kind}_temp_path {self.folder}/temp/{kind};" for kind in kinds)

    def command(self, *arguments: str) -> list[str]:
        nginx = nginx_path()
        assert nginx is not None
        return [nginx, "-p", str(self.folder), "-c", str(self.folder / "etc" / "nginx.conf"),
                "-e", str(self.folder / "log" / "error.log"), *arguments]  # fmt: skip

    def test(self) -> str:
        """What ``nginx -t`` says of the configuration."""
        done = subprocess.run(self.command("-t"), capture_output=True, text=True, check=False)
        return done.stderr

    @contextmanager
    def running(self) -> Iterator["FrontServer"]:
        self.process = process = subprocess.Popen(self.command("-g", "daemon off;"), stderr=subprocess.DEVNULL)
        try:
            for _attempt in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", self.plain)) == 0:
                        break
                assert process.poll() is None, (self.folder / "log" / "error.log").read_text()
                time.sleep(0.05)
            yield self
        finally:
            process.terminate()
            process.wait(timeout=30)

    def open_bodies(self) -> list[str]:
        """The files with bodies that nginx has open."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        links = [_target(link) for child in children for link in Path(f"/proc/{child}/fd").iterdir()]
        return [link for link in links if link.startswith(str(self.folder / "temp" / "client_body"))]


def _target(link: Path) -> str:
    """What a descriptor leads to; nothing when nginx closed it since the folder was listed."""
    try:
        return os.readlink(link)
    except FileNotFoundError:
        return ""


def _mime_types() -> Path:
    return next(
        path for path in map(Path, ("/etc/nginx/mime.types", "/usr/local/nginx/conf/mime.types")) if path.exists()
    )


def _write_certificates(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for kind in ("", "console-"):
        (folder / f"{kind}fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (folder / f"{kind}privkey.pem").write_bytes(private)
