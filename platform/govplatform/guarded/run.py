"""The outside of a guarded process: start it, feed it, bound it, end it."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from govplatform.guarded.failure import FailureKind, GuardedFailure
from govplatform.guarded.targets import ALLOWED_PREFIXES, is_allowed_name
from govplatform.sentences import gettext_noop

# Nothing else is inherited: no DATABASE_URL, no secret key, no proxy, no Python switch.
INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
STDERR_BYTES = 64 * 1024
CHUNK = 64 * 1024
MEBIBYTE = 1024 * 1024

MESSAGES: dict[FailureKind, str] = {
    "timeout": gettext_noop("处理时间超过上限，已停止。请把文件拆分成几份，或另存为更简单的格式后重试。"),
    "memory": gettext_noop("处理所需内存超过上限，已停止。请把文件拆分成几份，或压缩其中的图片后重试。"),
    "crash": gettext_noop("处理过程意外中断，文件可能已损坏。请用原软件打开并另存一份后重试。"),
    "refused": gettext_noop("该处理请求不被允许。"),
}
#: In the place of ``subprocess.Popen``: see ``prepared.py``.
starter: ContextVar[Callable[..., Any] | None] = ContextVar("starter", default=None)
TOO_MUCH_OUTPUT = gettext_noop("处理结果超过上限，已停止。请把文件拆分成几份后重试。")


def run_guarded(target: str, args: dict[str, Any], *, seconds: float, memory_mb: int, output_mb: int) -> dict[str, Any]:
    """Run the dotted function `target(args) -> dict` in a process of its own and return its answer.

    target: below ALLOWED_PREFIXES and marked with `@guarded_target`. args: JSON-able; paths absolute
    (the child works in "/"). seconds: wall clock, and CPU time rounded up. memory_mb: address space
    (RLIMIT_AS; Python with its libraries needs about 250). output_mb: the answer, and each file written.
    Raises GuardedFailure. Blocks the calling thread; the child dies with it.
    """
    if not is_allowed_name(target, ALLOWED_PREFIXES):
        raise GuardedFailure("refused", MESSAGES["refused"], detail=f"{target} is not allowed")
    try:
        request = json.dumps(
            {
                "target": target,
                "args": args,
                "prefixes": ALLOWED_PREFIXES,
                "seconds": seconds,
                "memory_mb": memory_mb,
                "output_mb": output_mb,
                "parent": os.getpid(),
            }
        ).encode()
    except (TypeError, ValueError) as error:
        raise GuardedFailure("refused", MESSAGES["refused"], detail=str(error)) from error
    process = (starter.get() or subprocess.Popen)(
        [sys.executable, "-P", "-s", "-m", "govplatform.guarded.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=child_environment(),
        close_fds=True,
        start_new_session=True,
    )
    try:
        answer, errors, stopped = _converse(process, request, seconds=seconds, output_bytes=output_mb * MEBIBYTE)
    finally:
        _end_group(process)
    detail = errors[-4000:].decode("utf-8", "replace")
    if stopped == "timeout":
        raise GuardedFailure("timeout", MESSAGES["timeout"], detail=detail)
    if stopped == "output":
        raise GuardedFailure("refused", TOO_MUCH_OUTPUT, detail=detail)
    return _read_answer(answer, process.returncode, detail)


def child_environment() -> dict[str, str]:
    """Return the environment of the child: a few harmless variables, and where our packages lie."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(_source_roots())
    environment["PYTHONUTF8"] = "1"
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return environment


def _source_roots() -> list[str]:
    """Our own entries of sys.path; those of Python and of the virtual environment come by themselves."""
    own = [str(Path(__file__).resolve().parents[2])]
    for entry in sys.path:
        path = Path(entry)
        if not entry or not path.is_absolute() or not path.is_dir():
            continue
        if "site-packages" in path.parts or path.is_relative_to(sys.base_prefix):
            continue
        if str(path) not in own:
            own.append(str(path))
    return own


def _converse(
    process: "subprocess.Popen[bytes]", request: bytes, *, seconds: float, output_bytes: int
) -> tuple[bytes, bytes, str]:
    """Write the request and read both pipes without ever blocking past the deadline.

    Returns (answer, end of standard error, "" | "timeout" | "output").
    """
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    deadline = time.monotonic() + seconds
    answer, errors = bytearray(), bytearray()
    unsent = memoryview(request)
    with selectors.DefaultSelector() as selector:
        for pipe, event in (
            (process.stdin, selectors.EVENT_WRITE),
            (process.stdout, selectors.EVENT_READ),
            (process.stderr, selectors.EVENT_READ),
        ):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, event)
        while selector.get_map():
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return bytes(answer), bytes(errors), "timeout"
            for key, _ in selector.select(remaining):
                if key.fileobj is process.stdin:
                    try:
                        unsent = unsent[os.write(key.fd, unsent[:CHUNK]) :]
                    except BrokenPipeError:
                        unsent = unsent[:0]
                    if not unsent:
                        selector.unregister(process.stdin)
                        process.stdin.close()
                    continue
                chunk = os.read(key.fd, CHUNK)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    answer += chunk
                    if len(answer) > output_bytes:
                        return b"", bytes(errors), "output"
                else:
                    errors += chunk
                    del errors[:-STDERR_BYTES]
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        # Both pipes are closed but the process is not gone yet: a matter of milliseconds.
        if time.monotonic() > deadline:
            return bytes(answer), bytes(errors), "timeout"
        time.sleep(0.002)
    return bytes(answer), bytes(errors), ""


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill whatever is left of the session, reap the child, close the pipes."""
    # The child is not reaped before this, so its group id is still ours: no stranger can be hit.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None and not pipe.closed:
            pipe.close()


def _read_answer(answer: bytes, returncode: int, detail: str) -> dict[str, Any]:
    """Turn the child's last words and its exit status into a result or a GuardedFailure."""
    kind: FailureKind = "crash"
    try:
        reply = json.loads(answer)
    except ValueError:
        if returncode == -signal.SIGXCPU:
            kind = "timeout"
        elif returncode == -signal.SIGKILL or "MemoryError" in detail:
            # Not our kill: the kernel's, for want of memory or at the hard CPU limit.
            kind = "memory"
        raise GuardedFailure(kind, MESSAGES[kind], detail=f"status {returncode} {detail}") from None
    if isinstance(reply, dict) and isinstance(reply.get("result"), dict):
        return dict(reply["result"])
    if isinstance(reply, dict) and reply.get("failure") in MESSAGES:
        kind = reply["failure"]
    raise GuardedFailure(kind, MESSAGES[kind], detail=str(reply)[:4000])
