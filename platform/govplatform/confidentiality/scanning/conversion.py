"""Converts old office files with LibreOffice, where it is installed, in a process of its own with its own limits."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

MEMORY_KB = 2 * 1024 * 1024
FILE_BLOCKS = 512 * 1024
#: POSIX sh counts the size of a file in blocks of 512 bytes.
_LIMITED = f'ulimit -v {MEMORY_KB}; ulimit -f {FILE_BLOCKS}; ulimit -c 0; ulimit -t "$1"; shift; exec "$@"'


def find_office() -> str:
    """Path of the LibreOffice program, '' where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def convert_old_office(path: Path, kind: str, folder: Path, *, seconds: float) -> Path | None:
    """Convert the file to ``kind`` (docx, xlsx, pptx) inside ``folder``; return the path of the result.

    None when LibreOffice is missing, gives nothing, or takes longer than ``seconds``. Macros do not run: the profile is
    new, and LibreOffice asks before it runs any, which nobody answers.
    """
    office = find_office()
    if not office:
        return None
    source = folder / f"original{path.suffix.lower() or '.bin'}"
    shutil.copyfile(path, source)
    command = [
        office, "--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", kind, "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    process = subprocess.Popen(
        ["/bin/sh", "-c", _LIMITED, "sh", str(int(seconds) + 1), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**environment, "HOME": str(folder), "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # The office forks; whatever is left of it goes with its group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    made = folder / "out" / f"original.{kind}"
    return made if made.is_file() else None
