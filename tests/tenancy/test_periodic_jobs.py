"""Every periodic job, one by one: a site that is broken keeps neither the job nor the other sites from being served."""

import asyncio
import inspect
import os
import subprocess
import sys
from unittest.mock import patch

import pytest
from procrastinate.contrib.django import app

from govplatform.tenancy import each_site as guard
from govplatform.tenancy.models import SiteFault, Tenant
from tests.database import ROOT

from .broken_sites import BROKEN, as_the_owner, third_site

#: What runs inside every site, and the name under which a failure is kept.
OVER_SITES = {
    "govplatform.publish_scheduled": "publish_scheduled",
    "govplatform.queue_lost_scans": "queue_lost_scans",
    "govplatform.rescan_due_sites": "rescan_due_sites",
    "govplatform.reconcile_site_search": "reconcile_site_search",
    "govplatform.sweep_pasted_pictures": "sweep_pasted_pictures",
    "govplatform.sweep_unmade_imports": "sweep_unmade_imports",
    "govplatform.forget_survey_senders": "forget_survey_senders",
}
#: What goes over the sites once for each kind of rows (``sites/retention.py``), and the name of its failures.
OVER_SITES_IN_TURNS = {"govplatform.erase_due_data": "erase_due_data"}
#: What runs inside the sites that owe something.
OVER_SOME_SITES = {
    "govplatform.remind_of_pushes",
    "govplatform.look_after_sites",
    "govplatform.send_daily_mails",
    "govplatform.erase_merged_data",
}
#: What enters no site: it reads and writes ``public`` alone, and what is to be done in a site is a job of that site.
IN_PUBLIC = {
    "govplatform.rescue_stalled_jobs",
    "govplatform.remove_old_jobs",
    "govplatform.anchor_chains",
    "govplatform.look_after_consequences",
    "govplatform.prune_consequences",
    "govplatform.remove_ended_sessions",
    "govplatform.remove_old_failures",
    "govplatform.remove_left_schemas",
    "govplatform.request_yearly_archives",
    "govplatform.look_after_pushes",
    "govplatform.harvest_due",
    "govplatform.look_after_search",
    "govplatform.reconcile_search",
    "govplatform.prune_search_statistics",
    "govplatform.renew_files",
    "govplatform.take_in_findings",
    "govplatform.fold_case_tally",
}


def periodic():
    return {name: task.task for (name, _id), task in app.periodic_registry.periodic_tasks.items()}


def run(task) -> None:
    if inspect.iscoroutinefunction(task.func):
        # The queue's own upkeep talks to the queue alone, through its connector.
        with (
            patch.object(app.job_manager, "get_stalled_jobs", _nothing),
            patch.object(app.job_manager, "delete_old_jobs", _nothing),
        ):
            asyncio.run(task.func(0))
    else:
        task.func(0)


async def _nothing(**_facts):
    return []


def test_every_periodic_job_stands_on_one_of_the_sheets():
    assert set(periodic()) == {*OVER_SITES, *OVER_SITES_IN_TURNS, *OVER_SOME_SITES, *IN_PUBLIC}


def test_a_worker_knows_every_one_of_them():
    """A process in which nothing was imported but what Django loads: a job that no worker knows is never done."""
    asked = "import django; django.setup(); from procrastinate.contrib.django import app;"
    asked += "print(*(name for name, _id in app.periodic_registry.periodic_tasks))"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    known = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert set(known.stdout.split()) == {*OVER_SITES, *OVER_SITES_IN_TURNS, *OVER_SOME_SITES, *IN_PUBLIC}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_site_stops_no_periodic_job_and_no_other_site(db, kind, subtests):
    gamma = third_site()
    as_the_owner(BROKEN[kind][0])
    sites = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE)
    assert gamma in sites
    for name, task in sorted(periodic().items()):
        with subtests.test(name):
            SiteFault.objects.all().delete()
            reports = []

            def each_site(*args, _reports=reports, **options):
                _reports.append(guard.each_site(*args, **options))
                return _reports[-1]

            with patch(f"{task.func.__module__}.each_site", each_site, create=True):
                run(task)
            if name in OVER_SITES_IN_TURNS:
                found = {(fault.tenant.code, fault.job) for fault in SiteFault.objects.all()}
                assert found <= {("beta", OVER_SITES_IN_TURNS[name])} and (found or kind != "schema")
                continue
            if name not in OVER_SITES:
                assert not SiteFault.objects.exists()
                continue
            [report] = reports
            served = {tenant.code for tenant, _result in report.done}
            broken = {failure.tenant.code for failure in report.failed}
            assert broken <= {"beta"}
            assert served | broken == {site.code for site in sites}
            assert {fault.job for fault in SiteFault.objects.all()} <= {OVER_SITES[name]}
            assert broken == {fault.tenant.code for fault in SiteFault.objects.filter(subject="")}
            # A site without its schema cannot be served by anything.
            assert broken or kind != "schema"
