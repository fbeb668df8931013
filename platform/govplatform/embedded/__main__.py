"""``python -m govplatform.embedded start|stop|status|psql [--var FOLDER]``."""

import argparse
import os
import sys
from pathlib import Path

from . import DATABASE, OWNER_ROLE, EmbeddedServerError, ensure_running, status, stop, tools_dir
from .installation import tool_environment

VAR_VARIABLE = "GOVPLATFORM_VAR"


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; returns 0 when done, 1 when the server is down (``status``) or cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m govplatform.embedded", description="内置数据库")
    parser.add_argument("verb", choices=["start", "stop", "status", "psql"], help="启动、停止、查看、进入命令行")
    parser.add_argument("--var", type=Path, default=_default_var_dir(), help="数据所在的 var 目录")
    parser.add_argument("--user", default=OWNER_ROLE, help="psql 使用的数据库角色")
    parser.add_argument("rest", nargs="*", help="交给 psql 的其他参数（写在 -- 之后）")
    options = parser.parse_args(arguments)
    try:
        match options.verb:
            case "start":
                print("内置数据库已就绪：" + ensure_running(options.var).url(OWNER_ROLE, DATABASE))
            case "stop":
                print("内置数据库已停止。" if stop(options.var) else "内置数据库没有在运行。")
            case "status":
                return _show_status(options.var)
            case "psql":
                _enter_psql(options.var, options.user, options.rest)
    except EmbeddedServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _default_var_dir() -> Path:
    chosen = os.environ.get(VAR_VARIABLE)
    return Path(chosen) if chosen else Path(__file__).resolve().parents[3] / "var"


def _show_status(var_dir: Path) -> int:
    found = status(var_dir)
    if found.running and found.address:
        print(f"内置数据库正在运行（进程号 {found.pid}）：{found.address.url(OWNER_ROLE, DATABASE)}")
        return 0
    print("内置数据库没有在运行。" if found.pid is None else f"内置数据库（进程号 {found.pid}）还不能应答。")
    return 1


def _enter_psql(var_dir: Path, user: str, rest: list[str]) -> None:
    address = ensure_running(var_dir)
    psql = str(tools_dir() / "psql")
    sys.stdout.flush()
    os.execve(psql, [psql, address.url(user, DATABASE), *rest], tool_environment())


if __name__ == "__main__":
    sys.exit(main())
