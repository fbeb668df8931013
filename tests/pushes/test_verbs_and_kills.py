"""The verbs as processes, a worker that is killed in the middle, and two that meet."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from content_library.distribution.models import PushTarget, RecallReceipt
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.queries import recall_status
from content_library.distribution.recalls.actions import recall_resource
from content_library.models import Repost, Resource
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.refusals import Refused
from tests import database, factories
from tests.reposts.conftest import corrected_at

from .conftest import deliver_all

_MORE_SITES = 6


def test_the_verbs_push_tell_recall_and_subscribe(own_database, live, verb):
    resource = live.resource("article")
    told = verb("push", str(resource.uuid), "--to", "level=county", "--as", "alpha_content", "--json")
    assert told.returncode == 0, told.stderr
    pushed = json.loads(told.stdout)
    assert pushed["targets"] == 1 and pushed["deadline"]
    row = json.loads(verb("push_status", str(resource.uuid), "--json").stdout)["targets"][0]
    assert {"site", "state", "page", "due", "late"} <= set(row) and row["state"] == "in_review"
    refused = verb("push", str(resource.uuid), "--to", "level=county", "--as", "alpha_editor", "--json")
    assert refused.returncode == 3 and json.loads(refused.stdout)["refused"]
    assert verb("push", str(resource.uuid), "--to", "planet=mars", "--as", "alpha_content").returncode == 3
    assert verb("push", str(resource.uuid), "--as", "alpha_content").returncode == 2
    asked = verb("subscribe", "--site", "beta", "--level", "city", "--as", "beta_editor", "--json")
    assert asked.returncode == 0 and json.loads(asked.stdout)["subscription"]
    assert verb("recall", str(resource.uuid), "--reason", "有误", "--as", "alpha_editor").returncode == 3
    recalled = verb("recall", str(resource.uuid), "--reason", "有误", "--as", "alpha_content", "--json")
    assert recalled.returncode == 0, recalled.stderr
    assert json.loads(recalled.stdout)["sites"] == 2
    status = json.loads(verb("recall_status", str(resource.uuid), "--json").stdout)
    assert status["complete"] is True
    assert {"site", "state", "addresses", "at"} <= set(status["receipts"][0])


@pytest.fixture
def more_sites(own_database):
    for number in range(_MORE_SITES):
        open_site(
            NewSite(
                code=f"county{number}", host=f"county{number}.localhost",
                console_host=f"county{number}.console.localhost", full_name=f"第{number}县人民政府", kind="portal",
                level="county", identity_code=f"53013{number}0001", parent_code="alpha",
            ),
            acting_user=None,
        )  # fmt: skip
    return own_database


_SLOW_WORKER = """
import os, sys, time
sys.path[:0] = [{platform!r}, {root!r}]
import django
django.setup()
from content_library.distribution.pushes import delivery
make = delivery._draft_for
def slowly(target, mappings):
    made = make(target, mappings)
    print(target.pk, flush=True)
    time.sleep(0.4)
    return made
delivery._draft_for = slowly
delivery.deliver([int(pk) for pk in sys.argv[1:]])
"""


def test_a_killed_job_is_resumed_and_makes_each_draft_once(more_sites, live):
    resource = live.resource("article")
    push = push_resource(resource, selector="level=county", acting_user=factories.user("alpha_content"))
    ids = list(push.targets.values_list("pk", flat=True))
    root = database.ROOT
    worker = subprocess.Popen(
        [sys.executable, "-c", _SLOW_WORKER.format(platform=str(root / "platform"), root=str(root)), *map(str, ids)],
        env={**os.environ, "DATABASE_URL": more_sites, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert worker.stdout is not None
    worker.stdout.readline(), worker.stdout.readline(), worker.stdout.readline()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    done = PushTarget.objects.filter(push=push, state="delivered").count()
    assert 1 <= done < len(ids)
    for _again in range(100):
        # the killed process's transaction ends when the server notices that it is gone
        deliver_all(push)
        if not PushTarget.objects.filter(push=push, state="waiting").exists():
            break
        time.sleep(0.1)
    assert PushTarget.objects.filter(push=push, state="delivered").count() == len(ids)
    per_site = Repost.objects.filter(resource=resource).values_list("tenant", flat=True)
    assert len(per_site) == len(set(per_site)) == len(ids)


def test_two_workers_share_a_push(more_sites, live):
    resource = live.resource("article")
    push = push_resource(resource, selector="level=county", acting_user=factories.user("alpha_content"))
    workers = [threading.Thread(target=_in_thread, args=(deliver_all, push)) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver_all(push)
    assert set(push.targets.values_list("state", flat=True)) == {"delivered"}
    per_site = Repost.objects.filter(resource=resource).values_list("tenant", flat=True)
    assert len(per_site) == len(set(per_site)) == push.total


def test_a_correction_and_a_recall_at_the_same_moment(own_database, live):
    from content_library.distribution.recalls.taking_down import take_down_receipts

    page, resource = live("mirror_source"), live.resource("mirror_source")
    errors = []

    def correct():
        try:
            corrected_at("alpha", page, title="更正")
        except Refused:
            errors.append("correction")

    def recall():
        try:
            recall_resource(resource, acting_user=factories.user("alpha_content"), reason="收回")
        except Refused:
            errors.append("recall")

    threads = [threading.Thread(target=_in_thread, args=(act,)) for act in (correct, recall)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    resource = Resource.objects.get(pk=resource.pk)
    if resource.is_withdrawn:
        take_down_receipts(list(RecallReceipt.objects.values_list("pk", flat=True)))
        assert recall_status(resource)["complete"] is True
        assert not Repost.objects.filter(resource=resource, state="live").exists()
    else:
        # Published anew after the recall, by its reviewers: the recall says that it ended so.
        assert RecallReceipt.objects.filter(recall__restored=False).count() == 0


def test_a_push_and_a_recall_at_the_same_moment(more_sites, live):
    from content_library.distribution.recalls.taking_down import take_down_receipts

    resource = live.resource("article")
    push = push_resource(resource, selector="level=county", acting_user=factories.user("alpha_content"))
    worker = threading.Thread(target=_in_thread, args=(deliver_all, push))
    worker.start()
    recall_resource(Resource.objects.get(pk=resource.pk), acting_user=factories.user("alpha_content"), reason="收回")
    worker.join()
    deliver_all(push)
    take_down_receipts(list(RecallReceipt.objects.values_list("pk", flat=True)))
    assert not Repost.objects.filter(resource=resource).exclude(state="withdrawn").exists()
    assert recall_status(resource)["complete"] is True
    assert set(push.targets.values_list("state", flat=True)) <= {"delivered", "refused"}


def _in_thread(act, *arguments):
    try:
        act(*arguments)
    finally:
        connection.close()
