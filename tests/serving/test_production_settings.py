"""What a real installation has to say of itself before anything starts."""

import os
import subprocess
import sys

import pytest

from tests.database import ROOT

pytestmark = pytest.mark.unit

_SAID = {"SECRET_KEY": "x" * 50, "CONSOLE_PARENT_DOMAIN": "console.example.gov.cn", "OUTWARD_PROXIES": "1"}


def _start(said: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in _SAID}
    environment |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]), **said}
    command = [sys.executable, "-c", "from govplatform.settings import production as p; print(p.OUTWARD_PROXIES)"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_an_installation_that_does_not_say_how_many_proxies_stand_before_it_does_not_start():
    assert _start(_SAID).stdout == "1\n"
    for name in _SAID:
        done = _start({other: value for other, value in _SAID.items() if other != name})
        assert done.returncode != 0
        assert name in done.stderr
    assert _start({**_SAID, "OUTWARD_PROXIES": "one"}).returncode != 0


def test_a_web_node_needs_the_applications_login_alone():
    said = {**_SAID, "GOVPLATFORM_LOGIN": "app", "APP_DATABASE_URL": "postgresql://govplatform_app@db.example/platform"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]), **said}
    ask = "from govplatform.settings import production as p; d = p.DATABASES['default']; print(d['USER'], d['HOST'])"
    done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "govplatform_app db.example\n", done.stderr
