"""The verb ``recall``: withdraw a resource from every site that shows it."""

from typing import Any

from django.core.management.base import CommandParser

from content_library.distribution.queries import recall_counts
from content_library.distribution.recalls.actions import recall_resource
from content_library.distribution.recalls.taking_down import take_down_receipts
from content_library.resources.queries import get_resource
from govplatform.accounts.queries import get_user
from govplatform.verbs import VerbCommand

_STEP = 10


class Command(VerbCommand):
    help = "Recall a resource: gone everywhere at once, with a receipt from each site."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", metavar="UUID")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user, resource = get_user(options["acting"]), get_resource(options["uuid"])
        recall = recall_resource(resource, acting_user=user, reason=options["reason"])
        # The verb works beside the worker: each receipt is handled by whichever comes first.
        ids = list(recall.receipts.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), _STEP):
            take_down_receipts(ids[start : start + _STEP])
            self.progress(min(start + _STEP, len(ids)), len(ids))
        counts = recall_counts([recall])[recall.pk]
        return {"recall": recall.pk, "sites": counts["total"], "confirmed": counts["confirmed"]}
