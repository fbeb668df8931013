"""Long paths, spaces, closed folders, ordinary users; and nothing outside the project changes."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from govplatform import embedded
from govplatform.embedded.account import ServerAccount
from govplatform.embedded.folders import Layout, choose_socket_folder, prepare, prune_logs

SOURCE_ROOT = Path(embedded.__file__).parents[2]
NOBODY = ServerAccount(65534, 65534, switches=True)
VISIT = """
import os, sys
from pathlib import Path
from govplatform import embedded
var_dir = Path(sys.argv[1])
address = embedded.ensure_running(var_dir)
assert (var_dir / "pg/data").stat().st_uid == os.geteuid() != 0
print(address.host)
assert embedded.ensure_running(var_dir) == address
assert embedded.stop(var_dir)
"""


def can_connect(address: embedded.ServerAddress) -> bool:
    with psycopg.connect(address.url(embedded.APPLICATION_ROLE, embedded.DATABASE)) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def ownership(folder: Path) -> list[tuple[int, int, int]]:
    """Mode, user and group of the folder and of everything above it."""
    return [(found.st_mode, found.st_uid, found.st_gid) for found in map(os.stat, (folder, *folder.parents))]


@pytest.mark.usefixtures("var_dir")
def test_path_with_spaces_quotes_and_chinese() -> None:
    # Not below tmp_path, whose length would lead to the short socket folder.
    with tempfile.TemporaryDirectory(prefix='it\'s a "政府" ') as name:
        odd = Path(name) / "var"
        try:
            address = embedded.ensure_running(odd)
            assert address.host == str(odd / "pg" / "run")
            assert can_connect(address)
        finally:
            embedded.stop(odd)


@pytest.mark.parametrize("name", ["x" * 120, "one,two"])
def test_unusable_path_falls_back_to_a_short_private_folder(var_dir: Path, name: str) -> None:
    folder = var_dir / name
    try:
        address = embedded.ensure_running(folder)
        host = Path(address.host)
        assert host.parent == Path(tempfile.gettempdir())
        assert stat.S_IMODE(host.stat().st_mode) == 0o700
        assert host.stat().st_uid == (folder / "pg" / "data").stat().st_uid
        assert can_connect(address)
    finally:
        embedded.stop(folder)
    assert not host.exists()


@pytest.fixture
def short_path() -> Iterator[Path]:
    """Short enough for a socket, unlike pytest's own folders."""
    with tempfile.TemporaryDirectory(prefix="g") as folder:
        yield Path(folder)


def test_short_folder_that_somebody_else_prepared_is_not_used(
    short_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path = short_path
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    layout = Layout(tmp_path / ("x" * 120))
    account = ServerAccount(os.geteuid(), os.getegid(), switches=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (tmp_path / layout.name).symlink_to(elsewhere)
    chosen = choose_socket_folder(layout, account)
    assert chosen.parent == tmp_path and chosen.name not in {layout.name, "elsewhere"}
    assert stat.S_IMODE(chosen.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_folders_above_keep_owner_and_mode(var_dir: Path, mode: int) -> None:
    parent = var_dir / "project"
    parent.mkdir(parents=True, mode=mode)
    parent.chmod(mode)
    before = ownership(parent)
    try:
        assert can_connect(embedded.ensure_running(parent / "var"))
    finally:
        embedded.stop(parent / "var")
    assert ownership(parent) == before
    assert stat.S_IMODE(parent.stat().st_mode) == mode
    private = parent / "var" / "pg"
    for folder in (private, private / "run", private / "log", private / "data"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_ordinary_user_runs_it_alone() -> None:
    # Not below tmp_path: that one is closed to other users.
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        command = [sys.executable, "-c", VISIT, str(home / "var")]
        if os.geteuid() == 0:
            home.chmod(0o755)
            (home / "var").mkdir()
            os.chown(home / "var", 65534, 65534)
            # Root may keep the project or its Python in a closed folder: the user can read those, not own them.
            command = NOBODY.command(command, [SOURCE_ROOT, Path(sys.executable).resolve(), Path(sys.prefix)])
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE_ROOT), "GOVPLATFORM_PG_FSYNC": "off"}
        done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == str(home / "var" / "pg" / "run")


def test_other_users_folder_is_refused_in_words(tmp_path: Path) -> None:
    layout = Layout.under(tmp_path)
    stranger = ServerAccount(os.geteuid() + 1, os.getegid(), switches=False)
    layout.root.mkdir()
    with pytest.raises(embedded.EmbeddedServerError, match="属于另一个用户"):
        prepare(layout, stranger)


def test_logs_are_bounded(tmp_path: Path) -> None:
    layout = Layout.under(tmp_path)
    layout.log.mkdir(parents=True)
    names = [f"postgresql-202601{day:02}-000000.log" for day in range(1, 29)]
    for name in names:
        (layout.log / name).touch()
    prune_logs(layout)
    assert sorted(path.name for path in layout.log.iterdir()) == names[-10:]
