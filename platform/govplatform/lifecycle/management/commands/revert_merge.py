"""The verb ``revert_merge``: take back a merge that is not confirmed."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.merge.actions import revert_merge
from govplatform.lifecycle.merge.queries import get_merge
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Take a merge back: its rows leave the destination, and the source can be edited again."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("merge", type=int, help="number of the merge")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--reason", required=True)
        parser.add_argument(
            "--anyway",
            action="store_true",
            help="also when editors have changed the moved pages; those changes are lost",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        merge = revert_merge(
            get_merge(options["merge"]),
            acting_user=get_user(options["acting"]),
            reason=options["reason"],
            anyway=options["anyway"],
        )
        return {"merge": merge.pk, "state": merge.state, "lost": merge.counts.get("lost", [])}
