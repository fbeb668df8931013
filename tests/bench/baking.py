"""``python -m tests.bench.baking [--sites 100] [--pages 150]``: files of many sites at once.

``publishing``: on each of so many sites the last approval of an article is given, by two processes as fast as they
can; from each commit until the file lies there, and what a release of one article writes. ``recall``: one article that
stands on all of them is recalled; from the commit until the last file is gone. ``whole``: processor time of the whole
bake of a site, with and without the rendering in it. ``copies``: files that came down on so many copies of a site,
taken out with nothing else at work. One publisher, PostgreSQL and the acts share the machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from govplatform.serving.processes import WORKERS  # noqa: E402

from . import pushes  # noqa: E402
from .server import run_server  # noqa: E402
from .taken_out import taken_out  # noqa: E402

_PLACE = "news/own/index.html"
_HALVES = 2
_LOOKED = 0.005


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.baking")
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--copies", type=int, default=1000)
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        pushes._setup()
        name, *arguments = options.part
        print(json.dumps(_PARTS[name](*arguments)))
        return 0
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-baking"
    with run_server(var) as server:
        root = var / "delivery"
        environment = pushes._environment(server, var) | {
            "DELIVERY_ROOT": str(root),
            "DELIVERY_KEY_FILE": str(var / "key.pem"),
            "DELIVERY_PUBLIC_KEY_FILE": str(var / "key.pub"),
            "RENDERING_HELPERS": "0",
        }
        _run(environment, root, options.sites, options.pages)
        _say("copies", _part(environment, "copies", options.copies))
    return 0


def _run(environment: dict[str, str], root: Path, sites: int, pages: int) -> None:
    pushes._part(environment, "begin")
    pushes._open_sites(environment, sites)
    uuid = pushes._part(environment, "prepare")["uuid"]
    _halves(environment, "waiting")
    _say("whole", _part(environment, "whole", pages))
    trees = {f"b{number}": root / f"b{number}.localhost" / "current" for number in range(1, sites + 1)}
    processes = [
        subprocess.Popen(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for words in (["run_publisher"], *(["run_workers", *queues] for _, queues, login in WORKERS if login == "app"))
    ]  # fmt: skip
    try:
        began = time.monotonic()
        _until(lambda: all((tree / "index.html").exists() for tree in trees.values()))
        _say("first release of each site after", f"{time.monotonic() - began:.1f} s")
        _until(lambda: not _part(environment, "left")["changes"])
        _publishing(environment, trees)
        _recall(environment, trees, uuid)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def _publishing(environment: dict[str, str], trees: dict[str, Path]) -> None:
    began = time.monotonic()
    acts = [_start(environment, "publish", half) for half in range(_HALVES)]
    seen = _moments({code: tree / _PLACE for code, tree in trees.items()}, Path.exists)
    committed = {code: moment for act in acts for code, moment in pushes._answer(act).items()}
    taken = [seen[code] - committed[code] for code in trees]
    _say("publishing", _spread(taken), "all within", f"{time.monotonic() - began:.1f} s")
    _until(lambda: not _part(environment, "left")["changes"])
    _say("files that a release of one article wrote", _part(environment, "written"))


def _recall(environment: dict[str, str], trees: dict[str, Path], uuid: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "push", uuid, "--to", "level=county", "--as", "bench_content", "--json"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    while pushes._part(environment, "drafts")["waiting"]:
        time.sleep(0.5)
    pushes._halves(environment, "publish", len(trees))
    paths = _part(environment, "reposts")
    places = {code: trees[code] / paths[code].strip("/") / "index.html" for code in trees}
    _until(lambda: all(place.exists() for place in places.values()))
    _until(lambda: not _part(environment, "left")["changes"])
    act = _start(environment, "recall", uuid)
    seen = _moments(places, lambda place: not place.exists())
    committed = pushes._answer(act)["at"]
    _say("recall, of", len(places), _spread([moment - committed for moment in seen.values()]))


def _moments(places: dict[str, Path], is_so: Callable[[Path], bool], seconds: float = 900.0) -> dict[str, float]:
    """For each place the moment at which it was seen to be so."""
    seen: dict[str, float] = {}
    deadline = time.monotonic() + seconds
    while len(seen) < len(places):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(seen)} of {len(places)}")
        for code, place in places.items():
            if code not in seen and is_so(place):
                seen[code] = time.time()
        time.sleep(_LOOKED)
    return seen


def _until(is_so: Callable[[], Any], seconds: float = 900.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50": round(statistics.median(ordered), 2),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 2),
        "most": round(ordered[-1], 2),
    }


def _say(*words: object) -> None:
    print(*words, flush=True)


def _start(environment: dict[str, str], *words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.bench.baking", "--part", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)


def _part(environment: dict[str, str], *words: object) -> dict[str, Any]:
    return pushes._answer(_start(environment, *words))


def _halves(environment: dict[str, str], name: str) -> list[dict[str, Any]]:
    return [pushes._answer(one) for one in [_start(environment, name, half) for half in range(_HALVES)]]


# --- parts, each in a process of its own ----------------------------------------------------


def _counties() -> list[Any]:
    from govplatform.tenancy.models import Tenant

    return list(Tenant.objects.filter(code__startswith="b").exclude(code="b0").order_by("pk"))


def _waiting(half: str) -> dict[str, Any]:
    """An article that lacks its last approval, on each site."""
    from django_tenants.utils import tenant_context

    from govplatform.accounts.models import User

    people = {name: User.objects.get(username=f"county_{name}") for name in pushes._ROLES}
    for tenant in _counties()[int(half) :: _HALVES]:
        with tenant_context(tenant):
            _brought_to_its_last_step("own", people)
    return {}


def _brought_to_its_last_step(slug: str, people: dict[str, Any]) -> Any:
    from govplatform.review.submission.actions import submit_for_review
    from govplatform.review.submission.from_the_shell import decide_from_the_shell
    from sites.articles.models import Article
    from sites.columns.models import Column

    body = [{"type": "rich_text", "value": "<p>测量公开所需时间的正文。</p>" * 40}]
    page = Column.objects.get(slug="news").add_child(
        instance=Article(title=f"测量公开{slug}", slug=slug, source="云江省", owner=people["editor"], body=body)
    )
    page.save_revision(user=people["editor"])
    submit_for_review(page, acting_user=people["editor"])
    decide_from_the_shell(page, acting_user=people["content"], approve=True, opinion="bench")
    return page


def _publish(half: str) -> dict[str, float]:
    """Code of each site -> the moment of the commit that made its article public."""
    from django_tenants.utils import tenant_context

    from govplatform.accounts.models import User
    from govplatform.review.submission.from_the_shell import decide_from_the_shell
    from sites.articles.models import Article

    secret, moments = User.objects.get(username="county_secret"), {}
    for tenant in _counties()[int(half) :: _HALVES]:
        with tenant_context(tenant):
            page = Article.objects.get(slug="own")
            decide_from_the_shell(page, acting_user=secret, approve=True, opinion="bench")
        moments[tenant.code] = time.time()
    return moments


def _left() -> dict[str, Any]:
    from govplatform.delivery.models import Change

    return {"changes": Change.objects.count()}


def _written() -> dict[str, Any]:
    from govplatform.delivery.models import SiteRelease

    newest = [SiteRelease.objects.filter(tenant=tenant).order_by("-sequence").first() for tenant in _counties()]
    counts = sorted(one.written for one in newest if one is not None)
    return {"median": statistics.median(counts), "most": counts[-1]}


def _reposts() -> dict[str, str]:
    from content_library.models import Repost

    return {repost.tenant.code: repost.path for repost in Repost.objects.select_related("tenant")}


def _recalled(uuid: str) -> dict[str, Any]:
    told = pushes._recall(uuid)
    return {**told, "at": time.time()}


def _whole(pages: str) -> dict[str, Any]:
    """Processor milliseconds of a file: of the whole bake, and of rendering alone."""
    from django_tenants.utils import tenant_context

    from govplatform.accounts.models import User
    from govplatform.addresses.canonical import location_of
    from govplatform.addresses.queries import public_addresses
    from govplatform.delivery.delivering import deliver
    from govplatform.delivery.models import SiteRelease
    from govplatform.rendering.renderer import Renderer
    from govplatform.rendering.state import one_state
    from govplatform.rendering.together import rendering_together
    from govplatform.review.submission.from_the_shell import decide_from_the_shell
    from govplatform.tenancy.hosts import public_url
    from govplatform.tenancy.queries import get_tenant

    tenant = get_tenant("b0")
    people = {name: User.objects.get(username=f"bench_{name}") for name in pushes._ROLES}
    with tenant_context(tenant):
        for number in range(int(pages)):
            page = _brought_to_its_last_step(f"w-{number}", people)
            decide_from_the_shell(page, acting_user=people["secret"], approve=True, opinion="bench")
    deliver(tenant, everything=True)
    before = time.process_time()
    deliver(tenant, everything=True)
    baked = time.process_time() - before
    files = SiteRelease.objects.filter(tenant=tenant).order_by("-sequence")[0].files
    asked = [(known.path, location_of(known.path)) for known in public_addresses(tenant)]
    before = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        renderer = Renderer(public_url(tenant, "").rstrip("/"), Path(folder))
        with one_state() as name, rendering_together(renderer, name, 0) as together:
            for _address, _answer in together.answers(asked):
                pass
    rendered = time.process_time() - before
    beyond = baked - rendered
    return {
        "files": files,
        "baked_ms": round(baked / files * 1000, 1),
        "rendered_ms": round(rendered / len(asked) * 1000, 1),
        "files_a_second_beyond_rendering": round(files / beyond) if beyond > 0 else None,
    }


def _copies(sites: str) -> dict[str, Any]:
    return taken_out("b1", "/news/own/", int(sites))


_PARTS: dict[str, Any] = {
    "waiting": _waiting,
    "publish": _publish,
    "left": _left,
    "written": _written,
    "reposts": _reposts,
    "recall": _recalled,
    "whole": _whole,
    "copies": _copies,
}


if __name__ == "__main__":
    raise SystemExit(main())
