"""The verb ``approve``: take the decision of the level that is due on an application of a site."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.applications.actions import decide_application
from govplatform.lifecycle.applications.queries import describe_outcome, get_application
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Approve or reject an application of a site at the level that is due."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("application", type=int, help="number of the application")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--reject", action="store_true", help="do not approve it")
        parser.add_argument("--opinion", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        # As it is now: whoever waits behind another shell does not decide the level after this one.
        found = get_application(options["application"])
        application = decide_application(
            found,
            acting_user=get_user(options["acting"]),
            approve=not options["reject"],
            opinion=options["opinion"],
            expected_step=found.step,
        )
        return describe_outcome(application)
