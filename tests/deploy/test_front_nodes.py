"""deploy/nodes: what stands there for front nodes is taken by systemd, sshd and the programs that it starts."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import ROOT

pytestmark = pytest.mark.unit
NODES = ROOT / "deploy" / "nodes"
_SSHD = shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
#: The unit is closed as those of the centre are (``test_units_and_services``); of 10 points, which stand for 100.
_MOST = "--threshold=20"


def _started(words: list[str]) -> set[str]:
    """The options of a program as it is started, each of which its own help names."""
    at = words.index("-m")
    helped = subprocess.run([sys.executable, "-m", words[at + 1], "--help"], capture_output=True, text=True, check=True,
                            env={**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"})  # fmt: skip
    known = set(re.findall(r"--[a-z]+", helped.stdout))
    given = {word for word in words[at + 2 :] if word.startswith("--")}
    assert given <= known, given - known
    return given


def test_what_a_node_is_started_with_is_what_the_programs_take():
    unit = (NODES / "govplatform-node-bucket.service").read_text()
    (started,) = re.findall(r"^ExecStart=(.+)$", unit, re.M)
    assert _started(shlex.split(started)) == {"--bucket", "--credentials", "--root", "--own", "--key"}
    (forced,) = re.findall(r'command="([^"]+)"', (NODES / "govplatform-node.keys").read_text())
    assert _started(shlex.split(forced)) == {"--root", "--own", "--key", "--verifier"}
    # both accept into the same folders
    for words in ("--root /var/lib/govplatform/delivery", "--own /var/lib/govplatform-node"):
        assert words in started and words in forced


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="without systemd-analyze")
def test_systemd_takes_the_unit_and_finds_it_closed(tmp_path: Path):
    unit = tmp_path / "govplatform-node-bucket.service"
    text = (NODES / unit.name).read_text()
    unit.write_text(text.replace("/opt/govplatform/.venv/bin/python", sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "govplatform" in line]) == (0, [])
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", _MOST, str(unit)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout.splitlines()[-1:] + done.stderr.splitlines()


@pytest.mark.skipif(_SSHD is None, reason="without sshd")
def test_sshd_takes_what_stands_there_and_shuts_everything_else(tmp_path: Path):
    key = tmp_path / "host"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    configuration = tmp_path / "sshd_config"
    text = (NODES / "govplatform-node.conf").read_text()
    configuration.write_text(f"HostKey {key}\n{text}")
    asked = ["-T", "-C", "user=govplatform-node,host=centre,addr=192.0.2.10"]
    done = subprocess.run([str(_SSHD), "-f", str(configuration), *asked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    assert said["disableforwarding"] == "yes" and said["permittty"] == said["permituserrc"] == "no"
    assert said["authenticationmethods"] == "publickey"
    assert said["authorizedkeysfile"] == "/etc/ssh/govplatform-node.keys"
