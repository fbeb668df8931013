"""The verb ``withdraw_application``: take back an application that has not taken effect."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.applications.actions import withdraw_application
from govplatform.lifecycle.applications.queries import describe_outcome, get_application
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Take back an application of a site that has not taken effect, whether it is decided or not."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("application", type=int, help="number of the application")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--reason", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        application = withdraw_application(
            get_application(options["application"]),
            acting_user=get_user(options["acting"]),
            reason=options["reason"],
        )
        return describe_outcome(application)
