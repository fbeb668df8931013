"""Which files a source has delivered: the name of a file is no proof of having it.

The SM3 of a file stands in lists that anybody can read. A source that names one gets these bytes into its own resource
only if it sent them itself, or sent them before and still shows them here (decision 033).
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from ..models import Blob, Resource, ResourceFile
from ..resources.showing import may_be_shown
from .models import DeliveredFile, HarvestSource


def reusable_files(source: HarvestSource, wanted: Iterable[str], beside: Collection[UUID] = ()) -> set[str]:
    """Return those SM3 of ``wanted`` whose bytes need not be fetched from ``source`` once more.

    It delivered them before, one of its resources shows them now, and no resource of any origin was withdrawn with
    them: what was taken back comes back by delivery, never by its name. ``beside``: uuids of resources that change
    in the same transaction, so that nothing can be built on them.
    """
    named = set(wanted)
    shown = Resource.objects.filter(may_be_shown(), harvested__source=source).exclude(uuid__in=beside)
    sent = DeliveredFile.objects.filter(source=source, blob__in=named)
    held = set(sent.filter(blob__uses__version__in=shown.values("current_id")).values_list("blob_id", flat=True))
    leaving = ~may_be_shown("version__resource__") | Q(version__resource__uuid__in=beside)
    return held - set(ResourceFile.objects.filter(leaving, blob__in=held).values_list("blob_id", flat=True))


def note_delivered(source: HarvestSource, sent: Iterable[str]) -> None:
    """Note that ``source`` sent these bytes; call in the transaction that stores them."""
    stored = Blob.objects.filter(pk__in=set(sent)).values_list("pk", flat=True)
    rows = [DeliveredFile(source=source, blob_id=sm3) for sm3 in sorted(stored)]
    DeliveredFile.objects.bulk_create(rows, ignore_conflicts=True)
