"""What the verifier found reaches people: its file is read, kept in the record, shown until operators saw to it.

Somebody who can write the file, or what stands in it, must not bring anything else into the record than findings.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.delivery.findings import settle_findings, take_in_findings
from govplatform.delivery.models import TamperFinding
from govplatform.delivery.spool import Position, Unsafe, read_spool
from govplatform.delivery.verifying.alarms import Alarms
from govplatform.delivery.verifying.faults import Done, Fault, Kind
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT

from .publishing import Publisher


@pytest.fixture
def spool(settings: Any, tmp_path: Path) -> Path:
    settings.DELIVERY_VERIFIER_DIR = tmp_path / "verifier"
    settings.DELIVERY_VERIFIER_DIR.mkdir(mode=0o750)
    return tmp_path / "verifier" / "findings.jsonl"


def told(spool: Path, place: str, fault: Kind = Kind.CHANGED, host: str = "alpha.localhost") -> None:
    Alarms(spool).tell(Fault(host, "beta", place, fault, Done.RESTORED))


def entries() -> list[Entry]:
    return list(Entry.objects.filter(chain=PLATFORM_CHAIN, act="delivery.findings").order_by("number"))


def test_a_change_of_a_file_reaches_the_operator(spool: Path, db: None, console: Any, tmp_path: Path, settings: Any):
    """From the byte on the disk, by the verifier as a process, to the screen, the to-do list and the record."""
    published = Publisher(tmp_path, host="alpha.localhost")
    published.publish()
    assert published.verify(repair=True).faults == []
    (published.tree / "index.html").write_text("hacked")
    place = published.place()
    environ = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.verifier",
        "DELIVERY_VERIFIER_DIR": str(spool.parent),
    }
    words = ["--root", str(place.root), "--key", str(place.key), "--memory", str(place.memory), "--repair"]
    command = [sys.executable, str(ROOT / "manage.py"), "verify_release", *words]
    assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 1
    assert take_in_findings() == 1 and take_in_findings() == 0
    found = TamperFinding.objects.get()
    assert (found.tenant, found.place, found.fault, found.done) == (
        get_tenant("alpha"), "index.html", "changed", "restored",
    )  # fmt: skip
    (entry,) = entries()
    assert entry.detail["places"] == ["alpha.localhost/index.html"] and entry.detail["by_fault"] == {"changed": 1}
    client = console("operator", "console")
    page = client.get("/admin/delivery/").content.decode()
    assert "alpha.localhost/index.html" in page and "内容被改动" in page and "核验程序还没有运行过" in page
    assert "alpha.localhost/index.html" in client.get("/admin/waiting/").content.decode()
    refused = client.post("/admin/delivery/", {"last": str(found.pk), "note": " "}).content.decode()
    assert "请写明查到的原因和处置情况" in refused
    client.post("/admin/delivery/", {"last": str(found.pk), "note": "维护人员误改，已提醒"})
    assert "没有等待处置的改动" in client.get("/admin/delivery/").content.decode()
    own = console("alpha_admin", "alpha").get("/admin/delivery/alpha/").content.decode()
    assert "维护人员误改，已提醒" in own
    assert Entry.objects.filter(act="delivery.settle_findings", detail__findings=1).exists()


def test_operators_alone_settle(spool: Path, db: None, console: Any):
    told(spool, "index.html")
    take_in_findings()
    one = TamperFinding.objects.get()
    with pytest.raises(Refused, match="平台运维人员"):
        settle_findings(one.pk, acting_user=factories.user("supervisor"), note="看过")
    assert 'name="last"' not in console("supervisor", "console").get("/admin/delivery/").content.decode()
    own = console("alpha_admin", "alpha")
    assert own.post("/admin/delivery/", {"last": str(one.pk), "note": "x"}).status_code == 404
    assert not TamperFinding.objects.filter(settled_at__isnull=False).exists()


FORGED: tuple[object, ...] = (
    {"event": "role.grant", "host": "alpha.localhost", "place": "x", "fault": "changed", "done": ""},
    {"event": "delivery_fault", "host": "../../etc", "place": "x", "fault": "changed", "done": ""},
    {"event": "delivery_fault", "host": ["alpha.localhost"], "place": "x", "fault": "changed", "done": ""},
    {"event": "delivery_fault", "host": "alpha.localhost", "place": "x", "fault": "published", "done": ""},
    {"event": "delivery_fault", "host": "alpha.localhost", "place": "x", "fault": "changed", "done": "approved"},
    {"event": "delivery_fault", "host": "alpha.localhost", "place": "x", "fault": ["changed"], "done": ""},
    {"event": "delivery_faults_not_written", "faults": "many"},
    {"event": "delivery_faults_not_written", "faults": float("inf")},
    [], "text", None, 7,
)  # fmt: skip


def test_what_is_no_finding_comes_into_no_record(spool: Path, db: None):
    lines = [json.dumps(one).encode() for one in FORGED]
    lines += [b"", b"\xff\xfe", b"[" * 9_000, b"x" * 40_000, b'{"event": "delivery_fault"}', b"9" * 5_000]
    odd = {
        "event": "delivery_fault", "host": "beta.localhost", "site": "alpha", "place": "a\x00\x1b[2J\ud800" + "x" * 900,
        "fault": "changed", "done": "restored", "detail": {"act": "role.grant"}, "at": "9999-99-99",
        "act": "role.grant", "actor": "operator", "tenant": 1, "chain": "alpha",
    }  # fmt: skip
    spool.write_bytes(b"\n".join([*lines, json.dumps(odd).encode(), b'{"event": "half']))
    before = Entry.objects.count()
    assert take_in_findings() == 1
    found, (entry,) = TamperFinding.objects.get(), entries()
    assert Entry.objects.count() == before + 1
    assert (found.tenant, found.detail, found.found_at) == (get_tenant("beta"), "", None)
    assert found.place.startswith("a\\u0000\\u001b[2J\\ud800") and len(found.place) == 500
    assert entry.detail["unclear"] == len(lines) and entry.actor_name.startswith("shell:")
    assert set(entry.detail) == {"findings", "by_fault", "by_result", "places", "not_written", "unclear"}


def test_each_line_is_taken_in_once_through_every_putting_aside(spool: Path, db: None):
    told(spool, "1.html")
    with spool.open("ab") as stream:
        stream.write(b'{"event": "delivery_fault", "host": "alpha.loc')
    assert take_in_findings() == 1
    with spool.open("ab") as stream:
        stream.write(b'alhost", "place": "2.html", "fault": "foreign", "done": "taken_away"}\n')
    told(spool, "3.html")
    spool.rename(spool.with_name("findings.jsonl.1"))
    told(spool, "4.html")
    taken = 0
    while more := take_in_findings():
        taken += more
    assert taken == 3
    places = list(TamperFinding.objects.order_by("pk").values_list("place", flat=True))
    assert places == ["1.html", "2.html", "3.html", "4.html"]
    # what was removed before it was read is said
    told(spool, "never read.html")
    spool.write_text("")
    take_in_findings()
    newest = TamperFinding.objects.first()
    assert newest is not None and newest.fault == Kind.SPOOL


def test_a_file_that_others_write_is_not_believed(spool: Path, db: None, tmp_path: Path):
    told(spool, "1.html")
    elsewhere = tmp_path / "elsewhere.jsonl"

    def as_a_link() -> None:
        spool.rename(elsewhere)
        spool.symlink_to(elsewhere)

    def as_a_second_name() -> None:
        os.link(spool, elsewhere)

    def as_a_pipe() -> None:
        spool.unlink()
        os.mkfifo(spool)

    ways = (
        as_a_link, as_a_second_name, as_a_pipe, lambda: spool.chmod(0o666), lambda: spool.parent.chmod(0o777),
    )  # fmt: skip
    for way in ways:
        spool.unlink(missing_ok=True)
        elsewhere.unlink(missing_ok=True)
        told(spool, "1.html")
        way()
        with pytest.raises(Unsafe):
            read_spool(spool, Position())
        spool.parent.chmod(0o750)
    spool.unlink()
    told(spool, "1.html")
    spool.chmod(0o666)
    assert take_in_findings() == 1 and take_in_findings() == 0
    assert [one.fault for one in TamperFinding.objects.all()] == [Kind.SPOOL]
    spool.chmod(0o640)
    assert take_in_findings() == 1
