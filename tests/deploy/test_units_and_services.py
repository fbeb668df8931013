"""deploy/systemd and deploy/compose know every process of the platform, with its login, its queues and its rights."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from govplatform.serving.processes import WORKERS, platform_children
from tests.database import ROOT

pytestmark = pytest.mark.unit
SYSTEMD, COMPOSE = ROOT / "deploy" / "systemd", ROOT / "deploy" / "compose"
#: What processes are given by other things than the settings: the units, gunicorn, the image of the database.
_OTHERS = {
    "DJANGO_SETTINGS_MODULE", "GOVPLATFORM_LOGIN", "METRICS_DIR", "PYTHONPATH", "WEB_WORKERS", "POSTGRES_PASSWORD",
    "OWNER_PASSWORD", "APP_PASSWORD",
}  # fmt: skip


def _directives(unit: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _equals, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def _units() -> dict[str, dict[str, list[str]]]:
    return {path.stem.removeprefix("govplatform-"): _directives(path) for path in SYSTEMD.glob("*.service")}


def _services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((COMPOSE / "compose.yaml").read_text())["services"]
    return found


def _told(command: list[str]) -> list[str]:
    """What a process is told, without where it listens and how many there are of it."""
    words = command[command.index("manage.py") + 1 :] if "manage.py" in command else command[2:]
    own = {"--bind", "--workers", "--host", "--port"}
    return [word for number, word in enumerate(words) if word not in own and words[number - 1] not in own]


def _started() -> dict[str, list[str]]:
    """Process -> what ``serve`` tells it."""
    settings.MONITOR_PORT, before = 1, settings.MONITOR_PORT
    try:
        children = platform_children(8000, 1)
    finally:
        settings.MONITOR_PORT = before
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    return {one.name: _told([word if word != manage else "manage.py" for word in one.argv]) for one in children}


def test_each_process_of_serve_has_a_unit_and_a_service_that_tell_it_the_same():
    started = _started()
    units = {name: _told(shlex.split(unit["ExecStart"][0])) for name, unit in _units().items()}
    services = {name: _told(one["command"]) for name, one in _services().items() if name in started}
    assert {name: units[name] for name in started} == started
    assert services == started
    assert units["verifier"] == _told(_services()["verifier"]["command"])


def test_the_target_starts_all_of_them():
    wanted = set(" ".join(_directives(SYSTEMD / "govplatform.target")["Wants"]).split())
    timed = {f"govplatform-{path.stem.removeprefix('govplatform-')}.service" for path in SYSTEMD.glob("*.timer")}
    there = {path.name for path in SYSTEMD.glob("*.service")} - timed | {path.name for path in SYSTEMD.glob("*.timer")}
    assert wanted == there


def test_each_verb_that_is_named_is_one():
    text = "\n".join(path.read_text() for path in [*SYSTEMD.glob("*.service"), COMPOSE / "compose.yaml"])
    verbs = set(re.findall(r"manage\.py,? ([a-z_]+)", text))
    assert {"run_workers", "run_publisher", "run_monitor", "logs", "init_platform"} <= verbs
    assert verbs <= get_commands().keys()


def test_only_who_needs_them_has_the_owners_login_and_the_key_of_releases():
    logins = {name: login for name, _queues, login in WORKERS}
    for name, unit in _units().items():
        said = " ".join(unit.get("Environment", []))
        assert ("owner.env" in unit["EnvironmentFile"][0]) is (logins.get(name) == "owner")
        assert ("DELIVERY_KEY_FILE" in said) is (name == "publisher")
        assert (unit["User"] == ["govplatform-publisher"]) is (name == "publisher")
    for name, service in _services().items():
        owns = "owner.env" in service.get("env_file", [])
        assert owns is (logins.get(name) == "owner" or name == "prepare"), name
        assert ("private_key:/keys/private" in service.get("volumes", [])) is (name == "publisher")


def test_what_processes_are_told_by_their_environment_is_read_by_the_code():
    read = _OTHERS | set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', "".join(p.read_text() for p in _sources())))
    told = set()
    for unit in _units().values():
        told |= {pair.partition("=")[0] for line in unit.get("Environment", []) for pair in shlex.split(line)}
    for service in _services().values():
        told |= set(service.get("environment", {})) - {"<<"}
    for example in COMPOSE.glob("*.env.example"):
        lines = example.read_text().splitlines()
        told |= {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
        assert not [line for line in lines if re.search(r"(KEY|PASSWORD)=.", line)], f"a secret in {example.name}"
    assert told - read == set()


def _sources() -> list[Path]:
    return [*(ROOT / "platform/govplatform/settings").glob("*.py"), *(ROOT / "platform/govplatform").rglob("kept.py")]


def test_what_services_mount_and_depend_on_is_there():
    whole = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    search = yaml.safe_load((COMPOSE / whole["include"][0]["path"]).read_text())
    for name, service in whole["services"].items():
        assert set(service["networks"]) <= whole["networks"].keys() | search["networks"].keys(), name
        assert set(service.get("depends_on", ())) <= whole["services"].keys(), name
        for mount in service["volumes"]:
            source = mount.partition(":")[0]
            if source.startswith("."):
                assert source == "./certificates" or (COMPOSE / source).exists(), source
            else:
                assert source in whole["volumes"], source
        for file in service.get("env_file", ()):
            assert (COMPOSE / f"{file}.example").exists()
    assert {name for name, one in whole["services"].items() if "ports" in one} == {"nginx"}


def test_the_image_is_built_of_what_is_there_and_runs_as_nobody_special():
    lines = (COMPOSE / "Dockerfile").read_text().splitlines()
    for line in lines:
        if line.startswith("COPY "):
            assert (ROOT / line.split()[1]).exists(), line
    assert lines[-1] == "USER govplatform"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="without systemd-analyze")
def test_systemd_takes_the_units_and_finds_them_closed(tmp_path: Path):
    names = [path.name for path in SYSTEMD.iterdir() if path.suffix in {".service", ".timer", ".target"}]
    for name in names:
        text = (SYSTEMD / name).read_text().replace("/opt/govplatform/.venv/bin/python", sys.executable)
        (tmp_path / name).write_text(text)
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    units = [str(tmp_path / name) for name in names]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, env=environment)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "govplatform" in line]) == (0, [])
    for unit in units:
        # of 10 points, which stand for 100 here; what may read and write the files of others has more
        if unit.endswith(".service"):
            most = "--threshold=35" if "verifier" in unit else "--threshold=20"
            command = ["systemd-analyze", "security", "--offline=true", most, unit]
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            assert done.returncode == 0, done.stdout.splitlines()[-1:] + done.stderr.splitlines()
