"""kill -9 of publisher, verifier, nginx and application at any moment: never a half file, and everything goes on.

Two kills stand for all of them; ``make soak`` tries twenty, with citizens who read all the time.
"""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as platform_settings
from django_tenants.utils import tenant_context

from govplatform.delivery.changes import note_whole
from govplatform.delivery.delivering import deliver
from govplatform.delivery.keys import publishers_key
from govplatform.delivery.release.store import Store
from govplatform.delivery.verifying.sweeping import sweep
from govplatform.delivery.verifying.verifier import Place, verifier
from govplatform.digests import digest_of_stream
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT
from tests.verbs import call_verb

from .front import Answer, Front, ask
from .looking import delivered, folder_of, out_of_date
from .test_publisher import is_delivered, publisher, until

_PAGE, _LIST = "/news/article/", "/news/"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"


def torn(tenant: Tenant) -> list[str]:
    """Files that citizens could get and whose bytes were never put into the store as a whole."""
    store, found = Store(Path(platform_settings.DELIVERY_ROOT)), []
    tree = folder_of(tenant)
    for path in tree.rglob("*"):
        if path.is_file() and not path.name.startswith((".new.", ".release")):
            with suppress(FileNotFoundError), path.open("rb") as stream:
                if not store.path_of(digest_of_stream(stream).sha256).exists():
                    found.append(str(path.relative_to(tree)))
    return found


