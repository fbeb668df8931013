"""``python -m tests.bench.pushes [--sites N]``: a push to all sites, and a recall proven by asking each of them.

One province's portal and N counties, each with its own schema. The verb pushes while the workers of the platform are
at work as ``serve`` starts them: what is urgent in a process of its own. Then the article goes live everywhere under
standing clearances, with its attachment, every site is asked, the recall is committed, and every site is asked again
from that moment on.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .server import PLATFORM, Server, run_server  # noqa: E402

_ROLES = {"editor": "editor", "content": "content-reviewer", "secret": "confidentiality-reviewer"}
_HALVES = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pushes")
    parser.add_argument("--sites", type=int, default=1_000)
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        _setup()
        name, *arguments = options.part
        print(json.dumps(_PARTS[name](*arguments)))
        return 0
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-pushes"
    with run_server(var) as server:
        environment = _environment(server, var)
        _run(environment, options.sites)
    return 0


def _run(environment: dict[str, str], sites: int) -> None:
    _part(environment, "begin")
    opened = _open_sites(environment, sites)
    uuid = _part(environment, "prepare")["uuid"]
    _say("create_sites:", sites, "sites opened in", opened)
    workers = [
        subprocess.Popen(
            [sys.executable, "manage.py", "run_workers", *queues],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for queues in (("urgent", "publishing"), ("scans", "deliveries", "bulk", "default"))
    ]  # fmt: skip
    try:
        time.sleep(3)
        begun = time.perf_counter()
        told = subprocess.run(
            [sys.executable, "manage.py", "push", uuid, "--to", "level=county", "--as", "bench_content", "--json"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        verb = time.perf_counter() - begun
        while (state := _part(environment, "drafts"))["waiting"]:
            time.sleep(0.2)
        _say("push: verb", verb, "from the act to the last draft", state["seconds"], "drafts", state["drafts"])
        _say("push:", told.stdout.strip())
        begun = time.perf_counter()
        _halves(environment, "publish", sites)
        _say("live everywhere after", time.perf_counter() - begun)
        before = _halves(environment, "ask", sites, 200)
        _say("asked before the recall", _sum(before))
        recalled = _part(environment, "recall", uuid)
        after = _halves(environment, "ask", sites, 410)
        _say("recall committed in", recalled["seconds"], "asked from then on", _sum(after))
        while not (receipts := _part(environment, "receipts"))["complete"]:
            time.sleep(2)
        _say("receipts", receipts)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()


def _open_sites(environment: dict[str, str], sites: int) -> float:
    """Open the counties by the verb ``create_sites``, with as many processes as it takes of itself; its seconds."""
    from govplatform.lifecycle.batches.table import HEADINGS

    given = [
        {
            "code": f"b{number}", "host": f"b{number}.localhost", "console_host": f"b{number}.console.localhost",
            "full_name": f"云江省第{number}测试县人民政府", "kind": "门户网站", "level": "县级",
            "identity_code": f"5301{number:06d}", "parent_code": "b0",
        }
        for number in range(1, sites + 1)
    ]  # fmt: skip
    table = Path(environment["GOVPLATFORM_VAR"]) / "sites.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS[name] for name in given[0])
        writer.writerows(row.values() for row in given)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", "create_sites", str(table), "--json"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return time.perf_counter() - begun


def _say(*words: object) -> None:
    print(*(f"{word:.2f} s" if isinstance(word, float) else word for word in words), flush=True)


def _sum(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "sites": sum(part["sites"] for part in parts),
        "addresses": sum(part["addresses"] for part in parts),
        "otherwise": sum(part["otherwise"] for part in parts),
        "longest seconds": round(max(part["seconds"] for part in parts), 1),
    }


def _environment(server: Server, var: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVPLATFORM_")}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.demo",
        "DATABASE_URL": server.url(PLATFORM),
        "GOVPLATFORM_VAR": str(var),
    }


def _start(environment: dict[str, str], *words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.bench.pushes", "--part", *map(str, words)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"a part ended with {process.returncode}")
    result: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return result


def _part(environment: dict[str, str], *words: object) -> dict[str, Any]:
    return _answer(_start(environment, *words))


def _halves(environment: dict[str, str], name: str, sites: int, *more: object) -> list[dict[str, Any]]:
    """The same part for odd and for even sites, at once."""
    return [_answer(p) for p in [_start(environment, name, half, *more) for half in range(_HALVES)]]


# --- parts, each in a process of its own ----------------------------------------------------


def _setup() -> None:
    import logging

    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)


def _begin() -> dict[str, Any]:
    from django.core.management import call_command

    from govplatform.accounts.models import User
    from govplatform.lifecycle.actions import NewSite, initialise_platform, open_site

    initialise_platform()
    call_command("collectstatic", interactive=False, verbosity=0)
    for name in _ROLES:
        for where in ("bench", "county"):
            User.objects.create_user(f"{where}_{name}", f"{where} {name}", "Bench-password-2026")
    open_site(
        NewSite(
            code="b0", host="b0.localhost", console_host="b0.console.localhost", full_name="云江省人民政府",
            kind="portal", level="province", identity_code="5301000000",
        ),
        acting_user=None,
    )  # fmt: skip
    return {}


def _prepare() -> dict[str, Any]:
    from django_tenants.utils import tenant_context

    from content_library.distribution.standing import approve_standing_clearance, propose_standing_clearance
    from content_library.models import Resource
    from govplatform.accounts.models import Membership, User
    from govplatform.tenancy.models import Tenant
    from govplatform.tenancy.queries import get_tenant

    people = {
        (where, name): User.objects.get(username=f"{where}_{name}") for name in _ROLES for where in ("bench", "county")
    }
    for tenant in Tenant.objects.filter(code__startswith="b").exclude(kind=Tenant.Kind.CONSOLE).order_by("pk"):
        where = "bench" if tenant.code == "b0" else "county"
        Membership.objects.bulk_create(
            Membership(user=people[where, name], tenant=tenant, role=role) for name, role in _ROLES.items()
        )
        if where == "county":
            with tenant_context(tenant):
                made = propose_standing_clearance(
                    acting_user=people["county", "content"], reason="bench", level="province"
                )
                approve_standing_clearance(made, acting_user=people["county", "secret"], opinion="同意。")
    with tenant_context(get_tenant("b0")):
        page = _publish_source(people)
    return {"uuid": str(Resource.objects.get(tenant__code="b0", page_id=page.pk).uuid)}


def _publish_source(people: dict[tuple[str, str], Any]) -> Any:
    from django.core.files.base import ContentFile

    from govplatform.review.submission.actions import submit_for_review
    from govplatform.review.submission.from_the_shell import decide_from_the_shell
    from sites.articles.models import Article
    from sites.columns.models import Column
    from sites.media.models import SiteDocument

    document = SiteDocument.objects.create(title="附件", file=ContentFile(b"attachment", name="attachment.txt"))
    body = [
        {"type": "rich_text", "value": "<p>测量推送和收回的正文。</p>" * 40},
        {"type": "attachment", "value": {"document": document.pk, "title": "附件"}},
    ]
    page = Column.objects.get(slug="news").add_child(
        instance=Article(
            title="测量推送和收回", slug="measured", source="云江省", owner=people["bench", "editor"], body=body
        )
    )
    page.save_revision(user=people["bench", "editor"])
    submit_for_review(page, acting_user=people["bench", "editor"])
    for name in ("content", "secret"):
        decide_from_the_shell(page, acting_user=people["bench", name], approve=True, opinion="bench")
    return page


def _drafts() -> dict[str, Any]:
    from django.db.models import Max

    from content_library.distribution.models import Push, PushTarget
    from content_library.models import Repost

    push = Push.objects.get()
    last = push.targets.aggregate(last=Max("delivered_at"))["last"]
    return {
        "waiting": push.targets.filter(state=PushTarget.State.WAITING).count(),
        "drafts": Repost.objects.filter(resource=push.resource).count(),
        "seconds": (last - push.requested_at).total_seconds() if last else 0.0,
    }


def _publish(half: str) -> dict[str, Any]:
    from content_library.distribution.following import follow_up
    from content_library.distribution.models import PushTarget

    ids = list(PushTarget.objects.order_by("pk").values_list("pk", flat=True))
    return {"done": follow_up(ids[int(half) :: _HALVES])}


def _addresses(half: str) -> list[tuple[Any, list[str]]]:
    """The source and every site that showed it, with the page and its attachment."""
    from content_library.models import Repost, Resource, ResourceFile

    resource = Resource.objects.get(pk=Repost.objects.values_list("resource_id", flat=True)[0])
    files = [f"/library/files/{f.blob_id}/{f.name}" for f in ResourceFile.objects.filter(version=resource.current)]
    reposts = Repost.objects.filter(resource=resource).select_related("tenant").prefetch_related("tenant__domains")
    found: list[tuple[Any, list[str]]] = [(r.tenant, [r.path, *files]) for r in reposts.order_by("pk")]
    found.insert(0, (resource.tenant, ["/news/measured/"]))
    return found[int(half) :: _HALVES]


def _ask(half: str, wanted: str) -> dict[str, Any]:
    from content_library.distribution.recalls.asking import ask

    begun, count, otherwise = time.perf_counter(), 0, 0
    asked = _addresses(half)
    for tenant, paths in asked:
        for path in paths:
            count += 1
            otherwise += ask(tenant, path) != int(wanted)
    return {
        "sites": len(asked), "addresses": count, "otherwise": otherwise, "seconds": time.perf_counter() - begun
    }  # fmt: skip


def _recall(uuid: str) -> dict[str, Any]:
    from content_library.distribution.recalls.actions import recall_resource
    from content_library.resources.queries import get_resource
    from govplatform.accounts.models import User

    resource, user = get_resource(uuid), User.objects.get(username="bench_content")
    begun = time.perf_counter()
    recall_resource(resource, acting_user=user, reason="bench")
    return {"seconds": time.perf_counter() - begun}


def _receipts() -> dict[str, Any]:
    from django.db.models import Max

    from content_library.distribution.models import Recall
    from content_library.distribution.queries import recall_counts

    recall = Recall.objects.get()
    counts = recall_counts([recall])[recall.pk]
    last = recall.receipts.aggregate(last=Max("confirmed_at"))["last"]
    seconds = (last - recall.requested_at).total_seconds() if last else 0.0
    return {**counts, "complete": counts["confirmed"] == counts["total"], "seconds": round(seconds, 1)}


_PARTS: dict[str, Any] = {
    "begin": _begin,
    "prepare": _prepare,
    "drafts": _drafts,
    "publish": _publish,
    "ask": _ask,
    "recall": _recall,
    "receipts": _receipts,
}


if __name__ == "__main__":
    raise SystemExit(main())
