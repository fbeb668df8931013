"""The verb ``create_site``: open a new government site with its schema, hosts and first columns."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from govplatform.lifecycle.actions import BY_APPLICATION, NewSite, open_site
from govplatform.lifecycle.queries import sites_with_people
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Open a site."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        kinds = [k for k in Tenant.Kind.values if k != Tenant.Kind.CONSOLE]
        parser.add_argument("code", help="short latin label")
        parser.add_argument("--host", required=True, help="host for citizens")
        parser.add_argument("--console-host", required=True, help="host of the console, for staff")
        parser.add_argument("--name", required=True)
        parser.add_argument("--kind", required=True, choices=kinds)
        parser.add_argument("--level", required=True, choices=Tenant.Level.values)
        parser.add_argument("--identity-code", help="site identity code: ten characters")
        parser.add_argument("--parent", metavar="CODE", help="code of the superior site")
        parser.add_argument("--theme", default="", help="look of the public pages")
        parser.add_argument("--rule-pack", default="national", help="rule pack of the province")
        parser.add_argument("--short-name", default="", help="short name for lists")
        parser.add_argument("--organiser", default="", help="who runs the site")
        parser.add_argument("--undertaker", default="", help="who does the work for the organiser")
        parser.add_argument("--responsible-person", default="", help="the person responsible")
        parser.add_argument("--contact", default="", help="how citizens reach the organiser; shown in the footer")
        parser.add_argument("--icp-number", default="", help="ICP number")
        parser.add_argument("--police-record-number", default="", help="police record number")
        parser.add_argument(
            "--preparing",
            action="store_true",
            help="keep it preparing until its application to open is approved (verbs apply, approve)",
        )
        parser.add_argument("--reason", default="", help="why words stay that the scan doubts")

    def run(self, **options: Any) -> dict[str, Any]:
        new = NewSite(
            code=options["code"],
            host=options["host"],
            console_host=options["console_host"],
            full_name=options["name"],
            kind=options["kind"],
            level=options["level"],
            identity_code=options["identity_code"],
            parent_code=options["parent"],
            theme=options["theme"],
            rule_pack=options["rule_pack"],
            short_name=options["short_name"],
            organiser=options["organiser"],
            undertaker=options["undertaker"],
            responsible_person=options["responsible_person"],
            contact=options["contact"],
            icp_number=options["icp_number"],
            police_record_number=options["police_record_number"],
            words_reason=options["reason"],
            opens_by=BY_APPLICATION if options["preparing"] else "",
        )
        tenant, seconds = open_site(new, acting_user=None, verb="create_site")
        return {
            "code": tenant.code,
            "schema": tenant.schema_name,
            "host": tenant.public_host,
            "console_host": tenant.console_host,
            "people": len(sites_with_people([tenant.pk])),
            "seconds": round(seconds, 3),
        }

    def describe(self, result: dict[str, Any]) -> str:
        told = super().describe(result)
        if result["people"]:
            return told
        console = console_url(get_tenant(result["code"]))
        words = _("还没有人能登录这个站点的管理后台（%(console)s）：请在平台后台的“人员”里指定，或用命令 grant_role。")
        return f"{told}\n{words % {'console': console}}"
