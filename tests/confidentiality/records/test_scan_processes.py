"""Scans as processes: verbs, a kill half-way, two at once, and the walls between sites."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import psycopg
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.confidentiality.models import Disposition, Scan, ScannedFile
from govplatform.confidentiality.queries import find_finding, is_lost
from govplatform.review.findings.dispositions import dispose_finding
from govplatform.review.gate.scans import current_scan, scan_now
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.tasks import scan_page
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.attacks.test_two_at_once import at_once
from tests.confidentiality.records.records_content import article_with, attached, docx_with_comment, plain_docx
from tests.database import ROOT
from tests.documents_in.fictional import write_docx
from tests.factories import user


def answer(done: subprocess.CompletedProcess) -> dict:
    assert done.returncode in (0, 3), done.stderr[-2000:]
    return json.loads(done.stdout)


def submitted(page):
    submit_for_review(page, acting_user=user("alpha_editor"))
    return page


def test_the_verbs_find_it_refuse_and_let_it_pass(own_database, verb):
    with tenant_context(get_tenant("alpha")):
        page = submitted(article_with(docx_with_comment()))
    words = ["--site", "alpha", "--page", str(page.pk)]
    told = answer(verb("scan", *words, "--json"))
    assert told["state"] == "done"
    assert re.fullmatch(r"3:[0-9a-f]{64}", told["digest"])
    own, attachment = told["files"]
    assert own["attachment"] is None
    assert attachment["readable"] is True
    found = next(item for item in attachment["findings"] if item["rule"] == "id-card")
    assert (found["where"], found["severity"]) == ("comment 1", "block")

    way = ["review", *words, "--approve", "--opinion", "同意。", "--json"]
    assert answer(verb(*way, "--as", "alpha_content"))["next_step"] == "confidentiality"
    refused = verb(*way, "--as", "alpha_secret")
    assert refused.returncode == 3
    assert str(found["id"]) in "".join(answer(refused)["refused"])
    assert verb(*way, "--as", "alpha_secret", "--dispose", f"{found['id']}=ignored").returncode == 3
    assert verb(*way, "--as", "alpha_secret", "--dispose", "nonsense").returncode == 3
    done = verb(*way, "--as", "alpha_secret", "--dispose", f"{found['id']}=false-alarm")
    assert done.returncode == 0, done.stdout
    assert answer(done)["status"] == "live"


def test_an_import_that_submits_is_scanned_at_once(own_database, verb, tmp_path):
    path = write_docx(tmp_path / "通知.docx", ["关于开展检查的通知", "各有关单位：", "请按要求做好工作。"])
    done = verb(
        "import_documents",
        "--site",
        "alpha",
        "--column",
        "news",
        "--as",
        "alpha_editor",
        "--submit",
        str(path),
        "--json",
    )
    made = answer(done)["pages"][0]
    with tenant_context(get_tenant("alpha")):
        scans = Scan.objects.filter(page_id=made["id"])
        assert made["status"] != "in_review" or [scan.state for scan in scans] == ["done"]
        assert made["status"] == "in_review", done.stderr


def test_a_scan_that_was_killed_goes_on_where_it_was(own_database, monkeypatch):
    with tenant_context(get_tenant("alpha")):
        files = [factories.document(plain_docx(text), "a.docx", uploader="alpha_editor") for text in ("甲。", "乙。")]
        page = submitted(factories.draft_article(body=attached(*files)))
    environment = {**os.environ, "DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"}
    # The scan's last act is its entry in the site's chain: there it is held up until it is killed.
    with psycopg.connect(own_database) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(hashtext('audit:site_alpha'), 7)")
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "scan", "--site", "alpha", "--page", str(page.pk), "--json"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with tenant_context(get_tenant("alpha")):
            deadline = time.monotonic() + 90
            while ScannedFile.objects.count() < 2 and time.monotonic() < deadline:
                time.sleep(0.1)
            scan = current_scan(page)
            assert ScannedFile.objects.count() == 2
            assert scan.state == "running"
            assert not is_lost(scan)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    with tenant_context(get_tenant("alpha")):
        deadline = time.monotonic() + 30
        while not is_lost(scan) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert is_lost(scan)

        def refuse(*args):
            raise AssertionError("read a second time")

        monkeypatch.setattr("govplatform.confidentiality.running.read_file_guarded", refuse)
        scan_page.call(scan_id=scan.pk)
        scan.refresh_from_db()
        assert (scan.state, scan.failure) == ("done", "")
        assert scan.files.count() == 2


def test_two_scan_the_same_page_at_once(own_database):
    with tenant_context(get_tenant("alpha")):
        page = submitted(article_with(docx_with_comment()))
    assert at_once(lambda username: scan_now(page, acting_user=user(username)), ["alpha_editor", "alpha_content"]) == [
        "done",
        "done",
    ]
    with tenant_context(get_tenant("alpha")):
        scan = Scan.objects.get(page_id=page.pk)
        assert scan.state == "done"
        assert scan.findings.filter(rule="id-card").count() == 1


def test_two_reviewers_judge_the_same_finding(own_database):
    with tenant_context(get_tenant("alpha")):
        page = article_with(docx_with_comment())
        factories.submit(page)
        found = current_scan(page).findings.get(rule="id-card")
    at_once(
        lambda username: dispose_finding(found.pk, acting_user=user(username), verdict="false_alarm"),
        ["alpha_content", "both_content"],
    )
    with tenant_context(get_tenant("alpha")):
        assert {str(given.person) for given in Disposition.objects.filter(finding=found)} == {
            str(user("alpha_content")),
            str(user("both_content")),
        }


def test_another_site_knows_nothing_of_it(own_database):
    with tenant_context(get_tenant("alpha")):
        page = article_with(docx_with_comment())
        factories.submit(page)
        found = current_scan(page).findings.get(rule="id-card")
    with tenant_context(get_tenant("beta")):
        assert find_finding(found.pk) is None
        assert not Scan.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.confidentiality_scan')")
            assert cursor.fetchone()[0] is None
