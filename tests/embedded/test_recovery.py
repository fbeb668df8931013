"""Whatever ended badly, the next start is clean and the data are there."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from govplatform import embedded
from govplatform.embedded import processes
from govplatform.embedded.folders import Layout

SOURCE_ROOT = Path(embedded.__file__).parents[2]
START = "import sys, pathlib, govplatform.embedded as server; server.ensure_running(pathlib.Path(sys.argv[1]))"


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "the awaited state did not come"
        time.sleep(0.002)


def start_elsewhere(var_dir: Path) -> "subprocess.Popen[bytes]":
    environment = dict(os.environ, PYTHONPATH=str(SOURCE_ROOT))
    return subprocess.Popen([sys.executable, "-c", START, str(var_dir)], env=environment, start_new_session=True)


def owner(address: embedded.ServerAddress) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(address.url(embedded.OWNER_ROLE, embedded.DATABASE), autocommit=True)


def running_postmaster(var_dir: Path) -> int:
    pid = embedded.status(var_dir).pid
    assert pid is not None
    return pid


def test_postmaster_killed_while_backends_are_busy(var_dir: Path) -> None:
    address = embedded.ensure_running(var_dir)
    with owner(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    # A backend inside a long computation does not notice the death of its postmaster.
    url = address.url(embedded.OWNER_ROLE, embedded.DATABASE)
    busy = "SELECT count(*) FROM generate_series(1, 20000000000)"
    client = subprocess.Popen(
        [str(embedded.tools_dir() / "psql"), url, "-c", "SET max_parallel_workers_per_gather = 0", "-c", busy],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with owner(address) as connection:
            query = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM gen%%' AND state = 'active'"
            wait_for(lambda: connection.execute(query).fetchone())
        os.kill(running_postmaster(var_dir), signal.SIGKILL)
        with owner(embedded.ensure_running(var_dir)) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
    finally:
        client.kill()
        client.wait()


def test_starter_and_initdb_killed_half_way(var_dir: Path) -> None:
    layout = Layout.under(var_dir)
    starter = start_elsewhere(var_dir)
    wait_for(lambda: list(layout.root.glob("init-*/PG_VERSION")))
    starter.kill()
    starter.wait()
    for pid in processes.starting_processes(layout):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert not layout.data.exists()
    assert embedded.ensure_running(var_dir).socket_path.exists()
    assert not list(layout.root.glob("init-*"))


def test_initdb_alone_killed_is_run_again(var_dir: Path) -> None:
    layout = Layout.under(var_dir)
    starter = start_elsewhere(var_dir)
    wait_for(lambda: list(layout.root.glob("init-*/PG_VERSION")))
    for pid in processes.starting_processes(layout):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert starter.wait() == 0
    assert embedded.status(var_dir).running


def test_starter_killed_while_its_initdb_goes_on(var_dir: Path) -> None:
    layout = Layout.under(var_dir)
    starter = start_elsewhere(var_dir)
    wait_for(lambda: list(layout.root.glob("init-*")))
    starter.kill()
    starter.wait()
    with owner(embedded.ensure_running(var_dir)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not list(layout.root.glob("init-*"))


def test_starter_killed_between_launch_and_roles(var_dir: Path) -> None:
    starter = start_elsewhere(var_dir)
    wait_for((Layout.under(var_dir).data / "postmaster.pid").exists)
    starter.kill()
    starter.wait()
    with owner(embedded.ensure_running(var_dir)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (embedded.OWNER_ROLE,)


def test_roles_are_repaired_on_a_running_server(var_dir: Path) -> None:
    address = embedded.ensure_running(var_dir)
    with psycopg.connect(address.url(embedded.SUPERUSER, "postgres"), autocommit=True) as superuser:
        superuser.execute("DROP DATABASE govplatform")
        superuser.execute("DROP ROLE govplatform_app")
    with owner(embedded.ensure_running(var_dir)) as connection:
        assert connection.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'govplatform%%'").fetchone() == (2,)


def test_stale_record_names_a_living_stranger_and_sockets_are_left(var_dir: Path) -> None:
    address = embedded.ensure_running(var_dir)
    pid_file = Layout.under(var_dir).data / "postmaster.pid"
    record = pid_file.read_text().splitlines()
    os.kill(running_postmaster(var_dir), signal.SIGKILL)
    wait_for(lambda: embedded.status(var_dir).pid is None)
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *record[1:]]) + "\n")
        address.socket_path.with_name(address.socket_path.name + ".lock").write_text(f"{stranger.pid}\n")
        assert embedded.ensure_running(var_dir) == address
        embedded.stop(var_dir)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_stop_leaves_a_stranger_with_the_recorded_number_alone(var_dir: Path) -> None:
    embedded.ensure_running(var_dir)
    pid_file = Layout.under(var_dir).data / "postmaster.pid"
    record = pid_file.read_text().splitlines()
    embedded.stop(var_dir)
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *record[1:]]) + "\n")
        assert embedded.stop(var_dir) is False
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_removed_socket_is_noticed(var_dir: Path) -> None:
    address = embedded.ensure_running(var_dir)
    address.socket_path.unlink()
    assert embedded.ensure_running(var_dir) == address
    assert address.socket_path.exists()


def test_copy_of_a_running_project_does_not_reach_the_original(var_dir: Path, tmp_path: Path) -> None:
    address = embedded.ensure_running(var_dir)
    copy = tmp_path / "copy"
    shutil.copytree(
        var_dir, copy, ignore=shutil.ignore_patterns(".s.PGSQL*"), copy_function=shutil.copy2, symlinks=True
    )
    try:
        assert not embedded.status(copy).running
        # Copied files belong to whoever copied: as root, they are handed to the server's account again.
        second = embedded.ensure_running(copy)
        assert second.host != address.host
        assert running_postmaster(copy) != running_postmaster(var_dir)
    finally:
        embedded.stop(copy)


def test_broken_configuration_is_reported_with_the_servers_words(var_dir: Path) -> None:
    embedded.ensure_running(var_dir)
    embedded.stop(var_dir)
    configuration = Layout.under(var_dir).data / "postgresql.conf"
    sound = configuration.read_text()
    configuration.write_text(sound + "\nno_such_setting = 1\n")
    with pytest.raises(embedded.EmbeddedServerError, match="no_such_setting"):
        embedded.ensure_running(var_dir)
    configuration.write_text(sound)
    embedded.ensure_running(var_dir)
