"""Start, stop and look at the embedded server; every start recovers from whatever the last end left behind."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from . import cluster, processes
from .account import ServerAccount, server_account
from .address import DATABASE, OWNER_ROLE, ServerAddress
from .errors import EmbeddedServerError
from .folders import Layout, prepare, prune_logs, remove_socket_folder
from .handshake import Answer, sign_in
from .locks import starting, try_alive_lock

# Replaying the log after a crash may take long on a slow disk.
START_SECONDS = 120.0
STOP_SECONDS = 30.0
_LAUNCHES = 2
_PAUSE = 0.02
# Backends end by themselves when their postmaster dies, except in the middle of a long statement.
_BACKEND_GRACE = 1.0
# An initdb whose starter was killed is left to finish: about a second, more on a loaded machine.
_STARTING_GRACE = 20.0


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """``running``: it answers; ``pid`` of the postmaster if one is alive; ``address`` only while it answers."""

    running: bool
    pid: int | None
    address: ServerAddress | None


def ensure_running(var_dir: Path) -> ServerAddress:
    """Return the address of the server whose data lie in ``var_dir/pg``, starting it first when it is not up.

    Any number of processes may call this at once, root or not. The server outlives its callers; only
    :func:`stop` ends it. Roles ``govplatform_owner`` and ``govplatform_app`` and the database exist afterwards.

    Raises:
        EmbeddedServerError: it cannot be started; the message holds the last lines of its log.
    """
    layout = Layout.under(var_dir)
    address, answer = _look(layout)
    if address is not None and answer.is_up:
        prune_logs(layout)
        return address
    account = server_account(layout.data)
    prepare(layout, account)
    deadline = time.monotonic() + START_SECONDS
    with starting(layout, account, deadline):
        return _bring_up(layout, account, deadline)


def stop(var_dir: Path) -> bool:
    """End the server (open sessions are rolled back and closed); returns whether one was running.

    Raises:
        EmbeddedServerError: it belongs to another user, or does not end.
    """
    layout = Layout.under(var_dir)
    if not layout.root.exists():
        return False
    account = server_account(layout.data)
    prepare(layout, account)
    deadline = time.monotonic() + STOP_SECONDS
    with starting(layout, account, deadline):
        record = processes.read_pid_file(layout)
        if record is None or not processes.is_our_postmaster(layout, record.pid):
            return False
        _end(layout, record.pid)
        if record.socket_folder:
            remove_socket_folder(layout, Path(record.socket_folder))
    return True


def status(var_dir: Path) -> ServerStatus:
    """Look at the server without changing anything."""
    layout = Layout.under(var_dir)
    address, answer = _look(layout)
    record = processes.read_pid_file(layout)
    pid = record.pid if record and processes.is_our_postmaster(layout, record.pid) else None
    return ServerStatus(answer.is_up, pid, address if answer.is_up else None)


def _look(layout: Layout) -> tuple[ServerAddress | None, Answer]:
    """Sign in where the last record says: the whole cost of a call while the server is up (a few milliseconds)."""
    record = processes.read_pid_file(layout)
    if record is None or record.socket_folder is None or record.port is None:
        return None, Answer(ready=False)
    address = ServerAddress(record.socket_folder, record.port)
    return address, sign_in(address, OWNER_ROLE, DATABASE)


def _bring_up(layout: Layout, account: ServerAccount, deadline: float) -> ServerAddress:
    launches = 0
    began = time.monotonic()
    while time.monotonic() < deadline:
        address, answer = _look(layout)
        if address is not None and (answer.lacks_role_or_database or (answer.is_up and launches)):
            cluster.make_roles_and_database(address)
            prune_logs(layout)
            return address
        if address is not None and answer.is_up:
            return address
        record = processes.read_pid_file(layout)
        if record is not None and processes.is_our_postmaster(layout, record.pid):
            if record.is_ready and address is not None and not address.socket_path.exists():
                # Somebody cleaned the folder: nobody will ever reach this server again.
                _end(layout, record.pid)
            time.sleep(_PAUSE)
            continue
        alive = try_alive_lock(layout, account)
        if alive is None:
            _end_leftovers(layout, time.monotonic() - began)
            time.sleep(_PAUSE)
            continue
        try:
            if launches == _LAUNCHES:
                raise EmbeddedServerError("内置数据库启动失败：\n" + cluster.start_output(layout))
            launches += 1
            if cluster.create_data(layout, account, alive):
                cluster.launch(layout, account, alive)
        finally:
            os.close(alive)
        began = time.monotonic()
    raise EmbeddedServerError(f"内置数据库在 {START_SECONDS:.0f} 秒内没有就绪：\n" + cluster.start_output(layout))


def _end_leftovers(layout: Layout, waited: float) -> None:
    """End what outlived a killed postmaster or starter, each kind after its time of grace in seconds."""
    young = processes.starting_processes(layout)
    victims: list[int] = []
    if not young and waited > _BACKEND_GRACE:
        victims = processes.orphaned_backends(layout)
    elif waited > _STARTING_GRACE:
        victims = young
    for pid in victims:
        # Without a postmaster there is nothing to tell: the next start recovers from the write-ahead log.
        _send(pid, signal.SIGKILL)


def _end(layout: Layout, pid: int) -> None:
    """Fast shutdown, then an immediate one, then the last resort."""
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        _send(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not processes.is_our_postmaster(layout, pid):
                return
            time.sleep(_PAUSE)
    raise EmbeddedServerError(f"内置数据库（进程号 {pid}）没有停下来。")


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        try:
            os.kill(pid, number)
        except PermissionError:
            raise EmbeddedServerError(f"内置数据库（进程号 {pid}）属于另一个用户，无法停止。") from None
