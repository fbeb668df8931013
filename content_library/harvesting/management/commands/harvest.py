"""The verb ``harvest URL``: import what another platform offers."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from content_library.harvesting.actions import add_source, base_url, harvest
from content_library.harvesting.models import HarvestSource
from content_library.harvesting.queries import find_source, result_of
from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Harvest another platform's library incrementally; goes on where the last run ended."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", metavar="URL", help="the platform, or its /api/library/")
        parser.add_argument("--since", metavar="CURSOR", help="instead of the kept position; '' from the beginning")
        parser.add_argument("--as", dest="acting", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        acting_user = get_user(options["acting"]) if options["acting"] else None
        if options["since"] and (len(options["since"]) > 200 or not options["since"].isprintable()):
            raise Refused(_("变更位置无效，请留空以从头开始。"))
        source = find_source(base_url(options["url"])) or add_source(
            "", options["url"], acting_user=acting_user, state=HarvestSource.State.PAUSED
        )
        return result_of(harvest(source, acting_user=acting_user, since=options["since"], progress=self.progress))
