"""The verb ``resolve``: what the ledger answers for an address, without a server."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.addresses.canonical import split_url
from govplatform.addresses.resolving import resolve_url
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Say what the ledger of addresses answers for an address (status, location, reason)."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", metavar="URL", help="a whole address: http(s)://host/path")

    def run(self, **options: Any) -> dict[str, Any]:
        if split_url(options["url"]) is None:
            raise CommandError(_("“%(url)s”不是完整的网址：请写成 http(s)://域名/路径。") % {"url": options["url"]})
        with schema_context("public"):
            answer = resolve_url(options["url"])
        return {"status": answer.status, "location": answer.location or None, "reason": answer.reason}
