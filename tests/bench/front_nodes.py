"""``python -m tests.bench.front_nodes [--only word|commit]... [--tries 20] [--pages 150]``: withdrawals on nodes.

``word``: one withdrawal to two nodes behind a real SSH server, to one of them as a word over the standing connection,
to the other by sessions of their own (rsync, then the offer), in turns of who is first: milliseconds until the file is
gone, processor milliseconds of SSH server and node, exchanges. No database. ``commit``: a publisher with both nodes;
from the commit of a withdrawal until the file is gone at the centre and on the last node.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .server import PLATFORM, Server, run_server  # noqa: E402

_TICKS = os.sysconf("SC_CLK_TCK")
_HOST, _ROLES = (
    "b0.localhost",
    {"editor": "editor", "content": "content-reviewer", "secret": "confidentiality-reviewer"},
)
_LOOKED = 0.001


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.front_nodes")
    parser.add_argument("--only", action="append", choices=["word", "commit"])
    parser.add_argument("--tries", type=int, default=20)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        _setup()
        name, *arguments = options.part
        print(json.dumps(_PARTS[name](*arguments)))
        return 0
    if not options.only or "word" in options.only:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")
        _setup()
        with tempfile.TemporaryDirectory(prefix="front-nodes-") as folder:
            print("word", json.dumps(_word(Path(folder), options.tries, options.pages)), flush=True)
    if not options.only or "commit" in options.only:
        var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-front-nodes"
        with run_server(var) as server, tempfile.TemporaryDirectory(prefix="front-nodes-") as folder:
            print("commit", json.dumps(_commit(server, var, Path(folder), options.tries)), flush=True)
    return 0


def _spread(milliseconds: list[float]) -> dict[str, int]:
    ordered = sorted(milliseconds)
    return {
        "median": round(statistics.median(ordered)),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]),
        "most": round(ordered[-1]),
    }


# --- one word, or sessions ---------------------------------------------------------------


def _word(folder: Path, tries: int, pages: int) -> dict[str, Any]:
    from django.conf import settings

    from govplatform.delivery.nodes import transport
    from govplatform.delivery.nodes.configured import configured_nodes
    from govplatform.delivery.nodes.line import Line
    from govplatform.delivery.nodes.word import Word
    from govplatform.delivery.release.signed import read_signed
    from govplatform.delivery.release.store import STORE, Store
    from tests.delivery.publishing import Publisher
    from tests.delivery.ssh import running

    ours = Publisher(folder / "ours")
    ours.folder.mkdir()
    ours.files |= {f"p/{number}/index.html": b"<p>%d</p>" % number * 300 for number in range(pages + tries)}
    figures: dict[str, dict[str, list[float]]] = {side: {"wall": [], "processor": []} for side in ("word", "sessions")}
    exchanges: dict[str, list[float]] = {"word": [], "sessions": []}
    with running(folder / "nodes", ours.public_key) as nodes:
        settings.DELIVERY_NODES, settings.DELIVERY_NODES_DIR = nodes.setting, nodes.own
        one, two = (Line(server, folder) for server in configured_nodes())
        envelope = ours.publish()
        parts = _parts(read_signed, ours, envelope)
        for line in (one, two):
            line.keep()
            _until(lambda line=line: line.server.line.exists())  # type: ignore[misc]
            _offer(transport, line.server, ours.root / STORE, envelope, "offer", list(parts))
        store = Store(ours.root)
        for number in range(tries):
            place, notice = f"p/{number}/index.html", f".gone/p/{number}/index.html.html"
            envelope = ours.publish({place: None, notice: b"<p>gone %d</p>" % number})
            new = _parts(read_signed, ours, envelope)
            brought = [*sorted(new - parts), _digest(ours.files[notice])]
            parts = new
            word = Word(envelope, [store.read(one) for one in brought])
            ways: dict[str, Callable[[], int]] = {
                "word": lambda word=word, one=one: 1 if "accepted" in (one.say(word) or {}) else 0,  # type: ignore[misc]
                "sessions": lambda envelope=envelope, brought=brought: _offer(  # type: ignore[misc]
                    transport, two.server, ours.root / STORE, envelope, "urgent", brought
                ),
            }
            for side in ("word", "sessions") if number % 2 else ("sessions", "word"):
                tree = nodes.tree("one" if side == "word" else "two", ours.host)
                assert nodes.process is not None
                before, began = _processor(nodes.process.pid), time.perf_counter()
                exchanges[side].append(ways[side]())
                figures[side]["wall"].append((time.perf_counter() - began) * 1000)
                figures[side]["processor"].append((_processor(nodes.process.pid) - before) * 1000)
                if (tree / place).exists() or not (tree / notice).exists():
                    raise RuntimeError(f"{side}: {place} is there still")
        one.end()
        two.end()
    shares = [a / b for a, b in zip(figures["word"]["wall"], figures["sessions"]["wall"], strict=True)]
    return {
        **{f"{side}_{name}_ms": _spread(those) for side, by in figures.items() for name, those in by.items()},
        "exchanges": {side: statistics.median(those) for side, those in exchanges.items()},
        "share": round(statistics.median(shares), 3),
        "files": len(ours.files),
    }


def _parts(read_signed: Any, ours: Any, envelope: bytes) -> set[str]:
    return set(read_signed(envelope, ours.key.public_key()).parts.values())


def _digest(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()


def _offer(transport: Any, server: Any, store: Path, envelope: bytes, word: str, likely: list[str]) -> int:
    """Until it is accepted; how many exchanges that took."""
    transport.send(server, store, likely)
    count = 1
    while True:
        answer = transport.ask(server, word, envelope)
        count += 1
        if "accepted" in answer:
            return count
        transport.send(server, store, answer["lacks"])
        count += 1


def _processor(root: int) -> float:
    """Processor seconds of a process, of all below it, and of those of them that have ended."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        children.setdefault(int(fields[1]), []).append(pid)
        used[pid] = sum(map(int, fields[11:15])) / _TICKS
    total, left = 0.0, [root]
    while left:
        pid = left.pop()
        total += used.get(pid, 0.0)
        left += children.get(pid, [])
    return total


