"""Our own second instance harvested by the first: real processes, real commits, a kill in the middle."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django_tenants.utils import tenant_context

from content_library.harvesting.models import HarvestSource
from content_library.models import Resource
from govplatform.tenancy.queries import get_tenant
from tests import database, factories

_PUBLISH = """
paper = factories.document(b"attachment bytes", "paper.txt", uploader="alpha_editor")
body = [
    {"type": "rich_text", "value": "<p>正文甲。</p>"},
    {"type": "attachment", "value": {"document": paper.pk, "title": "附件"}},
]
factories.publish(factories.draft_policy(title="对方的办法", body=body, document_kind="measures", subject_class="02"))
factories.live_article(title="对方的信息")
factories.draft_article(title="对方的草稿")
"""
_CORRECT = """
from sites.articles.models import Article
page = Article.objects.get(title="对方的信息")
page.title = "对方更正的信息"
page.save_revision(user=factories.user("alpha_editor"), log_action=True)
factories.publish(page)
"""
_WITHDRAW = """
from govplatform.review.submission.actions import withdraw_page
from sites.policies.models import PolicyDocument
withdraw_page(PolicyDocument.objects.get(), reason="对方的理由", acting_user=factories.user("alpha_content"))
"""


def settle(other, since, count):
    """The other platform gives out what it committed once no older transaction of its server is open."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if len(other.get(f"/api/library/changes?since={since}")["changes"]) >= count:
            return
        time.sleep(0.3)
    raise AssertionError("the changes that were waited for did not come")


@pytest.fixture
def harvest(verb, other):
    def run(*words, status=0):
        done = verb("harvest", other.url, *words, "--json")
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


def test_new_changed_withdrawn_and_once_more(other, harvest):
    other.do(_PUBLISH)
    settle(other, "", 2)
    first = harvest()
    assert (first["new"], first["changed"], first["withdrawn"], first["refused"]) == (2, 0, 0, [])
    policy = Resource.objects.get(title="对方的办法")
    assert (policy.status, policy.tenant, policy.subject_class) == ("imported", None, "02")
    assert policy.current.files.get().blob.size == len(b"attachment bytes")
    assert not Resource.objects.filter(title__contains="草稿").exists()

    again = harvest()
    assert (again["new"], again["changed"], again["withdrawn"], again["cursor"]) == (0, 0, 0, first["cursor"])
    whole = harvest("--since", "0-0", "--as", "operator")
    assert (whole["new"], whole["changed"], whole["withdrawn"], whole["skipped"]) == (0, 0, 0, 2)

    other.do(_CORRECT)
    settle(other, first["cursor"], 1)
    second = harvest("--since", first["cursor"])
    assert (second["new"], second["changed"], second["withdrawn"]) == (0, 1, 0)
    assert Resource.objects.get(title="对方更正的信息").versions.count() == 2

    other.do(_WITHDRAW)
    settle(other, second["cursor"], 1)
    third = harvest()
    assert (third["new"], third["changed"], third["withdrawn"]) == (0, 0, 1)
    policy.refresh_from_db()
    assert policy.is_withdrawn and "对方的理由" not in policy.status_reason
    assert "运维人员" in harvest("--as", "alpha_editor", status=3)["refused"][0]


@pytest.mark.soak
def test_killed_in_the_middle_it_goes_on(own_database, other, harvest):
    other.do("for number in range(8): factories.live_article(title=f'第{number}条')")
    settle(other, "", 8)
    environment = {
        **os.environ, "DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        "PYTHONPATH": os.pathsep.join([str(database.ROOT), str(database.ROOT / "platform")]),
    }  # fmt: skip
    slow = (
        "import django, sys, time; django.setup()\n"
        "from content_library.harvesting import actions\n"
        "actions.PAGE_OF_CHANGES = 2\n"
        "real = actions.take_in\n"
        "def slowly(*a, **k):\n    made = real(*a, **k); print('taken', flush=True); time.sleep(0.3); return made\n"
        "actions.take_in = slowly\n"
        "actions.harvest(actions.add_source('', sys.argv[1], acting_user=None))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", slow, other.url], env=environment, stdout=subprocess.PIPE)
    for _number in range(3):
        assert process.stdout is not None and process.stdout.readline() == b"taken\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    process.stdout.close()
    assert Resource.objects.count() == 2 and HarvestSource.objects.get().cursor != ""
    rest = harvest()
    assert (rest["new"], rest["changed"], Resource.objects.count()) == (6, 0, 8)


def test_ourselves_and_each_other(own_database, other, harvest, verb):
    with tenant_context(get_tenant("alpha")):
        factories.live_article(title="第一平台的信息")
    other.do(_PUBLISH)
    settle(other, "", 2)
    assert harvest()["new"] == 2
    # What is harvested here is not given on, so it never returns to where it came from.
    from django.test import Client

    found = Client(HTTP_HOST="alpha.localhost").get("/api/library/").json()["resources"]
    assert [one["title"] for one in found] == ["第一平台的信息"]


def test_nothing_there_is_refused_in_words(verb, own_database):
    done = verb("harvest", "http://127.0.0.1:9/", "--json")
    assert done.returncode == 3 and "失败" in json.loads(done.stdout)["refused"][0]
    for url in ("file:///etc/passwd", "ftp://x/", "http://u:p@x/"):
        assert verb("harvest", url, "--json").returncode == 3
    assert settings.HARVEST_LOCAL_HOSTS
