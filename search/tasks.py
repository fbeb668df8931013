"""Jobs of the search: texts of attachments, and a look at what waits."""

import logging

from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.jobs import enqueue

from .checking import SITES, CheckReport, check_engine, check_resources, check_site, note_silent
from .engine import EngineError
from .engines.choosing import all_engines
from .indexing.actions import give_to_chosen, index_site
from .indexing.files import forget_unused_texts, queue_unread_files, read_file_text
from .models import Comparison
from .statistics.actions import prune_statistics
from .upkeep.actions import keep_report, run_comparison
from .upkeep.shapes import indices_behind, make_indices_anew

logger = logging.getLogger("govplatform.search")


@task(queue_name="default")
def read_file(sm3: str) -> None:
    """Read the text of an attachment, and write the documents again that have it."""
    with schema_context("public"):
        read_file_text(sm3)


@task(queue_name="publishing")
def index_sites(tenant_ids: list[int]) -> None:
    """Write the documents of these sites again, after one was merged into another or taken out of it."""
    with schema_context("public"):
        for tenant_id in tenant_ids:
            index_site(tenant_id)


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.look_after_search", queueing_lock="look_after_search", pass_context=False)
def look_after_search(timestamp: int) -> None:
    """Give engines, every minute, what they were not given when it was written, and queue files that nobody read."""
    with schema_context("public"):
        try:
            give_to_chosen()
        except EngineError as problem:
            # It stays behind, operators see how much, and the next minute tries again.
            logger.warning("the search engine does not answer: %s", problem)
        queue_unread_files()
        if any(not behind.at_work for behind in indices_behind()):
            # A new version of the platform has come, or the search to one that was there before it.
            enqueue("search.tasks.make_indices_anew_job", once="search.make_indices_anew")


@task(queue_name="bulk")
def make_indices_anew_job() -> None:
    """Make every index anew that is of another shape. Run again after a kill it goes on where it was."""
    with schema_context("public"):
        make_indices_anew()


@task(queue_name="bulk")
def run_comparison_job(comparison_id: int) -> None:
    """Do the comparison that an operator asked for. Run again after a kill it begins anew."""
    with schema_context("public"):
        run = Comparison.objects.filter(pk=comparison_id).first()
        if run is not None:
            run_comparison(run)


@app.periodic(cron="23 2 * * *")
@app.task(name="govplatform.reconcile_search", queue="bulk", queueing_lock="reconcile_search", pass_context=False)
def reconcile_search(timestamp: int) -> None:
    """Compare library, documents and engines, every night, and repair what differs."""
    with schema_context("public"):
        forget_unused_texts()
        report = CheckReport()
        check_resources(report, repair=True)
        for engine in all_engines():
            try:
                check_engine(engine, report, repair=True)
            except EngineError as problem:
                note_silent(engine, report, problem)
        keep_report(report, Comparison(nightly=True, repair=True))


@app.periodic(cron="43 2 * * *")
@app.task(
    name="govplatform.reconcile_site_search", queue="bulk", queueing_lock="reconcile_site_search", pass_context=False
)
def reconcile_site_search(timestamp: int) -> None:
    """Compare with every site, every night, what can be found there besides resources, and repair what differs."""
    report = CheckReport()
    outcome = each_site(
        lambda run: check_site(run.tenant, repair=True), job="reconcile_site_search", tenants=None, again=True
    )
    for _tenant, (_checked, faults) in outcome.done:
        report.faults += faults
    if not outcome.failed and not outcome.paused:
        report.whole.append(SITES)
    with schema_context("public"):
        keep_report(report, Comparison(nightly=True, repair=True))


@app.periodic(cron="13 3 * * *")
@app.task(name="govplatform.prune_search_statistics", queueing_lock="prune_search_statistics", pass_context=False)
def prune_search_statistics(timestamp: int) -> None:
    """Delete statistics that nobody can look back to any more; every night."""
    with schema_context("public"):
        prune_statistics()
