"""A program of which nobody knows how much it says: what comes from a node goes through it, and no node is believed."""

import os
import selectors
import subprocess
import time
from pathlib import Path
from typing import IO

_AT_ONCE = 1 << 16


class SaysTooMuch(OSError):
    """The program said more than was asked for, and was ended."""


def run_bounded(
    command: list[str], content: bytes, *, most: int, timeout: float | None = None, folder: Path | None = None
) -> tuple[int, bytes, bytes]:
    """Status, output and errors of ``command``, each of at most ``most`` bytes. Raises SaysTooMuch, TimeoutExpired,
    OSError.
    """
    until = None if timeout is None else time.monotonic() + timeout
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder) as process:
        try:
            out, errors = _exchange(process, content, most, command, until)
            left = None if until is None else max(until - time.monotonic(), 0.0)
            return process.wait(timeout=left), out, errors
        except BaseException:
            process.kill()
            raise


# --- inside ------------------------------------------------------------------------------


def _exchange(
    process: "subprocess.Popen[bytes]", content: bytes, most: int, command: list[str], until: float | None
) -> tuple[bytes, bytes]:
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    said: dict[IO[bytes], bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
    left = memoryview(content)
    with selectors.DefaultSelector() as ready:
        for stream in said:
            ready.register(stream, selectors.EVENT_READ)
        if left:
            os.set_blocking(process.stdin.fileno(), False)
            ready.register(process.stdin, selectors.EVENT_WRITE)
        else:
            process.stdin.close()
        while ready.get_map():
            wait = None if until is None else max(until - time.monotonic(), 0.0)
            happened = ready.select(wait)
            if not happened:
                raise subprocess.TimeoutExpired(command, 0.0)
            for key, _events in happened:
                if key.fileobj is process.stdin:
                    left = _sent(process.stdin, left)
                    if not left:
                        ready.unregister(process.stdin)
                        process.stdin.close()
                    continue
                some = os.read(key.fd, _AT_ONCE)
                if not some:
                    ready.unregister(key.fileobj)
                    continue
                kept = said[key.fileobj]  # type: ignore[index]
                kept += some
                if len(kept) > most:
                    raise SaysTooMuch
    return bytes(said[process.stdout]), bytes(said[process.stderr])


def _sent(stream: IO[bytes], left: memoryview) -> memoryview:
    """What is still to be sent; nothing where nobody reads any more."""
    try:
        return left[os.write(stream.fileno(), left[:_AT_ONCE]) :]
    except BrokenPipeError:
        return left[:0]
