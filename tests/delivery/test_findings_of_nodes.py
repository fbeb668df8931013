"""What the verifiers of front nodes found reaches people at the centre, which asks and believes no node."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.delivery import findings
from govplatform.delivery.findings import take_in_findings
from govplatform.delivery.models import FrontNode, SpoolRead, TamperFinding
from govplatform.delivery.nodes import hearing, transport
from govplatform.delivery.nodes.bounded import SaysTooMuch, run_bounded
from govplatform.delivery.nodes.configured import FrontServer, configured_nodes
from govplatform.delivery.nodes.hearing import Strange, hear, understand
from govplatform.delivery.nodes.lanes import forget_others
from govplatform.delivery.verifying.alarms import Alarms, configured_senders
from govplatform.delivery.verifying.faults import Done, Fault, Kind
from govplatform.tenancy.queries import get_tenant
from tests.database import ROOT

from .publishing import Publisher
from .ssh import Nodes, running
from .test_findings import FORGED
from .test_nodes import _status
from .test_verifying_verb import desk


@pytest.fixture
def node(tmp_path: Path, settings: Any, db: None) -> Iterator[Nodes]:
    """One node behind a real sshd, whose verifier has a folder, and an own verifier without findings."""
    settings.DELIVERY_VERIFIER_DIR = tmp_path / "own_verifier"
    ours = Publisher(tmp_path / "ours")
    ours.folder.mkdir()
    with running(tmp_path / "nodes", ours.public_key, up=["one"]) as nodes:
        nodes.verifier("one").mkdir(mode=0o750, parents=True)
        settings.DELIVERY_NODES, settings.DELIVERY_NODES_DIR = nodes.setting, nodes.own
        yield nodes


def found(nodes: Nodes, place: str, host: str = "alpha.localhost", fault: Kind = Kind.CHANGED) -> None:
    """As the node's verifier writes it."""
    Alarms(nodes.verifier("one") / "findings.jsonl").tell(Fault(host, "alpha", place, fault, Done.RESTORED))


def one_server() -> FrontServer:
    server = configured_nodes()[0]
    assert isinstance(server, FrontServer)
    return server


def heard(alarms: Alarms | None = None) -> int:
    return hear(one_server(), alarms or Alarms(None))


@pytest.mark.sshd
def test_a_change_on_a_node_reaches_the_operator_once_with_the_name_of_the_node(
    node: Nodes, console: Any, settings: Any, tmp_path: Path
):
    """From the byte on the node's disk, by its verifier as a process, to screen, record, log, mail and webhook."""
    published = Publisher(tmp_path / "there", host="alpha.localhost")
    published.folder.mkdir()
    published.publish()
    assert published.verify(repair=True).faults == []
    (published.tree / "index.html").write_text("hacked")
    place = published.place()
    environ = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.verifier",
        "DELIVERY_VERIFIER_DIR": str(node.verifier("one")),
    }
    words = ["--root", str(place.root), "--key", str(place.key), "--memory", str(place.memory), "--repair"]
    command = [sys.executable, str(ROOT / "manage.py"), "verify_release", *words]
    assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 1
    settings.DELIVERY_ALARM_MAIL = ["operator@example.gov.cn"]
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with desk() as (address, got):
        settings.DELIVERY_ALARM_URL = address
        alarms = Alarms(None, configured_senders())
        assert heard(alarms) == 1 and heard(alarms) == 0
        alarms.send(last=True)
    one = TamperFinding.objects.get()
    facts = (one.node, one.tenant, one.place, one.fault, one.done)
    assert facts == ("one", get_tenant("alpha"), "index.html", "changed", "restored")
    entry = Entry.objects.get(chain=PLATFORM_CHAIN, act="delivery.findings")
    assert entry.detail["node"] == "one" and entry.detail["places"] == ["alpha.localhost/index.html"]
    assert [fault["node"] for message in got for fault in message["faults"]] == ["one"]
    (letter,) = outbox.outbox
    assert "节点 one 的 alpha.localhost/index.html" in letter.body
    page = console("operator", "console").get("/admin/delivery/").content.decode()
    assert "节点 one 的 alpha.localhost/index.html" in page and "1 处改动等待处置" in page
    waiting = console("operator", "console").get("/admin/waiting/").content.decode()
    assert "节点 one 的 alpha.localhost/index.html" in waiting
    status = _status()["one"]
    assert (status["findings"], status["verifier"], status["unheard"]) == (1, "", "") and status["heard_at"]
    # a node that was taken out and comes back is read on from where it was
    settings.DELIVERY_NODES, known = "", settings.DELIVERY_NODES
    forget_others()
    settings.DELIVERY_NODES = known
    assert not FrontNode.objects.exists() and heard() == 0


def test_a_publisher_that_was_killed_before_anybody_was_told_is_followed_by_one_that_tells(db: None, settings: Any):
    settings.DELIVERY_NODES = "one=ssh://a@127.0.0.1:1"
    now = timezone.now()
    told: list[Fault] = []
    for number, (node, ago, settled_at) in enumerate(
        [("one", 1, None), ("one", 90, None), ("one", 1, now), ("two", 1, None)]
    ):
        TamperFinding.objects.create(
            node=node, host="alpha.localhost", place=f"{number}.html", fault="changed", done="restored",
            taken_in_at=now - timedelta(minutes=ago), settled_at=settled_at,
        )  # fmt: skip
    alarms = Alarms(None, [lambda faults, more: told.extend(faults)])
    look = hearing.Hearing(one_server(), alarms)
    look.look()
    look.look()
    alarms.send(last=True)
    assert [(one.node, one.place) for one in told] == [("one", "0.html")]


