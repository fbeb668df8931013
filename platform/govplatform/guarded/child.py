"""The inside of a guarded process: `python -m govplatform.guarded.child`.

Reads one JSON object from standard input: {"target", "args", "prefixes", "seconds", "memory_mb",
"output_mb", "parent"}. Writes one JSON object to the original standard output: {"result": {...}} or
{"failure": kind, "detail": text}. Whatever the target itself prints goes to standard error.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import traceback
from typing import Any

from govplatform.guarded.targets import is_allowed_name, load_target

MEBIBYTE = 1024 * 1024
OPEN_FILES = 128
PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel for SIGKILL when the parent goes; leave at once when it is already gone."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def set_limits(*, seconds: float, memory_mb: int, output_mb: int) -> None:
    """Lower the limits of this process; never raises one above what the parent had."""
    cpu = max(1, int(seconds) + 1)
    wanted = {
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_AS: (memory_mb * MEBIBYTE,) * 2,
        resource.RLIMIT_FSIZE: (output_mb * MEBIBYTE,) * 2,
        resource.RLIMIT_NOFILE: (OPEN_FILES,) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    for name, (soft, hard) in wanted.items():
        ceiling = resource.getrlimit(name)[1]
        if ceiling == resource.RLIM_INFINITY:
            resource.setrlimit(name, (soft, hard))
        else:
            resource.setrlimit(name, (min(soft, ceiling), min(hard, ceiling)))


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request; every failure is returned as a kind and a detail, never as a traceback on the pipe."""
    target = str(request["target"])
    try:
        if not is_allowed_name(target, tuple(request["prefixes"])):
            return {"failure": "refused", "detail": f"{target} is not allowed"}
        try:
            function = load_target(target)
        except (ImportError, LookupError) as error:
            return {"failure": "refused", "detail": str(error)}
        return {"result": function(request["args"])}
    except MemoryError:
        return {"failure": "memory", "detail": "MemoryError"}
    except BaseException:
        return {"failure": "crash", "detail": traceback.format_exc(limit=-8)[-4000:]}


def main() -> int:
    """Entry point. Exit status 0 whenever an answer was written."""
    request = json.loads(sys.stdin.buffer.read())
    die_with_parent(int(request["parent"]))
    # Our answer keeps the pipe for itself: a library that prints must not corrupt it.
    answer_fd = os.dup(1)
    os.dup2(2, 1)
    set_limits(
        seconds=float(request["seconds"]),
        memory_mb=int(request["memory_mb"]),
        output_mb=int(request["output_mb"]),
    )
    answer = run(request)
    try:
        payload = json.dumps(answer, ensure_ascii=False).encode()
    except MemoryError:
        payload = json.dumps({"failure": "memory", "detail": "MemoryError"}).encode()
    except (TypeError, ValueError) as error:
        payload = json.dumps({"failure": "crash", "detail": str(error)[:1000]}).encode()
    with os.fdopen(answer_fd, "wb") as pipe:
        pipe.write(payload)
    return 0


if __name__ == "__main__":
    sys.exit(main())
