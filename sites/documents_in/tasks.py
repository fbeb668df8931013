"""The jobs of the import: a file uploaded in the console is read, then made a draft; what nobody wants any more goes.

The queue knows the site of a file's job.
"""

import logging

from django_tasks import task
from procrastinate.contrib.django import app

from govplatform.refusals import Busy, Refused
from govplatform.tenancy.each_site import each_site

from .confirming import sweep_unmade
from .drafting import read_item, run_import
from .models import ImportItem

logger = logging.getLogger("sites.documents_in")


@task(queue_name="bulk")
def import_item(item_id: int) -> None:
    """Read the file of one item, or make its draft, by its state. A refusal is a result and not tried again."""
    item = ImportItem.objects.select_related("batch__started_by", "batch__column").filter(pk=item_id).first()
    if item is None or item.rests:
        return
    try:
        if item.state == ImportItem.State.MAKING:
            run_import(item)
        else:
            read_item(item)
    except Busy:
        # The queue tries again.
        raise
    except Refused as refusal:
        logger.info("import of item %s was refused: %s", item_id, refusal)


@app.periodic(cron="17 3 * * *")
@app.task(name="govplatform.sweep_unmade_imports", queueing_lock="sweep_unmade_imports")
def sweep(timestamp: int) -> None:
    """Every night, site by site: files that were read and left go with their originals."""
    each_site(lambda _run: sweep_unmade(), job="sweep_unmade_imports")