@pytest.mark.sshd
def test_how_the_verifier_and_the_clock_of_a_node_are(node: Nodes, console: Any):
    state, now = node.verifier("one") / "state.json", timezone.now().timestamp()
    state.write_text(json.dumps({"at": now, "swept_at": now - 30}))
    heard()
    assert _status()["one"]["verifier"] == "runs" and _status()["one"]["swept_at"]
    assert abs(_status()["one"]["clock_off_seconds"]) < 30
    state.write_text(json.dumps({"at": now - 600, "swept_at": now - 700}))
    heard()
    assert _status()["one"]["verifier"] == "gone"
    FrontNode.objects.update(clock_off=-7_200)
    page = console("operator", "console").get("/admin/delivery/").content.decode()
    assert "节点的时钟慢 7200 秒" in page and "没有运行" in page
    # what others can write there is not believed, and that is said once
    found(node, "x.html")
    (node.verifier("one") / "findings.jsonl").chmod(0o666)
    assert (heard(), heard()) == (1, 0)
    assert TamperFinding.objects.get().fault == Kind.SPOOL and "没有采信" in _status()["one"]["unheard"]
    (node.verifier("one") / "findings.jsonl").chmod(0o640)
    assert heard() == 1 and _status()["one"]["unheard"] == ""


@pytest.mark.sshd
def test_a_node_that_was_not_told_of_a_verifier_and_one_that_is_away(node: Nodes):
    keys = node.folder / "authorized_keys"
    known = keys.read_text()
    keys.write_text(known.replace(f" --verifier {node.verifier('one')}", ""))
    assert heard() == 0 and "--verifier" in _status()["one"]["unheard"]
    # one that says something without an end
    public = [line.rpartition('" ')[2] for line in known.splitlines()]
    keys.write_text("".join(f'restrict,command="yes" {key}\n' for key in public))
    with pytest.raises(transport.Unreachable, match="太长"):
        heard()
    node.stop()
    look = hearing.Hearing(one_server(), Alarms(None))
    look.look()
    assert "节点拒绝连接" in _status()["one"]["unheard"]


HONEST: dict[str, Any] = {
    "now": 1_800_000_000.0, "at": 0, "swept_at": 0, "file": 7, "offset": 10, "lost": False, "unclear": 0, "lines": [],
}  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"now": "soon"}, {"now": float("nan")}, {"now": float("inf")}, {"now": -1}, {"now": True}, {"at": []},
        {"swept_at": 1e400}, {"file": -1}, {"file": 2**63}, {"file": "7"}, {"offset": 1.5}, {"offset": None},
        {"lines": "x"}, {"lines": [7]}, {"lines": {}}, {"lines": None}, {"unclear": -1}, {"failed": "x" * 9_000},
        {"failed": ["unset"]}, {"failed": "errno", "errno": "13"}, {"failed": "errno", "errno": 10**30},
    ],
)  # fmt: skip
def test_what_no_node_says_is_not_taken(said: dict[str, Any]):
    understand(HONEST, timezone.now())
    with pytest.raises(Strange):
        understand(HONEST | said, timezone.now())


def test_a_hostile_node_says_what_a_finding_says_and_no_more(
    db: None, console: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    settings.DELIVERY_VERIFIER_DIR = tmp_path / "verifier"
    settings.DELIVERY_NODES = "one=ssh://a@127.0.0.1:1"
    tmp_path.joinpath("verifier").mkdir()
    Alarms(tmp_path / "verifier" / "findings.jsonl").tell(Fault("beta.localhost", "beta", "ours.html", Kind.CHANGED))
    assert take_in_findings() == 1
    # who is asked and how much of it is kept, both small
    monkeypatch.setattr(hearing, "_MOST_LINES", 30)
    monkeypatch.setattr(findings, "_KEPT_OF_A_NODE", 5)
    odd = {
        "event": "delivery_fault", "host": "alpha.localhost", "node": "two", "site": "beta", "tenant": 1, "act": "x",
        "place": "<script>alert(1)</script>/../../etc\x1b[2J\ud800" + "x" * 900, "fault": "changed", "done": "restored",
        "detail": "<img src=x onerror=alert(1)>" * 90,
    }  # fmt: skip
    lines = [json.dumps(one) for one in (*FORGED, odd)] + ["x" * 40_000, "\ud800"] + [json.dumps(odd)] * 100
    answer = HONEST | {"now": timezone.now().timestamp() + 10**12, "lines": lines, "offset": 99}
    monkeypatch.setattr(transport, "ask", lambda _server, _asked, _content=b"": answer)
    before = Entry.objects.count()
    heard()
    assert Entry.objects.count() == before + 1 and TamperFinding.objects.filter(node="one").count() == 5
    assert not TamperFinding.objects.filter(node="two").exists() and TamperFinding.objects.filter(node="").count() == 1
    one = TamperFinding.objects.filter(node="one")[0]
    assert (len(one.place), len(one.detail), one.tenant) == (500, 300, get_tenant("alpha"))
    page = console("operator", "console").get("/admin/delivery/").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;alert" in page
    # its noise keeps nothing of others from sight
    assert "beta.localhost/ours.html" in page
    assert SpoolRead.objects.get(node="one").offset == 99


def test_a_program_says_no_more_than_was_asked_for():
    assert run_bounded(["cat"], b"x" * 300_000, most=400_000) == (0, b"x" * 300_000, b"")
    assert run_bounded(["sh", "-c", "exec 0<&-; echo no >&2; exit 3"], b"x" * 300_000, most=100) == (3, b"", b"no\n")
    for stream in ("", ">&2"):
        with pytest.raises(SaysTooMuch):
            run_bounded(["sh", "-c", f"yes {stream}"], b"", most=1_000_000)
    with pytest.raises(subprocess.TimeoutExpired):
        run_bounded(["sleep", "60"], b"", most=10, timeout=0.2)
