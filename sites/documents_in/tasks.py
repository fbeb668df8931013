"""The job that imports a file uploaded in the console; the queue knows the site."""

import logging

from django_tasks import task

from govplatform.refusals import Busy, Refused

from .actions import run_import
from .models import ImportItem

logger = logging.getLogger("sites.documents_in")


@task(queue_name="bulk")
def import_item(item_id: int) -> None:
    """Import the file of one item. A finished item is left alone; a refusal is a result and not tried again."""
    item = ImportItem.objects.select_related("batch__started_by", "batch__column").filter(pk=item_id).first()
    if item is None or item.finished:
        return
    try:
        run_import(item)
    except Busy:
        # The queue tries again.
        raise
    except Refused as refusal:
        logger.info("import of item %s was refused: %s", item_id, refusal)
