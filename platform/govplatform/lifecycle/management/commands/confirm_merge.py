"""The verb ``confirm_merge``: the merge is final, and the source is retired."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.merge.actions import confirm_merge
from govplatform.lifecycle.merge.queries import get_merge
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Confirm a merge that was verified and announced, and retire the site that it closed."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("merge", type=int, help="number of the merge")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        merge = confirm_merge(get_merge(options["merge"]), acting_user=get_user(options["acting"]))
        return {"merge": merge.pk, "state": merge.state}
