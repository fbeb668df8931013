"""The publisher as a process: it hears of changes, what comes down goes first, and killed it goes on where it was."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from govplatform.delivery.models import Change
from govplatform.delivery.queries import sites_behind
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT

from .looking import delivered, is_gone, out_of_date

_LONGEST_WAIT = 240


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"


@contextmanager
def publisher(database_url: str, root: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        "DELIVERY_ROOT": str(root),
        "RENDERING_HELPERS": "0",
    }
    process = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "run_publisher"], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(is_so: Callable[[], Any]) -> None:
    """Wait until ``is_so``; the machine may be busy, so the limit is far off."""
    deadline = time.monotonic() + _LONGEST_WAIT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_delivered(tenant: Tenant) -> bool:
    return not Change.objects.filter(tenant=tenant).exists() and not sites_behind(tenant.code)[0].is_whole


def test_it_hears_of_changes_and_goes_on_after_a_kill(live: Any, own_database: str, settings: Any):
    tenant, root = get_tenant("alpha"), settings.DELIVERY_ROOT
    with publisher(own_database, root) as process:
        until(lambda: is_delivered(tenant))
        assert out_of_date(tenant) == []
        with tenant_context(tenant):
            page = factories.live_article(title="发布进程测试")
        until(lambda: is_delivered(tenant))
        assert "发布进程测试".encode() in (delivered(tenant, site_path(page)) or b"")
        process.send_signal(signal.SIGKILL)
        process.wait()
    with tenant_context(tenant):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert not is_delivered(tenant)
    with publisher(own_database, root) as process:
        until(lambda: is_gone(tenant, site_path(page)))
        until(lambda: is_delivered(tenant))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=_LONGEST_WAIT) == 0
    assert out_of_date(tenant) == []


def test_verbs_of_delivery(live: Any, verb: Any):
    import json

    def said(*words: str) -> dict[str, Any]:
        done = verb(*words, "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    baked = said("bake", "--site", "alpha")
    assert baked["release"] >= 1 and baked["files"] == baked["written"] > 20
    again = said("bake", "--site", "alpha")
    assert again["written"] == 0
    page = live("article")
    assert said("bake", "--site", "alpha", "--page", str(page.pk))["written"] == 0
    releases = said("releases", "--site", "alpha")["releases"]
    assert releases[-1]["release"] == baked["release"] or releases[-1]["cause"] == "whole"
    status = said("delivery_status", "--site", "alpha")["sites"]
    assert [(row["site"], row["pending"]) for row in status] == [("alpha", 0)]
    refused = verb("rollback", "--site", "alpha", "--to", "9999", "--as", "operator", "--reason", "试", "--json")
    assert refused.returncode == 3 and "没有第 9999 号静态版本" in refused.stdout
    closed = verb("rollback", "--site", "alpha", "--to", "1", "--as", "alpha_editor", "--reason", "试", "--json")
    assert closed.returncode == 3 and "站点管理员" in closed.stdout
