"""The verb ``dump_site``: write a checked dump of a site that goes on as it is."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.ending.actions import dump_site
from govplatform.lifecycle.ending.describing import describe_dump
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Write a dump of one site, checked by building it again; the site goes on as it is."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the site")
        parser.add_argument("--out", metavar="DIR", help="folder for the dump (SITE_DUMPS_DIR without it)")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        folder = Path(options["out"]) if options["out"] else None
        work = dump_site(get_tenant(options["code"]), folder, acting_user=get_user(options["acting"]))
        return describe_dump(work)
