"""The verb ``restore_site``: bring a site back from its dump, under its own code or another."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.ending.describing import describe_restored
from govplatform.lifecycle.ending.restoring import Wish, restore_site
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Restore a site from its dump: as what it was, or under another code as a site that is being prepared."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the dump")
        parser.add_argument("--code", default="", help="another code: a new site, beside the one that was dumped")
        parser.add_argument("--host", default="", help="host for citizens, under another code")
        parser.add_argument("--console-host", default="", help="host of the console, under another code")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        wish = Wish(options["code"], options["host"], options["console_host"])
        tenant, work = restore_site(
            Path(options["file"]).absolute(), wish, acting_user=get_user(options["acting"]), verb="restore_site"
        )
        return describe_restored(tenant, work)
