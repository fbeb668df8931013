"""The jobs behind bulk changes of the classification."""

from django_tasks import task
from django_tenants.utils import schema_context

from ..vocabularies.models import Reclassification
from .reclassifying import run_reclassification, undo_reclassification


@task(queue_name="bulk")
def run_reclassification_job(order_id: int) -> None:
    """Carry out one Reclassification; the library lies in ``public``, whichever site asked."""
    with schema_context("public"):
        run_reclassification(_order(order_id))


@task(queue_name="bulk")
def undo_reclassification_job(order_id: int) -> None:
    """Undo one Reclassification."""
    with schema_context("public"):
        undo_reclassification(_order(order_id))


def _order(order_id: int) -> Reclassification:
    return Reclassification.objects.select_related("source", "target", "tenant").get(pk=order_id)