def is_proven(tmp_path: Path) -> bool:
    """Whether a verifier that remembers nothing finds everything as it was signed."""
    publishers_key()
    place = Place(
        root=Path(platform_settings.DELIVERY_ROOT), key=Path(platform_settings.DELIVERY_PUBLIC_KEY_FILE),
        memory=None, quarantine=tmp_path / "quarantine",
    )  # fmt: skip
    with verifier(place, repair=False) as means:
        for _step in sweep(means):
            pass
        return means.findings.as_json()["ok"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("seed", range(2))
def test_a_publisher_killed_while_it_renders_a_whole_site(
    live: Any, own_database: str, settings: Any, tmp_path: Path, seed: int
):
    """Each time something is published, the whole site is asked for, and the publisher killed a moment later."""
    tenant, choose = get_tenant("alpha"), random.Random(seed)
    deliver(tenant)
    with tenant_context(tenant):
        factories.live_article(title="杀不掉的信息")
    note_whole(tenant)
    with publisher(own_database, settings.DELIVERY_ROOT) as process:
        until(lambda: (Path(settings.DELIVERY_ROOT) / tenant.public_host).stat() and (delivered(tenant, "/") or True))
        time.sleep(choose.random() * 6)
        process.kill()
        process.wait()
    assert torn(tenant) == []
    with publisher(own_database, settings.DELIVERY_ROOT):
        until(lambda: is_delivered(tenant))
    assert out_of_date(tenant) == [] and torn(tenant) == [] and is_proven(tmp_path)


# --- what takes long -------------------------------------------------------------------------


class Kept:
    """A process that is started again whenever it has ended, as systemd does."""

    def __init__(self, start: Callable[[], "subprocess.Popen[bytes]"]) -> None:
        self._start, self._ending = start, threading.Event()
        self.process = start()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._ending.is_set():
            self.process.wait()
            if not self._ending.wait(0.2):
                self.process = self._start()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        self._ending.set()
        self.kill()
        self._thread.join(timeout=60)


class Reader(threading.Thread):
    """Asks for a page and the list that names it, and holds them against each other. ``longest_mix``: in seconds."""

    def __init__(self, front: Front) -> None:
        super().__init__(daemon=True)
        self.front, self.ending = front, threading.Event()
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []
        self.titles: set[str] = set()
        self.longest_mix = self._mixed_since = 0.0

    def run(self) -> None:
        while not self.ending.is_set():
            try:
                page, listed = (ask(self.front.port, target) for target in (_PAGE, _LIST))
            except OSError:
                self.answers["no connection"] += 1
                time.sleep(0.05)
                continue
            for answer in (page, listed):
                self.answers[str(answer.status)] += 1
                if answer.status != 200 or not answer.body.rstrip().endswith(b"</html>"):
                    self.faults.append(f"{answer.status}, {len(answer.body)} bytes")
            titles = [_title(page), _title(listed)]
            self.titles.update(titles)
            now = time.monotonic()
            if titles[0] == titles[1]:
                self._mixed_since = now
            self.longest_mix = max(self.longest_mix, now - (self._mixed_since or now))


def _title(answer: Answer) -> str:
    found = re.search("第\\d+稿", answer.body.decode())
    return found[0] if found else ""


@contextmanager
def platform(own_database: str, front: Front, folder: Path) -> Iterator[dict[str, Kept]]:
    environment = {
        **os.environ, "DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        "DELIVERY_ROOT": str(front.root), "RENDERING_HELPERS": "0",
        "DELIVERY_VERIFIER_DIR": str(folder / "verifier"), "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
    }  # fmt: skip

    def start(*command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, cwd=ROOT)  # fmt: skip

    manage = (sys.executable, str(ROOT / "manage.py"))
    key = str(platform_settings.DELIVERY_PUBLIC_KEY_FILE)
    application = (
        "from wsgiref.simple_server import make_server; from govplatform.serving.wsgi import application; "
        f"make_server('127.0.0.1', {front.behind}, application).serve_forever()"
    )
    commands = {
        "publisher": (*manage, "run_publisher"),
        "verifier": (*manage, "verify_release", "--watch", "--repair", "--every", "5", "--key", key),
        "nginx": tuple(front.command("-g", "daemon off;")),
        "application": (sys.executable, "-c", application),
    }
    with ExitStack() as ends:
        kept = {}
        for name, command in commands.items():
            kept[name] = Kept(lambda command=command: start(*command))  # type: ignore[misc]
            ends.callback(kept[name].end)
        yield kept


@pytest.mark.soak
@pytest.mark.nginx
def test_twenty_kills(live: Any, own_database: str, settings: Any, tmp_path: Path):
    """Prints what citizens got, and the longest time for which a page and its list said different things."""
    tenant, choose = get_tenant("alpha"), random.Random(15)
    front = Front(tmp_path)
    settings.DELIVERY_ROOT = front.root
    deliver(tenant)
    front.root.chmod(0o755)
    done = call_verb("nginx_config", "--out", str(front.etc), "--root", str(front.root), "--port", str(front.port),
                     "--application", f"127.0.0.1:{front.behind}", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    front.start()
    front.stop()
    with platform(own_database, front, tmp_path) as kept:
        reader, said = Reader(front), Counter[str]()
        until(lambda: not _refused(front))
        reader.start()
        page = live("article")
        for number in range(20):
            with tenant_context(tenant):
                draft = type(page).objects.get(pk=page.pk)
                draft.title = f"第{number}稿"
                draft.save_revision(user=factories.user("alpha_editor"))
                factories.publish(type(page).objects.get(pk=page.pk))
            if number % 4 == 0:
                note_whole(tenant)
            name = choose.choice([*kept, "publisher"])
            time.sleep(choose.random() * 4)
            kept[name].kill()
            said[name] += 1
            assert torn(tenant) == []
        until(lambda: is_delivered(tenant))
        reader.ending.set()
        reader.join()
        assert out_of_date(tenant) == []
        until(lambda: is_proven(tmp_path))
        assert torn(tenant) == [] and reader.faults == [] and len(reader.titles) > 2
        sys.stdout.write(
            f"{dict(said)} killed; answers {dict(reader.answers)}, {len(reader.titles)} titles; "
            f"longest mix {reader.longest_mix:.2f} s\n"
        )


def _refused(front: Front) -> bool:
    try:
        return ask(front.port, _PAGE).status != 200
    except OSError:
        return True
