"""A real SSH server with throw-away keys and, behind its forced commands, front nodes as folders of this machine.

Where sshd or rsync is not found the tests with them are left out (``tests/left_out.py``).
"""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.database import ROOT
from tests.ports import free_port

_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def missing_programs() -> list[str]:
    """Which of the programs that pushing takes are not here, by the names of their packages."""
    packages = {"sshd": "openssh-server", "ssh": "openssh-client", "rsync": "rsync"}
    return [package for program, package in packages.items() if shutil.which(program, path=_PATH) is None]


@dataclass
class Nodes:
    """``names``: of the nodes, each with a port of its own; ``own``: the centre's folder of keys."""

    folder: Path
    public_key: Path
    names: tuple[str, ...] = ("one", "two")
    ports: dict[str, int] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def own(self) -> Path:
        return self.folder / "centre"

    @property
    def setting(self) -> str:
        user = getpass.getuser()
        return " ".join(f"{name}=ssh://{user}@127.0.0.1:{self.ports[name]}" for name in self.names)

    def root(self, name: str) -> Path:
        return self.folder / name / "delivery"

    def verifier(self, name: str) -> Path:
        """Of the verifier there: what it writes the node tells."""
        return self.folder / name / "verifier"

    def tree(self, name: str, host: str) -> Path:
        return self.root(name) / host / "current"

    def prepare(self) -> None:
        self.own.mkdir(parents=True)
        host_key = _made_key(self.folder / "host_key")
        lines, hosts = [], []
        for name in self.names:
            self.ports[name] = free_port()
            public = _made_key(self.own / f"{name}.key")
            command = (
                f"PYTHONPATH={ROOT / 'platform'} {sys.executable} -m govplatform.delivery.nodes.node"
                f" --root {self.root(name)} --own {self.folder / name / 'own'} --key {self.public_key}"
                f" --verifier {self.verifier(name)}"
            )
            lines.append(f'restrict,command="{command}" {public}')
            hosts.append(f"[127.0.0.1]:{self.ports[name]} {host_key}")
        (self.folder / "authorized_keys").write_text("\n".join(lines) + "\n")
        (self.own / "known_hosts").write_text("\n".join(hosts) + "\n")

    def start(self, *names: str) -> None:
        """Have the SSH server listen for those nodes alone."""
        self.stop()
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        lines = [
            *(f"ListenAddress 127.0.0.1:{self.ports[name]}" for name in names),
            f"HostKey {self.folder / 'host_key'}", f"AuthorizedKeysFile {self.folder / 'authorized_keys'}",
            f"PidFile {self.folder / 'sshd.pid'}", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
            "KbdInteractiveAuthentication no", "PermitRootLogin forced-commands-only", "LogLevel ERROR",
        ]  # fmt: skip
        (self.folder / "sshd_config").write_text("\n".join(lines) + "\n")
        program = shutil.which("sshd", path=_PATH)
        assert program is not None
        self.process = subprocess.Popen([program, "-D", "-e", "-f", str(self.folder / "sshd_config")])
        for name in names:
            self._wait(self.ports[name])

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def _wait(self, port: int) -> None:
        for _attempt in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            assert self.process is not None and self.process.poll() is None
            time.sleep(0.05)
        raise AssertionError("sshd does not listen")


@contextmanager
def running(folder: Path, public_key: Path, up: Iterable[str] = ("one", "two")) -> Iterator[Nodes]:
    nodes = Nodes(folder, public_key)
    nodes.prepare()
    try:
        nodes.start(*up)
        yield nodes
    finally:
        nodes.stop()


def _made_key(path: Path) -> str:
    """A new key at ``path``; returns its public half."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path.with_suffix(f"{path.suffix}.pub").read_text().strip()
