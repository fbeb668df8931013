"""The verb ``resolve``: what the ledger answers for an address, without a server."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import schema_context

from govplatform.addresses.resolving import resolve_url
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Say what the ledger of addresses answers for an address (status, location, reason)."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", metavar="URL", help="a whole address: http(s)://host/path")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            answer = resolve_url(options["url"])
        return {"status": answer.status, "location": answer.location or None, "reason": answer.reason}
