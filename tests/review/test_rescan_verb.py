"""The verb as a process: what it prints, and what a kill leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg
from django_tenants.utils import tenant_context

from govplatform.confidentiality.models import Scan, ScannedFile
from govplatform.review.models import RescanFinding, RescanRun
from govplatform.review.rescans.queries import is_dead
from govplatform.review.rescans.tasks import rescan_site
from govplatform.tenancy.queries import get_tenant
from tests.database import ROOT
from tests.factories import live_article

from .rescan_content import forbid, old_attachment, old_page, rescan


def test_what_the_verb_prints(own_database, verb):
    with tenant_context(get_tenant("alpha")):
        page = old_page()
    with tenant_context(get_tenant("beta")):
        live_article("beta")
    forbid()
    done = verb("rescan", "--all", "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    alpha, beta = json.loads(done.stdout)["sites"]
    assert {name: alpha[name] for name in ("site", "pages", "scanned", "skipped", "failed", "findings", "new")} == {
        "site": "alpha",
        "pages": 1,
        "scanned": 1,
        "skipped": 0,
        "failed": 0,
        "findings": 1,
        "new": 1,
    }
    assert (beta["site"], beta["scanned"], beta["new"]) == ("beta", 1, 0)
    again = json.loads(verb("rescan", "--site", "alpha", "--since", "2020-01-01", "--json").stdout)["sites"][0]
    assert (again["scanned"], again["skipped"], again["new"]) == (0, 1, 0)
    with tenant_context(get_tenant("alpha")):
        assert RescanFinding.objects.get().page_id == page.pk


def test_wrong_words_and_unknown_sites(own_database, verb):
    assert verb("rescan", "--json").returncode == 2
    assert verb("rescan", "--site", "alpha", "--all").returncode == 2
    assert verb("rescan", "--all", "--since", "gestern").returncode == 2
    for code in ("nowhere", "console"):
        refused = verb("rescan", "--site", code, "--json")
        assert refused.returncode == 3
        assert json.loads(refused.stdout)["refused"]


def test_a_run_that_is_killed_goes_on_without_scanning_twice(own_database, verb):
    alpha = get_tenant("alpha")
    with tenant_context(alpha):
        first, second, third = old_page(), old_attachment(), old_page()
        forbid()
        before = Scan.objects.count()
    environment = {**os.environ, "DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"}
    command = [sys.executable, str(ROOT / "manage.py"), "rescan", "--site", "alpha", "--json"]
    # The second page is scanned, and cannot enter the list: its row is held until the process is killed.
    with psycopg.connect(own_database) as holder:
        holder.execute(f"SELECT 1 FROM {alpha.schema_name}.wagtailcore_page WHERE id = {second.pk} FOR NO KEY UPDATE")
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with tenant_context(alpha):
            until(lambda: Scan.objects.filter(page_id=second.pk, purpose="rescan", state="done").exists())
            assert rescanned(first) == "done"
            run = RescanRun.objects.get()
            assert (run.state, run.pages, run.scanned) == ("running", 3, 1)
            assert not is_dead(run)
            busy = verb("rescan", "--site", "alpha", "--json")
            assert busy.returncode == 3
            assert "正在回溯扫描" in busy.stdout
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    with tenant_context(alpha):
        until(lambda: is_dead(run))
        finished = dict(Scan.objects.filter(state="done").values_list("pk", "finished_at"))
        files = list(ScannedFile.objects.values_list("pk", flat=True))
        done = rescan(alpha)
        assert (done.pages, done.scanned, done.skipped, done.new) == (3, 1, 2, 2)
        assert rescanned(third) == "done"
        assert Scan.objects.count() == before + 3
        assert finished.items() <= dict(Scan.objects.values_list("pk", "finished_at")).items()
        assert list(ScannedFile.objects.values_list("pk", flat=True)) == files
        run.refresh_from_db()
        assert run.state == "broken"
        assert RescanFinding.objects.count() == 3


def test_a_job_whose_worker_was_killed_goes_on(own_database):
    alpha = get_tenant("alpha")
    with tenant_context(alpha):
        old_page()
        forbid()
        rescan(alpha)
        old_page("<p>无关。</p>")
        run = RescanRun.objects.get()
        RescanRun.objects.update(state="running", finished_at=None)
        rescan_site.call(run_id=run.pk)
        run.refresh_from_db()
        assert (run.state, run.pages, run.scanned, run.skipped) == ("done", 2, 0, 2)


def rescanned(page):
    return Scan.objects.get(page_id=page.pk, purpose="rescan").state


def until(true):
    deadline = time.monotonic() + 90
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert true()