def _until(is_so: Callable[[], Any], seconds: float = 600.0) -> float:
    """Wait; the moment at which it was so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(_LOOKED)
    return time.monotonic()


# --- from the commit ---------------------------------------------------------------------


def _commit(server: Server, var: Path, folder: Path, tries: int) -> dict[str, Any]:
    from tests.delivery.ssh import running

    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GOVPLATFORM_")},
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.demo",
        "DATABASE_URL": server.url(PLATFORM),
        "GOVPLATFORM_VAR": str(var),
        "DELIVERY_ROOT": str(folder / "delivery"),
        "DELIVERY_KEY_FILE": str(folder / "key.pem"),
        "DELIVERY_PUBLIC_KEY_FILE": str(folder / "key.pub"),
        "RENDERING_HELPERS": "0",
    }
    _part(environment, "begin", tries)
    with running(folder / "nodes", folder / "key.pub") as nodes:
        environment |= {"DELIVERY_NODES": nodes.setting, "DELIVERY_NODES_DIR": str(nodes.own)}
        with _publisher(environment):
            roots = [folder / "delivery", *map(nodes.root, nodes.names)]
            return _part(environment, "withdraw", tries, *roots)


@contextmanager
def _publisher(environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "manage.py", "run_publisher"], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _part(environment: dict[str, str], *words: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.front_nodes", "--part", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, check=True)
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


# --- parts, each in a process of its own ----------------------------------------------------


def _setup() -> None:
    import django

    django.setup()


def _begin(tries: str) -> dict[str, Any]:
    from django.core.management import call_command
    from django_tenants.utils import tenant_context

    from govplatform.accounts.models import Membership, User
    from govplatform.lifecycle.actions import NewSite, initialise_platform, open_site
    from govplatform.review.submission.actions import submit_for_review
    from govplatform.review.submission.from_the_shell import decide_from_the_shell
    from govplatform.tenancy.queries import get_tenant
    from sites.articles.models import Article
    from sites.columns.models import Column

    initialise_platform()
    call_command("collectstatic", interactive=False, verbosity=0)
    new = NewSite(
        code="b0", host=_HOST, console_host="b0.console.localhost", full_name="云江省人民政府", kind="portal",
        level="province", identity_code="5301000000",
    )  # fmt: skip
    open_site(new, acting_user=None)
    tenant = get_tenant("b0")
    people = {name: User.objects.create_user(f"bench_{name}", name, "Bench-password-2026") for name in _ROLES}
    Membership.objects.bulk_create(
        Membership(user=people[name], tenant=tenant, role=role) for name, role in _ROLES.items()
    )
    body = [{"type": "rich_text", "value": "<p>测量撤下的正文。</p>" * 40}]
    with tenant_context(tenant):
        for number in range(int(tries)):
            page = Column.objects.get(slug="news").add_child(
                instance=Article(
                    title=f"测量撤下{number}", slug=f"m-{number}", source="云江省", owner=people["editor"], body=body
                )
            )
            page.save_revision(user=people["editor"])
            submit_for_review(page, acting_user=people["editor"])
            for name in ("content", "secret"):
                decide_from_the_shell(page, acting_user=people[name], approve=True, opinion="bench")
    return {}


def _withdraw(tries: str, *roots: str) -> dict[str, Any]:
    """Milliseconds from the commit until the file is gone below each of ``roots``, the centre's first."""
    from django_tenants.utils import tenant_context

    from govplatform.accounts.models import User
    from govplatform.delivery.models import Change
    from govplatform.delivery.nodes.queries import nodes_behind
    from govplatform.review.submission.actions import withdraw_page
    from govplatform.tenancy.queries import get_tenant
    from sites.articles.models import Article

    tenant, user = get_tenant("b0"), User.objects.get(username="bench_content")
    trees = [Path(root) / _HOST / "current" for root in roots]
    centre: list[float] = []
    last: list[float] = []
    after: list[float] = []
    for number in range(int(tries)):
        place = f"news/m-{number}/index.html"
        for tree in trees:
            _until(lambda page=tree / place: page.exists())  # type: ignore[misc]
        _until(lambda: not Change.objects.exists() and not any(row.sites for row in nodes_behind()))
        time.sleep(1.2)
        with tenant_context(tenant):
            withdraw_page(Article.objects.get(slug=f"m-{number}"), acting_user=user, reason="bench")
        committed, gone = time.monotonic(), dict[Path, float]()
        while len(gone) < len(trees):
            for tree in trees:
                if tree not in gone and not (tree / place).exists():
                    gone[tree] = time.monotonic()
            time.sleep(_LOOKED)
        centre.append((gone[trees[0]] - committed) * 1000)
        last.append((max(gone.values()) - committed) * 1000)
        after.append(last[-1] - centre[-1])
    figures = {"commit_to_centre": centre, "commit_to_last_node": last, "centre_to_last_node": after}
    return {f"{name}_ms": _spread(those) for name, those in figures.items()} | {
        "within_a_second": sum(1 for one in last if one < 1000), "of": len(last)
    }  # fmt: skip


_PARTS: dict[str, Any] = {"begin": _begin, "withdraw": _withdraw}


if __name__ == "__main__":
    raise SystemExit(main())
