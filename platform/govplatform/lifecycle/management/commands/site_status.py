"""The verb ``site_status``: the state of a site, its notices and its applications."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.lifecycle.states.queries import site_status
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Show the state of a site with its notices and applications."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the site")

    def run(self, **options: Any) -> dict[str, Any]:
        return site_status(get_tenant(options["code"]))
