"""The folder that nginx is started with: ``deploy/nginx`` with the names, places and ports of this platform."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.whole_files import unwritable, write_whole_file

from .hosts import Hosts
from .rules import release_files

SHIPPED = Path(settings.BASE_DIR) / "deploy" / "nginx"
_SYSTEM = Path("/etc/nginx")
#: Templates, each with the servers of one kind; the others of the folder are taken as they are.
_TEMPLATES, _SHARED = "written", "govplatform"
LEDGER = f"{_SHARED}/ledger.conf"
_PLACEHOLDER = re.compile(r"@([A-Z_]+)@")
#: What stands for itself in a configuration without quotes.
_PLAIN = re.compile(r"[A-Za-z0-9_./\-]+", re.ASCII)
_ADDRESS = re.compile(r"(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}", re.ASCII)
_USUAL_TABLE = 32_768


@dataclass(frozen=True)
class Installation:
    """Where things are. ``out``: the folder of the configuration; ``root``: of the published files.

    ``port``: where it listens; with ``certificates`` (a folder, as ``servers.conf`` names its files) it leads to 443.
    ``application``: host and port of the web server behind.
    """

    out: Path
    root: Path
    static: Path
    port: int = 80
    application: str = "127.0.0.1:8000"
    certificates: Path | None = None

    def __post_init__(self) -> None:
        folders = [self.out, self.root, self.static, *([self.certificates] if self.certificates else [])]
        unfit = [str(folder) for folder in folders if not _PLAIN.fullmatch(str(folder))]
        if unfit:
            raise Refused(
                _("目录名只能含英文字母、数字和 . _ -，nginx 才能读取：%(folder)s。请换一个目录。")
                % {"folder": unfit[0]}
            )
        if not _ADDRESS.fullmatch(self.application):
            raise Refused(
                _("应用服务器的地址应为“主机:端口”，例如 127.0.0.1:8000：%(address)s。") % {"address": self.application}
            )
        if not 0 < self.port < 65_536:
            raise Refused(_("端口应在 1 到 65535 之间：%(port)s。") % {"port": self.port})


def write_configuration(place: Installation, hosts: Hosts) -> list[Path]:
    """Write the folder ``place.out`` for ``hosts``; return the files, in order. Raises Refused when it cannot be.

    Each file is there in whole; nginx reads them when it is told to, so a run that was killed is run again. What the
    ledger knows comes from ``addresses.nginx.export_map``; until then it knows nothing.
    """
    texts = dict(_texts(place, hosts))
    written = []
    for folder in ("log", "state"):
        if place.out != _SYSTEM:
            _made(place.out / folder)
    for name, text in sorted(texts.items()):
        written.append(_written(place.out / name, text))
    ledger = place.out / LEDGER
    if not ledger.exists():
        written.append(_written(ledger, (SHIPPED / LEDGER).read_text()))
    for kept in (place.out / "hosts").glob("*.conf"):
        if kept not in written:
            kept.unlink()
    return sorted({*written, ledger})


def _texts(place: Installation, hosts: Hosts) -> Iterator[tuple[str, str]]:
    shared = {
        str(path.relative_to(SHIPPED)): path.read_text() for path in (SHIPPED / _SHARED).rglob("*") if path.is_file()
    }
    shared.pop(LEDGER, None)
    shared |= {f"{_SHARED}/{name}": text for name, text in release_files().items()}
    kinds = [kind for kind, names in hosts.names.items() if names]
    parts = ["servers", *(["redirect"] if place.certificates else []), *kinds]
    templates = {
        "nginx.conf": _template("nginx"),
        "servers.conf": "".join(map(_template, parts)),
    }
    for name, text in {**templates, **shared}.items():
        yield name, _in_place(text, place, hosts.count)
    if not (place.out / "mime.types").exists():
        yield "mime.types", (SHIPPED / _TEMPLATES / "mime.types").read_text()
    for kind in kinds:
        yield f"hosts/{kind}.conf", "".join(f"server_name {name};\n" for name in hosts.names[kind])


def _template(name: str) -> str:
    text = (SHIPPED / _TEMPLATES / f"{name}.conf").read_text()
    prefix = "console-" if name == "console" else ""
    return text.replace("@CERTIFICATE@", f"@{prefix.upper().replace('-', '_')}CERTIFICATE@")


def _in_place(text: str, place: Installation, count: int) -> str:
    values = _values(place)
    text = _PLACEHOLDER.sub(lambda found: values[found[1]], text).replace("\n    \n", "\n")
    text = text.replace(f"{_SYSTEM}/", f"{place.out}/").replace("/var/log/nginx/", f"{values['LOGS']}/")
    if count * 2 > _USUAL_TABLE:
        size = f"server_names_hash_max_size {1 << (count * 2).bit_length()};"
        text = re.sub(r"server_names_hash_max_size \d+;", size, text)
    return text


def _values(place: Installation) -> dict[str, str]:
    """For ``/etc/nginx`` the places that the system's service knows; else everything stands in the folder itself."""
    is_system = place.out == _SYSTEM
    ports = (443, " ssl http2") if place.certificates else (place.port, "")
    plain = _listen(place.port, " default_server")
    return {
        "USER": "user www-data;" if is_system else "",
        "PID": "/run/nginx.pid" if is_system else f"{place.out}/nginx.pid",
        "STATE": "/var/lib/nginx" if is_system else str(place.out / "state"),
        "LOGS": "/var/log/nginx" if is_system else str(place.out / "log"),
        "APPLICATION": place.application,
        "ROOT": str(place.root),
        "STATIC": str(place.static),
        "LISTEN": _listen(*ports),
        "LISTEN_PLAIN": _listen(place.port),
        "LISTEN_OTHERS": plain
        if place.certificates is None
        else f"{plain}\n    {_listen(443, ' ssl http2 default_server')}\n    {_certificate(place.certificates)}",
        "CERTIFICATE": _certificate(place.certificates),
        "CONSOLE_CERTIFICATE": _certificate(place.certificates, "console-"),
    }


def _listen(port: int, more: str = "") -> str:
    lines = [f"listen {port}{more};"]
    if socket.has_dualstack_ipv6():
        lines.append(f"listen [::]:{port}{more};")
    return "\n    ".join(lines)


def _certificate(folder: Path | None, prefix: str = "") -> str:
    if folder is None:
        return ""
    return (
        f"ssl_certificate {folder}/{prefix}fullchain.pem;\n    ssl_certificate_key {folder}/{prefix}privkey.pem;\n"
        f"    include {_SYSTEM}/govplatform/tls.conf;"
    )


def _written(path: Path, text: str) -> Path:
    _made(path.parent)
    write_whole_file(path, [text.encode()], mode=0o644)
    return path


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, system_words(error)) from error
