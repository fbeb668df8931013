"""The verb ``nginx_config``: write the front server's configuration for the hosts that the platform has now."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django_tenants.utils import schema_context

from govplatform.addresses.nginx import export_map
from govplatform.delivery.front.configuration import LEDGER, Installation, write_configuration
from govplatform.delivery.front.hosts import served_hosts
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Write a configuration for nginx with the present hosts; again after hosts or addresses have changed."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="/etc/nginx, or a folder to try")
        parser.add_argument("--root", type=Path, metavar="DIR", help="the published files; without: DELIVERY_ROOT")
        parser.add_argument("--port", type=int, default=80, metavar="P", help="where it listens; without: 80")
        parser.add_argument(
            "--application", default="127.0.0.1:8000", metavar="HOST:PORT", help="the web server behind it"
        )
        parser.add_argument(
            "--certificates", type=Path, metavar="DIR", help="fullchain.pem and privkey.pem, the same with console-"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        certificates = options["certificates"]
        place = Installation(
            out=options["out"].absolute(),
            root=(options["root"] or Path(settings.DELIVERY_ROOT)).absolute(),
            static=Path(settings.STATIC_ROOT).absolute(),
            port=options["port"],
            application=options["application"],
            certificates=certificates.absolute() if certificates else None,
        )
        with schema_context("public"):
            hosts = served_hosts()
            files = write_configuration(place, hosts)
            export_map(place.out / LEDGER)
        return {"hosts": hosts.count, "files": len(files), "left_out": hosts.left_out}
