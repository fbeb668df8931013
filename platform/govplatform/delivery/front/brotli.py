"""Whether the nginx at hand can send files that lie there compressed as brotli: it is asked, not looked up."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
_MODULE = "ngx_http_brotli_static_module.so"
_FOLDER = re.compile(r"--modules-path=([A-Za-z0-9_./\-]+)", re.ASCII)
_SENT = "brotli_static on;"
_PATIENCE = 30.0


@dataclass(frozen=True)
class Brotli:
    """Lines of the configuration, '' for none. ``loaded``: at its beginning; ``sent``: among those for HTTP."""

    loaded: str = ""
    sent: str = ""


def brotli_here() -> Brotli:
    """As the nginx of this machine takes it: built in, as a module of its folder, or not at all."""
    program = shutil.which("nginx", path=_PATH)
    if program is None:
        return Brotli()
    built = _said(program, "-V")
    folder = _FOLDER.search(built)
    module = Path(folder[1], _MODULE) if folder else None
    loaded = [f"load_module {module};"] if module is not None and module.is_file() else []
    return next((found for found in (*(Brotli(line, _SENT) for line in loaded), Brotli("", _SENT))
                 if _is_taken(program, found)), Brotli())  # fmt: skip


def _is_taken(program: str, found: Brotli) -> bool:
    """Whether ``nginx -t`` accepts it: a module of another version is there and cannot be loaded."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        conf = Path(folder, "nginx.conf")
        paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _TEMPORARY)
        conf.write_text(
            f"{found.loaded}\npid {folder}/pid;\nevents {{ }}\nhttp {{ {paths} access_log off; {found.sent} }}\n"
        )
        return "test is successful" in _said(program, "-t", "-e", "stderr", "-c", str(conf))


_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr
