"""Jobs of the search: texts of attachments, and a look at what waits."""

import logging

from django_tasks import task
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from content_library.models import Resource
from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.jobs import enqueue

from .checking import CheckReport, check_engine, check_resources, check_search, check_site
from .engine import EngineError
from .engines.choosing import all_engines
from .indexing.actions import give_to_chosen, index_site
from .indexing.files import queue_unread_files, read_file_text
from .models import SearchDocument

logger = logging.getLogger("govplatform.search")


def tell_repaired(report: CheckReport) -> None:
    """Write into the log what was repaired, so that a line that is missing on the sheet does not go unseen."""
    for fault in report.faults:
        logger.warning("search was repaired: %(engine)s %(key)s %(problem)s", fault)


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
        if not SearchDocument.objects.exists() and Resource.objects.exists():
            # The search has come to a platform that was there before it.
            enqueue("search.tasks.bring_all_in_line", once="search.bring_all_in_line")


@task(queue_name="bulk")
def bring_all_in_line() -> None:
    """Write the documents of a platform that has none yet."""
    with schema_context("public"):
        check_search(repair=True)


@app.periodic(cron="23 2 * * *")
@app.task(name="govplatform.reconcile_search", queue="bulk", queueing_lock="reconcile_search", pass_context=False)
def reconcile_search(timestamp: int) -> None:
    """Compare library, documents and engines, every night, and repair what differs."""
    with schema_context("public"):
        report = CheckReport()
        check_resources(report, repair=True)
        for engine in all_engines():
            try:
                check_engine(engine, report, repair=True)
            except EngineError as problem:
                logger.warning("%s cannot be compared: %s", engine.name, problem)
        tell_repaired(report)


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
    tell_repaired(report)
