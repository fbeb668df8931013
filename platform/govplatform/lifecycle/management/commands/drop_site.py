"""The verb ``drop_site``: dump a retired site, check the dump, then drop its schema and remove its files."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.ending.actions import drop_site
from govplatform.lifecycle.ending.describing import describe_dump
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Dump a retired site into SITE_DUMPS_DIR, check the dump by building it again, then drop the site's schema."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the site")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        return describe_dump(drop_site(get_tenant(options["code"]), acting_user=get_user(options["acting"])))
