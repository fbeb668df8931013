"""The verb ``verify_release``: as a process without a database, its alarms, and its end."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command

from govplatform.delivery.verifying import alarms
from govplatform.delivery.verifying.alarms import Alarms, mail, webhook
from govplatform.delivery.verifying.faults import Done, Fault, Kind
from tests.database import ROOT
from tests.ports import free_port

from .publishing import Publisher
from .test_verifying import published, settled
from .test_watching import eventually

__all__ = ["published"]
pytestmark = pytest.mark.unit


class _Desk(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        return


@contextmanager
def desk(port: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Somebody who takes alarms: the address, and what came."""
    with HTTPServer(("127.0.0.1", port), _Desk) as server:
        server.got = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", server.got  # type: ignore[attr-defined]
        server.shutdown()


def words(publisher: Publisher) -> list[str]:
    place = publisher.place()
    return ["--root", str(place.root), "--key", str(place.key), "--memory", str(place.memory)]


def process(publisher: Publisher, *more: str, **environ: str) -> subprocess.Popen[str]:
    """``manage.py verify_release`` with the settings of the unit, and no database to be reached."""
    usual = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.verifier",
        "GOVPLATFORM_VAR": str(publisher.folder / "var"),
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "verify_release", *words(publisher), "--json", *more],
        env={**os.environ, **usual, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The verb in this process."""
    output = io.StringIO()
    try:
        call_command("verify_release", *arguments, "--json", stdout=output)
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    return status, json.loads(output.getvalue())


def test_it_needs_no_database_and_ends_as_asked(published: Publisher):
    """Watching: a change is put back, the desk is told, a line is written; SIGTERM ends it with its findings."""
    with desk() as (address, got):
        verifier = process(published, "--watch", "--repair", DELIVERY_ALARM_URL=address)
        try:
            memory = published.folder / f"memory/{published.host}.release"
            newest = published.publish({"robots.txt": b"new"})
            eventually(lambda: memory.read_bytes() == newest)
            (published.tree / "index.html").write_text("hacked")
            eventually(lambda: got and settled(published))
        finally:
            verifier.send_signal(signal.SIGTERM)
            said, errors = verifier.communicate(timeout=120)
    assert verifier.returncode == 1, errors
    found = json.loads(said)
    assert [fault["place"] for fault in found["faults"]] == ["index.html"]
    assert (found["ok"], found["restored"]) == (False, [f"{published.host}/index.html"])
    assert got[0]["faults"][0]["place"] == "index.html" and got[0]["more"] == 0
    lines = (published.folder / "var/delivery_verifier/findings.jsonl").read_text().splitlines()
    assert [json.loads(line)["done"] for line in lines] == ["restored"]
    assert '"event": "delivery_fault"' in errors
    kept = {path.name for path in (published.folder / "var/delivery_verifier/quarantine").iterdir()}
    assert found["quarantined"][0]["kept"] in kept


def test_what_it_says(published: Publisher):
    assert run(*words(published)) == (0, {
        "ok": True, "checked": 7, "faults": [], "restored": [], "quarantined": [], "unfinished": [], "not_told": 0,
    })  # fmt: skip
    (published.tree / "news/evil\x1b[2J.html").write_text("x")
    status, found = run(*words(published), "--site", "alpha")
    assert status == 1 and found["faults"][0]["place"] == "news/evil\\u001b[2J.html"
    status, found = run(*words(published), "--repair")
    assert status == 1 and found["faults"][0]["done"] == "taken_away" and len(found["quarantined"]) == 1
    assert run(*words(published))[0] == 0


def test_wrong_use_is_said(published: Publisher, tmp_path: Path):
    no_key = tmp_path / "no_key"
    no_key.write_text("nothing")
    for more in (["--site", "nowhere"], ["--key", str(no_key)], ["--key", "/nowhere"], ["--root", "/nowhere"],
                 ["--root", str(tmp_path / "memory"), "--repair", "--memory", str(tmp_path / "m")],
                 ["--watch", "--site", "alpha"]):  # fmt: skip
        with pytest.raises(CommandError) as error:
            run(*words(published), *more)
        assert error.value.returncode == 2 and str(error.value)


def test_many_faults_are_few_messages(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch):
    backend = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(alarms.time, "monotonic", lambda: 1e6)
    with desk() as (address, got):
        teller = Alarms(tmp_path / "findings.jsonl", [webhook(address), mail(backend, "a@b.example", ["c@d.example"])])
        for number in range(500):
            teller.tell(Fault("alpha.example", "alpha", f"{number}.html", Kind.FOREIGN, Done.TAKEN_AWAY))
            teller.tell(Fault("alpha.example", "alpha", "0.html", Kind.FOREIGN, Done.TAKEN_AWAY))
        teller.send(last=True)
    assert len(got) == 2 and len(got[0]["faults"]) == 1
    assert len(got[1]["faults"]) + got[1]["more"] == 499
    assert len((tmp_path / "findings.jsonl").read_text().splitlines()) == alarms.LINES_A_MINUTE
    assert len(outbox.outbox) == 2 and "alpha.example/0.html" in outbox.outbox[0].body


def test_an_alarm_that_nobody_takes_does_not_end_it(tmp_path: Path):
    teller = Alarms(tmp_path / "findings.jsonl", [webhook("http://127.0.0.1:1/")])
    teller.tell(Fault("alpha.example", "alpha", "x.html", Kind.CHANGED))
    teller.send(last=True)
    assert (tmp_path / "findings.jsonl").exists()


def test_what_nobody_took_goes_when_they_are_back():
    port = free_port()
    teller = Alarms(None, [webhook(f"http://127.0.0.1:{port}/")])
    for number in range(30):
        teller.tell(Fault("alpha.example", "alpha", f"{number}.html", Kind.CHANGED))
    teller.send(last=True)
    with desk(port) as (_address, got):
        teller.tell(Fault("alpha.example", "alpha", "new.html", Kind.CHANGED))
        teller.send(last=True)
        teller.send(last=True)
    (message,) = got
    assert message["faults"][0]["place"] == "0.html"
    assert len(message["faults"]) + message["more"] == 31


@pytest.mark.soak
def test_a_million_files(tmp_path: Path):
    """Memory does not grow with the number of files; prints what a sweep takes."""
    import psutil

    grown = {}
    for count in (100_000, 1_000_000):
        publisher = Publisher(tmp_path / str(count), files={})
        publisher.folder.mkdir()
        publisher.files = {f"news/{n % 997}/{n}.html": b"<p>%d</p>" % n * 50 for n in range(count)}
        publisher.publish()
        child = process(publisher)
        peak, began = 0, time.monotonic()
        while child.poll() is None:
            peak = max(peak, psutil.Process(child.pid).memory_info().rss)
            time.sleep(0.1)
        said = json.loads(child.stdout.read())  # type: ignore[union-attr]
        assert said["ok"] and said["checked"] == count
        sys.stdout.write(f"{count} files, {time.monotonic() - began:.1f} s, {peak >> 20} MiB\n")
        grown[count] = peak
    assert grown[1_000_000] < grown[100_000] * 1.3
