"""Create the data directory, launch the server detached, make sure of roles and database."""

import os
import subprocess
import uuid
from pathlib import Path

from .account import ServerAccount
from .address import APPLICATION_ROLE, DATABASE, OWNER_ROLE, PORT, SUPERUSER, ServerAddress
from .errors import EmbeddedServerError
from .folders import Layout, adopt_data, choose_socket_folder, open_owned, remove_unfinished
from .installation import tool_environment, tools_dir

# Only tests set this to "off": a throw-away cluster need not survive a power cut.
FSYNC_VARIABLE = "GOVPLATFORM_PG_FSYNC"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    # One transaction replays a whole schema, or touches every schema of the fleet: a lock for each table and index.
    "max_locks_per_transaction": "2048",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    # No replica hangs on an embedded server.
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "min_wal_size": "160MB",
    "checkpoint_timeout": "15min",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%Y%m%d-%H%M%S.log",
    "log_rotation_size": "10MB",
    "log_rotation_age": "1d",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_checkpoints": "off",
}

# The names are constants of this package.
_BOOTSTRAP = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') THEN CREATE ROLE {OWNER_ROLE}; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
        CREATE ROLE {APPLICATION_ROLE};
    END IF;
END
$$;
ALTER ROLE {OWNER_ROLE} LOGIN CREATEDB CREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS;
ALTER ROLE {APPLICATION_ROLE} LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS;
GRANT {APPLICATION_ROLE} TO {OWNER_ROLE} WITH SET TRUE, INHERIT FALSE;
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""


def durable() -> bool:
    """Say whether writes reach the disk before a commit returns; on unless a test turns it off."""
    return os.environ.get(FSYNC_VARIABLE, "on").lower() not in {"off", "0", "false", "no"}


def create_data(layout: Layout, account: ServerAccount, alive: int) -> bool:
    """Run initdb into a folder of its own and rename it into place; returns whether there is a data directory now.

    ``alive`` is the held lock's descriptor.

    initdb inherits the lock, so that after a kill of the caller the next start waits for it before it cleans up.
    """
    remove_unfinished(layout)
    if layout.data.exists():
        return True
    unfinished = layout.root / f"init-{uuid.uuid4().hex[:12]}"
    argv = [
        str(tools_dir() / "initdb"),
        *("-D", str(unfinished)),
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--text-search-config=simple",
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
        *([] if durable() else ["--no-sync"]),
    ]
    output = open_owned(layout.start_output, account, truncate=True)
    try:
        done = subprocess.run(
            account.command(argv, _reached(layout.root)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(alive,),
            start_new_session=True,
            cwd="/",
            env=tool_environment(),
            check=False,
        )
    finally:
        os.close(output)
    if done.returncode == 0:
        unfinished.rename(layout.data)
    return done.returncode == 0


def launch(layout: Layout, account: ServerAccount, alive: int) -> None:
    """Start the server in a session of its own, as nobody's child; returns before it is ready.

    Call only while holding ``alive``: it proves that no process of this data directory is left, so a
    ``postmaster.pid`` found now is stale even if its number belongs to some living process.
    """
    adopt_data(layout, account)
    (layout.data / "postmaster.pid").unlink(missing_ok=True)
    folder = choose_socket_folder(layout, account)
    socket = ServerAddress(str(folder), PORT).socket_path
    for leftover in (socket, socket.with_name(socket.name + ".lock")):
        leftover.unlink(missing_ok=True)
    settings = dict(_SETTINGS, cluster_name=layout.name, port=str(PORT), unix_socket_directories=_quoted(folder))
    if not durable():
        # Commits still reach the kernel: a killed server loses nothing, only a power cut would.
        settings |= {"fsync": "off", "full_page_writes": "off"}
    argv = [str(tools_dir() / "postgres"), "-D", str(layout.data)]
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    output = open_owned(layout.start_output, account, truncate=True)
    try:
        # pg_ctl would put paths through a shell; here the shell gets them as arguments and only detaches the server.
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *account.command(argv, _reached(layout.data, folder))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(alive,),
            start_new_session=True,
            cwd="/",
            env=tool_environment(),
            check=True,
        )
    finally:
        os.close(output)


def make_roles_and_database(address: ServerAddress) -> None:
    """Create or repair the two roles and the database; may be run any number of times."""
    done = subprocess.run(
        [
            str(tools_dir() / "psql"),
            *("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", address.host, "-p", str(address.port)),
            *("-U", SUPERUSER, "-d", "postgres", "-f", "-"),
        ],
        input=_BOOTSTRAP,
        capture_output=True,
        text=True,
        env=tool_environment(),
        check=False,
    )
    if done.returncode != 0:
        raise EmbeddedServerError("无法在内置数据库中建立角色：\n" + done.stderr.strip())


def start_output(layout: Layout) -> str:
    """Return the last lines that initdb or the server printed, with those of the newest log."""
    sources = [layout.start_output, *sorted(layout.log.glob("postgresql-*.log"))[-1:]]
    lines: list[str] = []
    for source in sources:
        try:
            lines += source.read_text(errors="replace").splitlines()[-15:]
        except OSError:
            continue
    return "\n".join(lines)


def _reached(*folders: Path) -> list[Path]:
    tools = tools_dir()
    return [*folders, tools, tools / "postgres", tools.parent / "share" / "postgresql" / "postgres.bki"]


def _quoted(folder: Path) -> str:
    """The setting is a list: quotes keep a comma, a space or a quote within the one item."""
    return '"' + str(folder).replace('"', '""') + '"'
