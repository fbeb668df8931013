"""kill -9 of the process that carries: nothing is half there, and the next one goes on or takes it back."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.models import Merge
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT
from tests.lifecycle.life import retiring
from tests.lifecycle.merge.test_carrying import public_rows, state_of

#: Written while a merge runs or is undone: what was decided, and what the frozen site goes without.
_OF_THE_ACT = {"review_frameclearance", "taggit_tag"}


@pytest.fixture
def county(own_database):
    beta = get_tenant("beta")
    with tenant_context(beta):
        for number in range(6):
            factories.live_article("beta", title=f"第{number}号通知", slug=f"n{number}", picture=factories.image())
    retiring("beta")
    return own_database


def start(url, *words):
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"}
    command = [sys.executable, str(ROOT / "manage.py"), *words, "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def merge_site(url):
    return start(url, "merge_site", "beta", "alpha", "--as", "operator")


def states():
    connection.close()
    return state_of("site_alpha"), state_of("site_beta"), public_rows()


def differing(one, other):
    return {table for table in other if one.get(table) != other[table]} - _OF_THE_ACT


def is_moving():
    return Merge.objects.filter(state=Merge.State.MOVING).exclude(step="killed").exists()


def kill_at_random(county, times, seed, *, within=1.2):
    rng = random.Random(seed)
    before = states()
    killed = 0
    for _number in range(times):
        process = merge_site(county)
        while process.poll() is None and not is_moving():
            time.sleep(0.02)
        time.sleep(rng.uniform(0, within))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        # The next one is waited for until it has begun, not until this one has.
        Merge.objects.filter(state=Merge.State.MOVING).update(step="killed")
        connection.close()
        merge = Merge.objects.order_by("-pk").first()
        if merge is not None and merge.state == Merge.State.MOVED:
            break
        now = states()
        assert differing(now[0], before[0]) == set()
        assert differing(now[1], before[1]) == set()
        assert now[2] == before[2]
    if not Merge.objects.filter(state=Merge.State.MOVED).exists():
        out, errors = merge_site(county).communicate()
        told = json.loads(out)
        assert told.get("state") == "moved", (told, errors)
    connection.close()
    merge = Merge.objects.get(state=Merge.State.MOVED)
    assert find_merge_faults(merge)[1] == []
    return killed


def test_killed_twice_it_goes_on_from_the_beginning(county):
    # On a fast machine this merge takes half a second: the kills come early enough to meet it there too.
    assert kill_at_random(county, 2, seed=5, within=0.2) >= 1


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_killed_at_many_moments(county, seed):
    # It takes half a second where nothing else runs: the kills come while it is at work there too.
    assert kill_at_random(county, 8, seed, within=0.3) >= 1
