"""The verbs while somebody else delivers the site: a publisher that was told at the same moment, or another verb."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.delivery import delivering
from govplatform.delivery.delivering import deliver
from govplatform.delivery.models import Change, SiteDelivery, SiteRelease
from govplatform.locks.alone import alone_at
from govplatform.review.queries import site_path
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .looking import delivered, out_of_date

_DELIVERY = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"


@pytest.fixture
def site(live: Any, own_database: str, settings: Any, tmp_path: Path) -> Tenant:
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    found = get_tenant("alpha")
    deliver(found)
    return found


@contextmanager
def beside(act: Callable[[], None]) -> Iterator[None]:
    """``act`` in a thread with a connection of its own; what it raises reaches the test."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join(timeout=120)
    assert not thread.is_alive() and faults == []


def said(done: Any) -> dict[str, Any]:
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_a_verb_waits_for_who_is_at_the_site(site: Tenant, own_database: str, verb: Any):
    with psycopg.connect(own_database, autocommit=True) as other:
        other.execute(_DELIVERY, [f"delivery:{site.pk}"])
        ending = threading.Timer(1.0, other.close)
        ending.start()
        assert said(verb("bake", "--site", "alpha", "--json"))["written"] == 0
        ending.join()


def test_going_back_is_told_also_where_the_publisher_did_it(site: Tenant, verb: Any):
    before = SiteDelivery.objects.get(pk=site.pk).sequence
    with tenant_context(site):
        page = factories.live_article(title="退回之前发布")
    deliver(site)
    taken = threading.Event()

    def publisher() -> None:
        with alone_at(f"delivery:{site.pk}"):
            taken.set()
            while not Change.objects.filter(back_to__isnull=False).exists():
                time.sleep(0.02)
            deliver(get_tenant("alpha"))

    with beside(publisher):
        taken.wait()
        told = said(
            verb("rollback", "--site", "alpha", "--to", str(before), "--as", "operator", "--reason", "试", "--json")
        )
    made = SiteRelease.objects.get(tenant=site, cause=SiteRelease.Cause.ROLLED_BACK)
    assert told == {"release": made.sequence, "withheld": made.withheld}
    assert delivered(site, site_path(page)) is not None


def test_two_workers_at_one_site_make_one_after_the_other(site: Tenant):
    """Whoever is second leaves it to the first, who sees to what came meanwhile; no number is given twice."""
    with tenant_context(site):
        pages = [factories.live_article(title=f"两个进程同时生成{number}") for number in range(3)]
    outcomes: list[Any] = []

    def worker() -> None:
        outcomes.append(deliver(get_tenant("alpha"), everything=True))

    with beside(worker), beside(worker):
        worker()
    assert len(outcomes) == 3 and any(one is not None for one in outcomes)
    assert out_of_date(site) == [] and not Change.objects.filter(tenant=site).exists()
    for page in pages:
        assert page.title.encode() in (delivered(site, site_path(page)) or b"")
        assert page.title.encode() in (delivered(site, "/news/") or b"")
    numbers = list(SiteRelease.objects.filter(tenant=site).values_list("sequence", flat=True))
    assert len(numbers) == len(set(numbers))


def test_one_busy_site_keeps_no_other_from_being_baked(
    site: Tenant, own_database: str, verb: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivering, "IN_TURN_SECONDS", 0.0)
    with psycopg.connect(own_database, autocommit=True) as other:
        other.execute(_DELIVERY, [f"delivery:{site.pk}"])
        done = verb("bake", "--all", "--json")
        told = json.loads(done.stdout)
        assert done.returncode == 1 and len(told["faults"]) == 1 and site.full_name in told["faults"][0]
        assert told.keys() >= {"release", "files", "written", "seconds"} and told["files"] > 0
        refused = verb("bake", "--site", "alpha", "--json")
        assert refused.returncode == 3 and site.full_name in refused.stdout
    assert SiteRelease.objects.filter(tenant=get_tenant("beta")).exists()


def test_a_page_that_never_was_public_is_refused(site: Tenant, live: Any, verb: Any):
    for page in (999_999, -1):
        done = verb("bake", "--site", "alpha", f"--page={page}", "--json")
        assert done.returncode == 3 and "没有公开过编号为" in done.stdout, done.stdout
    assert not Change.objects.filter(tenant=site).exists()
    for way in (["--page", "x"], []):
        assert verb("bake", *(["--site", "alpha", *way] if way else [])).returncode == 2
    assert verb("bake", "--all", "--page", "1").returncode == 2
    unknown = verb("delivery_status", "--site", "nowhere", "--json")
    assert unknown.returncode == 3 and "没有代码为“nowhere”的站点" in unknown.stdout
